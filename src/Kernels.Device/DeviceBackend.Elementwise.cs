using System.Numerics;

namespace VemKernels.Device;

/// <content>Elementwise operations.</content>
public abstract partial class DeviceBackend
{
    /// <inheritdoc/>
    public void AddScaled<T>(double alpha, DeviceView<T> A, DeviceView<T> B)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Shapes.Require(B, A.Rows, A.Columns, nameof(B));
        if (IsHosted<T>())
        {
            Host.AddScaled(alpha, OnHost(A, nameof(A)), OnHost(B, nameof(B)));
            return;
        }

        BufferView a = OnDevice(A, nameof(A));
        BufferView b = OnDevice(B, nameof(B));
        if (b.IsColumnMajor)
        {
            (a, b) = (a.Transposed, b.Transposed);
        }

        AddScaled<T>(alpha, a, b);
    }

    /// <inheritdoc/>
    public void AddDiagonal<T>(DeviceView<T> A, double value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (IsHosted<T>())
        {
            Host.AddDiagonal(OnHost(A, nameof(A)), value);
            return;
        }

        BufferView diagonal = OnDevice(A, nameof(A)).Diagonal;
        KernelCall call = Call<T>("elementwise", "add_value");
        call.Real<T>(value);
        call.View(diagonal);
        call.Size(diagonal.Rows);
        call.Size(diagonal.Columns);
        call.RunColumns(diagonal.Rows, diagonal.Columns);
    }

    /// <inheritdoc/>
    public void Scale<T>(DeviceView<T> A, DeviceView<T>? rowFactors, DeviceView<T>? columnFactors, DeviceView<T> B)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Shapes.Require(B, A.Rows, A.Columns, nameof(B));
        if (IsHosted<T>())
        {
            Host.Scale(
                OnHost(A, nameof(A)), OnHost(rowFactors, nameof(rowFactors)),
                OnHost(columnFactors, nameof(columnFactors)),
                OnHost(B, nameof(B)));
            return;
        }

        BufferView a = OnDevice(A, nameof(A));
        BufferView b = OnDevice(B, nameof(B));
        BufferView r = Row(rowFactors, A.Rows, a, nameof(rowFactors));
        BufferView c = Row(columnFactors, A.Columns, a, nameof(columnFactors));
        Scale<T>(a, rowFactors is null ? null : r, columnFactors is null ? null : c, b);
    }

    /// <inheritdoc/>
    public void Multiply<T>(DeviceView<T> A, DeviceView<T> W, DeviceView<T> B)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Shapes.Require(W, A.Rows, A.Columns, nameof(W));
        Shapes.Require(B, A.Rows, A.Columns, nameof(B));
        if (IsHosted<T>())
        {
            Host.Multiply(OnHost(A, nameof(A)), OnHost(W, nameof(W)), OnHost(B, nameof(B)));
            return;
        }

        BufferView a = OnDevice(A, nameof(A));
        BufferView w = OnDevice(W, nameof(W));
        BufferView b = OnDevice(B, nameof(B));
        if (b.IsColumnMajor)
        {
            (a, w, b) = (a.Transposed, w.Transposed, b.Transposed);
        }

        KernelCall call = Call<T>("elementwise", "multiply");
        call.View(a);
        call.View(w);
        call.View(b);
        call.Size(b.Rows);
        call.Size(b.Columns);
        call.RunColumns(b.Rows, b.Columns);
    }

    /// <inheritdoc/>
    public void SubtractRow<T>(DeviceView<T> A, DeviceView<T> row)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Shapes.Require(row, 1, A.Columns, nameof(row));
        if (IsHosted<T>())
        {
            Host.SubtractRow(OnHost(A, nameof(A)), OnHost(row, nameof(row)));
            return;
        }

        BufferView a = OnDevice(A, nameof(A));
        BufferView subtracted = OnDevice(row, nameof(row));
        KernelCall call = Call<T>("elementwise", "subtract_row");
        call.View(subtracted);
        call.View(a);
        call.Size(a.Rows);
        call.Size(a.Columns);
        call.RunColumns(a.Rows, a.Columns);
    }

    /// <inheritdoc/>
    public void CombineColumns<T>(DeviceView<T> A, DeviceView<T>? aFactors, DeviceView<T>? bFactors, DeviceView<T> B)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Shapes.Require(B, A.Rows, A.Columns, nameof(B));
        if (IsHosted<T>())
        {
            Host.CombineColumns(
                OnHost(A, nameof(A)), OnHost(aFactors, nameof(aFactors)), OnHost(bFactors, nameof(bFactors)),
                OnHost(B, nameof(B)));
            return;
        }

        BufferView a = OnDevice(A, nameof(A));
        BufferView b = OnDevice(B, nameof(B));
        BufferView ofA = Row(aFactors, A.Columns, a, nameof(aFactors));
        BufferView ofB = Row(bFactors, A.Columns, a, nameof(bFactors));
        KernelCall call = Call<T>("elementwise", "combine_columns");
        call.Flag(aFactors is not null);
        call.Flag(bFactors is not null);
        call.View(a);
        call.View(ofA);
        call.View(ofB);
        call.View(b);
        call.Size(b.Rows);
        call.Size(b.Columns);
        call.RunColumns(b.Rows, b.Columns);
    }

    /// <summary>B(i, j) = r(0, i) A(i, j) c(0, j), the factors as rows; null for ones.</summary>
    private void Scale<T>(BufferView a, BufferView? r, BufferView? c, BufferView b)
        where T : unmanaged
    {
        if (b.IsColumnMajor)
        {
            (a, r, c, b) = (a.Transposed, c, r, b.Transposed);
        }

        KernelCall call = Call<T>("elementwise", "scale");
        call.Flag(r is not null);
        call.Flag(c is not null);
        call.View(a);
        call.View(r ?? a);
        call.View(c ?? a);
        call.View(b);
        call.Size(b.Rows);
        call.Size(b.Columns);
        call.RunColumns(b.Rows, b.Columns);
    }

    /// <summary>B += alpha A, where B is not column-major.</summary>
    private protected virtual void AddScaled<T>(double alpha, BufferView a, BufferView b)
        where T : unmanaged
    {
        KernelCall call = Call<T>("elementwise", "add_scaled");
        call.Real<T>(alpha);
        call.View(a);
        call.View(b);
        call.Size(b.Rows);
        call.Size(b.Columns);
        call.RunColumns(b.Rows, b.Columns);
    }
}
