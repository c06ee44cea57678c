using System.Numerics;

namespace VemKernels.OpenCL;

/// <content>Pairwise kernels: products and an epilogue; distances for the rbf kernel.</content>
public sealed partial class OpenClBackend
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
        cancellation.ThrowIfCancellationRequested();
        if (function.Kind == KernelKind.Cosine)
        {
            Cosine<T>(a, b, k, cancellation);
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

        using KernelCall call = Call<T>("pairwise", "epilogue");
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
        using KernelCall call = Call<T>("pairwise", "rbf");
        call.Accumulator(gamma);
        call.View(a);
        call.View(b);
        call.View(k);
        call.Size(a.Columns);
        call.Size(k.Rows);
        call.Size(k.Columns);
        call.RunColumns(k.Rows, k.Columns);
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
            using KernelCall call = Call<T>("pairwise", "cosine_diagonal");
            call.View(k);
            call.Size(k.Rows);
            call.RunColumns(1, k.Rows);
        }
    }

    private void Directions<T>(BufferView a, BufferView directions)
        where T : unmanaged
    {
        using KernelCall call = Call<T>("pairwise", "directions");
        call.View(a);
        call.View(directions);
        call.Size(a.Columns);
        call.Size(a.Rows);
        call.RunColumns(1, a.Rows);
    }
}
