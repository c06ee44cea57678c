using System.Numerics;

namespace VemKernels.Device;

/// <content>Pairwise kernels: products and an epilogue; distances for the rbf kernel.</content>
public abstract partial class DeviceBackend
{
    /// <summary>Rows of a kernel between looks at the cancellation.</summary>
    private const int PairwiseStrip = 1024;

    /// <inheritdoc/>
    public void PairwiseKernel<T>(
        KernelFunction function, DeviceView<T> A, DeviceView<T> B, DeviceView<T> K,
        CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Shapes.Require(B, B.Rows, A.Columns, nameof(B));
        Shapes.Require(K, A.Rows, B.Rows, nameof(K));
        if (IsHosted<T>())
        {
            Host.PairwiseKernel(function, OnHost(A, nameof(A)), OnHost(B, nameof(B)), OnHost(K, nameof(K)),
                cancellation);
            return;
        }

        BufferView a = OnDevice(A, nameof(A));
        BufferView b = OnDevice(B, nameof(B));
        BufferView k = OnDevice(K, nameof(K));
        PairwiseKernel<T>(function, a, b, k, cancellation);
        if (a == b && MirrorsProducts)
        {
            Mirror<T>(k);
        }
    }

    /// <summary>
    /// Whether A A', formed as a product, may differ from its transpose in the last bits: the shared kernel adds in one
    /// order, a vendor's library does not promise to.
    /// </summary>
    private protected virtual bool MirrorsProducts => false;

    private void PairwiseKernel<T>(
        KernelFunction function, BufferView a, BufferView b, BufferView k, CancellationToken cancellation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        cancellation.ThrowIfCancellationRequested();
        if (function.Kind == KernelKind.Cosine)
        {
            Cosine<T>(a, b, k, cancellation);
            return;
        }

        if (function.Kind == KernelKind.Rbf && HasDouble && !a.IsEmpty && !b.IsEmpty)
        {
            RbfOfProducts<T>(function.Gamma, a, b, k, cancellation);
            return;
        }

        for (nint first = 0; first < k.Rows; first += PairwiseStrip)
        {
            cancellation.ThrowIfCancellationRequested();
            nint rows = Math.Min(PairwiseStrip, k.Rows - first);
            BufferView part = a.SliceRows(first, rows);
            BufferView into = k.SliceRows(first, rows);
            if (function.Kind == KernelKind.Rbf)
            {
                Rbf<T>(function.Gamma, part, b, into);
                continue;
            }

            Gemm<T>(1, part, b.Transposed, 0, into);
            Epilogue<T>(function, into);
        }
    }

    private void Epilogue<T>(KernelFunction function, BufferView k)
        where T : unmanaged
    {
        if (function.Kind == KernelKind.Linear)
        {
            return;
        }

        KernelCall call = Call<T>("pairwise", "epilogue");
        call.Int((int)function.Kind);
        call.Real<T>(function.Gamma);
        call.Real<T>(function.Coef0);
        call.Real<T>(function.Degree);
        call.View(k);
        call.Size(k.Rows);
        call.Size(k.Columns);
        call.RunColumns(k.Rows, k.Columns);
    }

    private void Rbf<T>(double gamma, BufferView a, BufferView b, BufferView k)
        where T : unmanaged
    {
        KernelCall call = Call<T>("pairwise", "rbf");
        call.Accumulator(gamma);
        call.View(a);
        call.View(b);
        call.View(k);
        call.Size(a.Columns);
        call.Size(k.Rows);
        call.Size(k.Columns);
        call.RunColumns(k.Rows, k.Columns);
    }

    /// <summary>
    /// The rbf kernel from products in double of features that one common row has been subtracted from.
    /// </summary>
    private void RbfOfProducts<T>(
        double gamma, BufferView a, BufferView b, BufferView k, CancellationToken cancellation)
        where T : unmanaged
    {
        bool same = a == b;
        nint features = a.Columns;
        using Scratch means = Rent<double>(1, features);
        ColumnMeans<T>("pairwise", "finite_means", b, means.View);
        using Scratch shiftedB = Rent<double>(b.Rows, features);
        using Scratch lengthsB = Rent<double>(1, b.Rows);
        Shift<T>(b, means.View, shiftedB.View, lengthsB.View);
        nint strip = Math.Min(Math.Min(PairwiseStrip, ColumnTile<double>(b.Rows, k.Rows)), k.Rows);
        using Scratch shiftedA = Rent<double>(strip, features);
        using Scratch lengthsA = Rent<double>(1, strip);
        using Scratch products = Rent<double>(strip, b.Rows);
        for (nint first = 0; first < k.Rows; first += strip)
        {
            cancellation.ThrowIfCancellationRequested();
            nint rows = Math.Min(strip, k.Rows - first);
            BufferView left = shiftedA.View.SliceRows(0, rows);
            BufferView lengths = lengthsA.View.SliceColumns(0, rows);
            BufferView g = products.View.SliceRows(0, rows);
            Shift<T>(a.SliceRows(first, rows), means.View, left, lengths);
            Gemm<double>(1, left, shiftedB.View.Transposed, 0, g);
            KernelCall call = Call<T>("pairwise", "rbf_of_products");
            call.Flag(same);
            call.Size(first);
            call.Accumulator(gamma);
            call.View(g);
            call.View(lengths);
            call.View(lengthsB.View);
            call.View(k.SliceRows(first, rows));
            call.Size(rows);
            call.Size(k.Columns);
            call.RunColumns(rows, k.Columns);
        }
    }

    /// <summary>shifted = A - 1 means, and the squared lengths of its rows.</summary>
    private void Shift<T>(BufferView a, BufferView means, BufferView shifted, BufferView lengths)
        where T : unmanaged
    {
        KernelCall call = Call<T>("pairwise", "shift_rows");
        call.View(a);
        call.View(means);
        call.View(shifted);
        call.Size(a.Rows);
        call.Size(a.Columns);
        call.RunColumns(a.Rows, a.Columns);

        PairsOfColumns<double>("column_dots", shifted.Transposed, shifted.Transposed, lengths);
    }

    private void Cosine<T>(BufferView a, BufferView b, BufferView k, CancellationToken cancellation)
        where T : unmanaged
    {
        bool same = a == b;
        using Scratch ofA = Rent<T>(a.Rows, a.Columns);
        using Scratch ofB = Rent<T>(same ? 0 : b.Rows, b.Columns);
        Directions<T>(a, ofA.View);
        if (!same)
        {
            Directions<T>(b, ofB.View);
        }

        cancellation.ThrowIfCancellationRequested();
        Gemm<T>(1, ofA.View, (same ? ofA.View : ofB.View).Transposed, 0, k);
        if (same && k.Rows > 0)
        {
            KernelCall call = Call<T>("pairwise", "cosine_diagonal");
            call.View(k);
            call.Size(k.Rows);
            call.RunColumns(1, k.Rows);
        }
    }

    private void Directions<T>(BufferView a, BufferView directions)
        where T : unmanaged
    {
        KernelCall call = Call<T>("pairwise", "directions");
        call.View(a);
        call.View(directions);
        call.Size(a.Columns);
        call.Size(a.Rows);
        call.RunColumns(1, a.Rows);
    }
}
