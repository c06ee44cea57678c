using VemKernels.Device;

namespace VemKernels.Cuda;

/// <content>Jacobi's method in the registers of a warp, for many matrices of at most 32 x 32:
/// native/cuda/jacobi_warp.cu.</content>
public sealed partial class CudaBackend
{
    private const string WarpSource = "jacobi_warp";

    /// <summary>Lanes of a warp: a column each.</summary>
    private const int WarpLargest = 32;

    /// <summary>The smallest part of a warp that has a matrix of its own.</summary>
    private const int WarpSmallest = 4;

    /// <summary>WARP_THREADS of the source.</summary>
    private const int WarpThreads = 128;

    /// <summary>Eigenvalues, ascending, and eigenvectors in columns in place of each matrix of a stack.</summary>
    private void WarpEigen<T>(BufferView stack, BufferView w, int count, CancellationToken cancellation)
        where T : unmanaged
    {
        cancellation.ThrowIfCancellationRequested();
        nint n = stack.Columns;
        int[] outcomes = new int[count];
        using DeviceBuffer status = _runtime.CreateBuffer(outcomes);
        int lanes = LanesFor(n);
        KernelCall call = Call<T>(WarpSource, $"warp_eigen_{lanes}");
        call.View(stack.SliceRows(0, n));
        call.Size(n * stack.RowStride);
        call.View(w);
        call.Int((int)n);
        call.Int(count);
        call.Buffer(status);
        RunWarps(call, lanes, count);
        RequireDecomposed(status, outcomes, "eigenvalue");
    }

    /// <summary>Thin singular value decompositions of a stack, as the contract has them.</summary>
    private void WarpSvd<T>(
        BufferView stack, BufferView u, BufferView s, BufferView vt, int count, CancellationToken cancellation)
        where T : unmanaged
    {
        cancellation.ThrowIfCancellationRequested();
        TallSvd svd = TallSvd.Of(stack, u, s, vt, count);
        int[] outcomes = new int[count];
        using DeviceBuffer status = _runtime.CreateBuffer(outcomes);
        int lanes = LanesFor(svd.Rows);
        KernelCall call = Call<T>(WarpSource, $"warp_svd_{lanes}");
        svd.AddTo(ref call);
        call.Int((int)svd.Rows);
        call.Int((int)svd.Rank);
        call.Int(count);
        call.Buffer(status);
        RunWarps(call, lanes, count);
        RequireDecomposed(status, outcomes, "singular value");
    }

    private static void RunWarps(KernelCall call, int lanes, int count)
    {
        long blocks = (((long)count * lanes) + WarpThreads - 1) / WarpThreads;
        call.Run(((nint)blocks, 1, 1), (WarpThreads, 1, 1));
    }

    /// <summary>The least power of two, from 4 on, that is no smaller.</summary>
    private static int LanesFor(nint size)
    {
        int lanes = WarpSmallest;
        while (lanes < size)
        {
            lanes *= 2;
        }

        return lanes;
    }
}
