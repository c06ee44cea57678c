using VemKernels.Device;

namespace VemKernels.Cuda;

/// <content>Products of floats on tensor cores: native/cuda/tensor_gemm.cu.</content>
public sealed partial class CudaBackend
{
    private const string TensorSource = "tensor_gemm";

    /// <summary>BLOCK_M and BLOCK_N, BLOCK_K and THREADS of the source.</summary>
    private const int TensorBlock = 128;

    private const int TensorThreads = 256;

    /// <summary>From this depth on the three products' error is small beside that of the sum.</summary>
    private const int TensorDepth = 256;

    /// <summary>Elements of a vector of copies: addresses must be multiples of it.</summary>
    private const int TensorVector = 4;

    /// <summary>
    /// Compute capabilities whose tensor cores multiply tf32 at more than three times the rate of floats elsewhere, by
    /// NVIDIA's data sheets: A100 (156 and 19.5 TFLOP/s), H100 and H200 (495 and 67). Those of 8.6 and 8.9 do not.
    /// </summary>
    private static readonly int[] FastTensors = [80, 90];

    /// <summary>Guards <see cref="_tensors"/>.</summary>
    private readonly Lock _trialLock = new();

    private TensorTrial? _tensors;

    /// <summary>
    /// Whether products of floats that are large enough run on tensor cores: as the options say, and where those leave
    /// it open, on devices where it is fast and a trial has shown the error of floats.
    /// </summary>
    public bool UsesTensorCores
    {
        get
        {
            if (Options.UseTensorCores is false || Device.Capability < FastTensors[0])
            {
                return false;
            }

            return (Options.UseTensorCores is true || FastTensors.Contains(Device.Capability)) && Trial.IsGood;
        }
    }

    /// <summary>What a trial of the tensor cores gave on this device; made once.</summary>
    internal TensorTrial Trial
    {
        get
        {
            lock (_trialLock)
            {
                return _tensors ??= TensorTrial.Run(this);
            }
        }
    }

    /// <summary>
    /// C = alpha sum_i A_i (weights(i, :) . B) + beta C on tensor cores; false where operands are not such as they
    /// take: then nothing was done.
    /// </summary>
    /// <param name="alpha">Factor of the sum.</param>
    /// <param name="a">The A_i side by side: m x (kernels k).</param>
    /// <param name="b">k x n.</param>
    /// <param name="weights">kernels x n; null for one kernel without weights.</param>
    /// <param name="beta">Factor of C; 0: C is not read.</param>
    /// <param name="c">m x n.</param>
    internal bool TryTensorProduct(
        double alpha, BufferView a, BufferView b, BufferView? weights, double beta, BufferView c)
    {
        nint depth = b.Rows;
        if (ColumnMajor.Of<float>(c) is not { IsTransposed: true } product
            || ColumnMajor.Of<float>(a) is not { } left || ColumnMajor.Of<float>(b) is not { } right)
        {
            return false;
        }

        nint groupsX = (c.Columns + TensorBlock - 1) / TensorBlock;
        nint groupsY = (c.Rows + TensorBlock - 1) / TensorBlock;
        if (groupsY > MostMatrices)
        {
            return false;
        }

        // What lies row by row is, in the kernel's words, contiguous along k for A and along n for B.
        string kernel = $"tensor_gemm_{(left.IsTransposed ? 'k' : 'm')}{(right.IsTransposed ? 'n' : 'k')}";
        nint step = left.IsTransposed ? depth : depth * left.Leading;
        bool vectors = IsAligned(a.Offset, left.Leading) && IsAligned(b.Offset, right.Leading)
            && step % TensorVector == 0;
        KernelCall call = Call<float>(TensorSource, kernel);
        call.Real<float>(alpha);
        call.Buffer(a.Buffer);
        call.Size(a.Offset);
        call.Int(left.Leading);
        call.Size(step);
        call.Buffer(b.Buffer);
        call.Size(b.Offset);
        call.Int(right.Leading);
        call.Flag(weights is not null);
        call.View(weights ?? c);
        call.Real<float>(beta);
        call.Buffer(c.Buffer);
        call.Size(c.Offset);
        call.Int(product.Leading);
        call.Int((int)c.Rows);
        call.Int((int)c.Columns);
        call.Int((int)depth);
        call.Int(weights is { } factors ? (int)factors.Rows : 1);
        call.Flag(vectors);
        call.Run((groupsX, groupsY, 1), (TensorThreads, 1, 1));
        return true;
    }

    /// <summary>C = A B on tensor cores; false where that cannot be.</summary>
    internal bool TryTensorProduct(DeviceMatrix<float> a, DeviceMatrix<float> b, DeviceMatrix<float> c) =>
        TryTensorProduct(
        1, OnDevice(a.View, nameof(a)), OnDevice(b.View, nameof(b)), null, 0, OnDevice(c.View, nameof(c)));

    /// <summary>C = A B by the shared kernel.</summary>
    internal void PlainProduct(DeviceMatrix<float> a, DeviceMatrix<float> b, DeviceMatrix<float> c) =>
        base.GemmBatch<float>(
            1, OnDevice(a.View, nameof(a)), 0, OnDevice(b.View, nameof(b)), 0, 0, OnDevice(c.View, nameof(c)), 0,
            count: 1);

    /// <inheritdoc/>
    private protected override void WeightedProduct<T>(
        BufferView ks, BufferView weights, BufferView w, BufferView result)
    {
        if (!(IsWorthTensors<T>(result, w.Rows) && UsesTensorCores && weights.Rows > 0
            && TryTensorProduct(1, ks, w, weights, 0, result)))
        {
            base.WeightedProduct<T>(ks, weights, w, result);
        }
    }

    private bool TryTensorProduct<T>(
        double alpha, BufferView a, BufferView b, double beta, BufferView c, int count)
        where T : unmanaged => count == 1 && IsWorthTensors<T>(c, a.Columns) && UsesTensorCores
            && TryTensorProduct(alpha, a, b, null, beta, c);

    /// <summary>Whether there is a block for each multiprocessor, and depth enough.</summary>
    private bool IsWorthTensors<T>(BufferView c, nint depth)
        where T : unmanaged => typeof(T) == typeof(float) && depth >= TensorDepth
            && (long)c.Rows * c.Columns >= (long)TensorBlock * TensorBlock * Device.Multiprocessors;

    /// <summary>Allocations begin at multiples of 256 bytes.</summary>
    private static bool IsAligned(nint offset, nint leading) =>
        offset % TensorVector == 0 && leading % TensorVector == 0;
}
