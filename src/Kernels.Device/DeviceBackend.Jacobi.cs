using System.Numerics;

namespace VemKernels.Device;

/// <content>Jacobi's method for many small matrices, a work-group each.</content>
public abstract partial class DeviceBackend
{
    /// <summary>The largest order: up to here a group does better than a transfer and the host.</summary>
    private const int JacobiLargest = 64;

    /// <summary>The most rows of a singular value decomposition.</summary>
    private const int JacobiTallest = 256;

    private const int JacobiGroup = 64;

    /// <summary>NOT_FINITE of native/common/jacobi.cl.</summary>
    private const int JacobiNotFinite = 1;

    private static readonly string JacobiDefinitions =
        $"-D JACOBI_LARGEST={JacobiLargest} -D JACOBI_GROUP={JacobiGroup}";

    /// <summary>Whether an eigendecomposition of an order is made on the device.</summary>
    private protected virtual bool HasEigen(nint order) => order <= JacobiLargest;

    /// <summary>Whether a singular value decomposition of a shape is made on the device.</summary>
    private protected virtual bool HasSvd(nint rows, nint columns) =>
        Math.Min(rows, columns) <= JacobiLargest && Math.Max(rows, columns) <= JacobiTallest;

    /// <summary>
    /// Decomposes each matrix of a stack, as <see cref="IBackend.SymmetricEigen"/> says; <see cref="HasEigen"/> holds.
    /// </summary>
    private protected virtual void SymmetricEigen<T>(
        BufferView stack, BufferView w, int count, CancellationToken cancellation)
        where T : unmanaged
    {
        cancellation.ThrowIfCancellationRequested();
        if (stack.IsEmpty)
        {
            return;
        }

        nint n = stack.Columns;
        int[] outcomes = new int[count];
        using DeviceBuffer status = _runtime.CreateBuffer(outcomes);
        using Scratch work = Rent<T>(2 * stack.Rows, n);
        KernelCall call = Call<T>("jacobi", "symmetric_eigen", JacobiDefinitions);
        call.View(stack.SliceRows(0, n));
        call.Size(n * stack.RowStride);
        call.View(w);
        call.Buffer(work.View.Buffer);
        call.Int((int)n);
        call.Buffer(status);
        call.Run((count, 1, 1), (JacobiGroup, 1, 1));

        RequireDecomposed(status, outcomes, "eigenvalue");
    }

    /// <summary>
    /// Decomposes each matrix of a stack, as <see cref="IBackend.ThinSvd"/> says; <see cref="HasSvd"/> holds.
    /// </summary>
    private protected virtual void ThinSvd<T>(
        BufferView stack, BufferView u, BufferView s, BufferView vt, int count, CancellationToken cancellation)
        where T : unmanaged
    {
        cancellation.ThrowIfCancellationRequested();
        if (stack.IsEmpty)
        {
            return;
        }

        TallSvd svd = TallSvd.Of(stack, u, s, vt, count);
        int[] outcomes = new int[count];
        using DeviceBuffer status = _runtime.CreateBuffer(outcomes);
        using Scratch work = Rent<T>(count * (svd.Rows + svd.Rank), svd.Rank);
        KernelCall call = Call<T>("jacobi", "thin_svd", JacobiDefinitions);
        svd.AddTo(ref call);
        call.Buffer(work.View.Buffer);
        call.Int((int)svd.Rows);
        call.Int((int)svd.Rank);
        call.Buffer(status);
        call.Run((count, 1, 1), (JacobiGroup, 1, 1));

        RequireDecomposed(status, outcomes, "singular value");
    }

    /// <summary>Throws where a kernel of Jacobi's method has marked a matrix.</summary>
    private protected void RequireDecomposed(DeviceBuffer status, int[] outcomes, string what)
    {
        ReadInts(status, outcomes);
        int failing = Array.FindIndex(outcomes, outcome => outcome != 0);
        if (failing >= 0)
        {
            throw new ArithmeticException(
                outcomes[failing] == JacobiNotFinite
                    ? $"Matrix {failing} holds NaN or infinity."
                    : $"Matrix {failing}: a {what} did not converge.");
        }
    }
}
