using System.Numerics;

namespace VemKernels.Device;

/// <content>Products and triangular solves.</content>
public abstract partial class DeviceBackend
{
    /// <summary>
    /// Rows of a triangular block that one kernel solves: 32 x 32 doubles are the 8 KB that any device has.
    /// </summary>
    private const int TrsmBlock = 32;

    /// <summary>Columns that a work-group solves.</summary>
    private const int TrsmGroup = 64;

    /// <summary>
    /// Rows of a strip of a symmetric product, of which what lies above the diagonal is not computed.
    /// </summary>
    private const int SyrkStrip = 512;

    private static readonly string TrsmDefinitions = $"-D TRSM_BLOCK={TrsmBlock} -D TRSM_GROUP={TrsmGroup}";

    /// <inheritdoc/>
    public void Gemm<T>(double alpha, DeviceView<T> A, DeviceView<T> B, double beta, DeviceView<T> C)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Shapes.Require(B, A.Columns, C.Columns, nameof(B));
        Shapes.Require(C, A.Rows, B.Columns, nameof(C));
        if (IsHosted<T>())
        {
            Host.Gemm(alpha, OnHost(A, nameof(A)), OnHost(B, nameof(B)), beta, OnHost(C, nameof(C)));
            return;
        }

        Gemm<T>(alpha, OnDevice(A, nameof(A)), OnDevice(B, nameof(B)), beta, OnDevice(C, nameof(C)));
    }

    /// <inheritdoc/>
    public void Syrk<T>(double alpha, DeviceView<T> A, double beta, DeviceView<T> C)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Shapes.Require(C, A.Rows, A.Rows, nameof(C));
        if (IsHosted<T>())
        {
            Host.Syrk(alpha, OnHost(A, nameof(A)), beta, OnHost(C, nameof(C)));
            return;
        }

        Syrk<T>(alpha, OnDevice(A, nameof(A)), beta, OnDevice(C, nameof(C)));
    }

    /// <inheritdoc/>
    public void Trsm<T>(Triangle triangle, bool unitDiagonal, DeviceView<T> A, DeviceView<T> B)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Shapes.RequireSquare(A, nameof(A));
        Shapes.Require(B, A.Rows, B.Columns, nameof(B));
        if (IsHosted<T>())
        {
            Host.Trsm(triangle, unitDiagonal, OnHost(A, nameof(A)), OnHost(B, nameof(B)));
            return;
        }

        Trsm<T>(triangle, unitDiagonal, OnDevice(A, nameof(A)), OnDevice(B, nameof(B)));
    }

    /// <summary>Solves A X = B in place of B, as <see cref="IBackend.Trsm"/> says.</summary>
    private protected virtual void Trsm<T>(Triangle triangle, bool unitDiagonal, BufferView a, BufferView b)
        where T : unmanaged
    {
        if (b.IsEmpty)
        {
            return;
        }

        if (triangle == Triangle.Upper)
        {
            (a, b) = (a.Reversed, b.RowsReversed);
        }

        for (nint first = 0; first < b.Rows; first += TrsmBlock)
        {
            nint rows = Math.Min(TrsmBlock, b.Rows - first);
            BufferView block = b.SliceRows(first, rows);
            if (first > 0)
            {
                Gemm<T>(-1, a.Block(first, 0, rows, first), b.SliceRows(0, first), 1, block);
            }

            TrsmBlocks<T>(unitDiagonal, a.Block(first, first, rows, rows), 0, block, 0, count: 1);
        }
    }

    /// <summary>Solves one block of rows, of each matrix of a stack.</summary>
    private void TrsmBlocks<T>(bool unitDiagonal, BufferView l, nint strideL, BufferView b, nint strideB, int count)
        where T : unmanaged
    {
        KernelCall call = Call<T>("trsm", "trsm", TrsmDefinitions);
        call.Flag(unitDiagonal);
        call.View(l);
        call.Size(strideL);
        call.View(b);
        call.Size(strideB);
        call.Int((int)l.Rows);
        call.Size(b.Columns);
        call.Run(((b.Columns + TrsmGroup - 1) / TrsmGroup, count, 1), (TrsmGroup, 1, 1));
    }

    private protected void Gemm<T>(double alpha, BufferView a, BufferView b, double beta, BufferView c)
        where T : unmanaged
    {
        if (c.IsEmpty)
        {
            return;
        }

        if (c.IsColumnMajor)
        {
            (a, b, c) = (b.Transposed, a.Transposed, c.Transposed);
        }

        Product<T>(alpha, a, b, beta, c);
    }

    /// <summary>
    /// C = alpha A B + beta C, where C is neither empty nor column-major; the product may have no terms.
    /// </summary>
    private protected virtual void Product<T>(double alpha, BufferView a, BufferView b, double beta, BufferView c)
        where T : unmanaged => GemmBatch<T>(alpha, a, 0, b, 0, beta, c, 0, count: 1);

    /// <summary>
    /// One product for each matrix of a stack: the views are of the first, the strides lead to the next.
    /// </summary>
    private protected virtual void GemmBatch<T>(
        double alpha, BufferView a, nint strideA, BufferView b, nint strideB, double beta, BufferView c, nint strideC,
        int count)
        where T : unmanaged
    {
        if (c.IsEmpty)
        {
            return;
        }

        GemmTuning tuning = typeof(T) == typeof(float) ? _gemmSingle : _gemmDouble;
        KernelCall call = Call<T>(GemmTuning.Source, "gemm", tuning.Definitions);
        call.Real<T>(alpha);
        call.View(a);
        call.Size(strideA);
        call.View(b);
        call.Size(strideB);
        call.Real<T>(beta);
        call.View(c);
        call.Size(strideC);
        call.Size(c.Rows);
        call.Size(c.Columns);
        call.Size(a.Columns);
        call.Run(
            ((c.Columns + tuning.TileN - 1) / tuning.TileN, (c.Rows + tuning.TileM - 1) / tuning.TileM, count),
            (tuning.GroupX, tuning.GroupY, 1));
    }

    /// <summary>C = alpha A A' + beta C, both triangles.</summary>
    private protected virtual void Syrk<T>(double alpha, BufferView a, double beta, BufferView c)
        where T : unmanaged
    {
        for (nint first = 0; first < c.Rows; first += SyrkStrip)
        {
            nint rows = Math.Min(SyrkStrip, c.Rows - first);
            Gemm<T>(alpha, a.SliceRows(first, rows), a.SliceRows(0, first + rows).Transposed, beta,
                c.Block(first, 0, rows, first + rows));
        }

        Mirror<T>(c);
    }

    /// <summary>The lower triangle of a square matrix mirrored to the upper one.</summary>
    private protected void Mirror<T>(BufferView c)
        where T : unmanaged
    {
        KernelCall call = Call<T>("elementwise", "mirror");
        call.View(c);
        call.Size(c.Rows);
        call.Size(c.Columns);
        call.RunColumns(c.Rows, c.Columns);
    }
}
