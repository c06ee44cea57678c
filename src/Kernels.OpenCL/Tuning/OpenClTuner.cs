using System.Diagnostics;
using System.Numerics;
using VemKernels.Device;
using VemKernels.Simd;

namespace VemKernels.OpenCL;

/// <summary>
/// Measures which tile sizes a device multiplies fastest with, and stores them for backends that start later. Every
/// candidate's product is checked first.
/// </summary>
public static class OpenClTuner
{
    /// <summary>Rows and columns of the product that is measured: large enough to fill a device.</summary>
    public const int UsualOrder = 1024;

    private const int Bursts = 5;

    /// <summary>A burst takes at least this: long enough for clocks and timers.</summary>
    private const double BurstSeconds = 0.02;

    private const int MostRepetitions = 64;

    /// <summary>Products of numbers under 1 err by this many roundings a term, at most.</summary>
    private const double Slack = 4;

    /// <summary>Whether something was measured on a device with its present driver.</summary>
    /// <param name="device">The device.</param>
    /// <param name="cacheFolder">Where to look; null for VEM_CACHE, or the user's cache folder.</param>
    public static bool IsTuned(OpenClDevice device, string? cacheFolder = null) =>
        Database(new OpenClOptions { CacheFolder = cacheFolder }).Read(device.Name, DriverOf(device)) is not null;

    /// <summary>Measures the products that a device uses, in float and double, and stores the best values.</summary>
    /// <param name="device">The device.</param>
    /// <param name="options">As backends will be started; null for the usual.</param>
    /// <param name="order">Rows and columns of the product.</param>
    /// <param name="progress">Told what is measured, and the share that is done.</param>
    /// <param name="cancellation">Stops before the next candidate; nothing is stored then.</param>
    /// <returns>What was found, and the file that holds it.</returns>
    /// <exception cref="OpenClException">The driver fails.</exception>
    /// <exception cref="IOException">The cache folder cannot be written.</exception>
    /// <exception cref="InvalidOperationException">No candidate's results were right.</exception>
    public static (IReadOnlyList<TunedKernel> Kernels, string Path) Tune(
        OpenClDevice device, OpenClOptions? options = null, int order = UsualOrder,
        IProgress<FitProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(order);
        options ??= new OpenClOptions();
        bool hasDouble = (options.Limits ?? device.Limits).HasDouble;
        DeviceTuning tuning = DeviceTuning.None;
        List<TunedKernel> found = [];
        tuning = Tune<float>(
            device, options, order, tuning, found, Share(progress, 0, hasDouble ? 2 : 1), cancellation);
        if (hasDouble)
        {
            tuning = Tune<double>(device, options, order, tuning, found, Share(progress, 1, 2), cancellation);
        }

        TuningDatabase database = Database(options);
        database.Write(device.Name, DriverOf(device), tuning);
        return (found, database.PathOf(device.Name, DriverOf(device)));
    }

    /// <summary>What a backend on a device starts with.</summary>
    internal static DeviceTuning Stored(OpenClDevice device, OpenClOptions options) =>
        options.Tuning ?? Database(options).Read(device.Name, DriverOf(device)) ?? DeviceTuning.None;

    /// <summary>All of a driver that the speed of kernels depends on.</summary>
    internal static string DriverOf(OpenClDevice device) => $"{device.Platform}, {device.Version}, {device.Driver}";

    private static TuningDatabase Database(OpenClOptions options) => new(OpenClRuntime.FolderOf(options));

    private static Action<string, double> Share(IProgress<FitProgress>? progress, int part, int parts) =>
        (kernel, share) => progress?.Report(new FitProgress(kernel, (part + share) / parts));

    private static DeviceTuning Tune<T>(
        OpenClDevice device, OpenClOptions options, int order, DeviceTuning tuning, List<TunedKernel> found,
        Action<string, double> report, CancellationToken cancellation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        bool packed = options.WorksAsProcessor(device);
        string source = packed ? PackedGemmTuning.Source : GemmTuning.Source;
        IReadOnlyList<IReadOnlyDictionary<string, int>> candidates = packed
            ? [.. PackedGemmTuning.Candidates<T>(device).Select(candidate => candidate.Values)]
            : [.. GemmTuning.Candidates<T>(options.Limits ?? device.Limits).Select(candidate => candidate.Values)];
        string name = DeviceTuning.NameOf<T>(source);
        using ProductCheck<T> check = new(order);
        int done = 0;
        (IReadOnlyDictionary<string, int> best, double? seconds, double? ofDefault) = TuningChoice.Pick(
            candidates,
            candidate =>
            {
                report(name, (double)done++ / (candidates.Count + (2 * TuningChoice.Rounds)));
                return Measure(device, options with { Tuning = DeviceTuning.None.With<T>(source, candidate) }, check);
            },
            cancellation);
        if (seconds is null)
        {
            throw new InvalidOperationException(
                $"{name} on {device.Id}: none of {candidates.Count} candidates ran with right results; nothing was "
                + "stored.");
        }

        report(name, 1);
        double flops = 2.0 * order * order * order;
        found.Add(new TunedKernel(
            name, candidates.Count, string.Join(' ', best.Select(value => $"{value.Key}={value.Value}")),
            ReferenceEquals(best, candidates[0]), ofDefault is { } first ? flops / first : 0, flops / seconds.Value));
        return tuning.With<T>(source, best);
    }

    /// <summary>
    /// The median of some bursts; null where the product is wrong or the device does not take the kernel.
    /// </summary>
    private static double? Measure<T>(OpenClDevice device, OpenClOptions options, ProductCheck<T> check)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        try
        {
            using OpenClBackend backend = new(device, options);
            int n = check.Order;
            using DeviceMatrix<T> A = backend.Allocate<T>(n, n), B = backend.Allocate<T>(n, n);
            using DeviceMatrix<T> C = backend.Allocate<T>(n, n);
            backend.Upload(check.A, A.View);
            backend.Upload(check.B, B.View);
            backend.Gemm(1, A.View, B.View, 0, C.View);
            if (!check.IsRight(backend, C.View))
            {
                return null;
            }

            double once = Burst(1);
            int repetitions = (int)Math.Clamp(BurstSeconds / once, 1, MostRepetitions);
            return TuningChoice.Median(Enumerable.Range(0, Bursts).Select(_ => Burst(repetitions) / repetitions));

            double Burst(int count)
            {
                backend.Finish();
                long start = Stopwatch.GetTimestamp();
                for (int i = 0; i < count; i++)
                {
                    backend.Gemm(1, A.View, B.View, 0, C.View);
                }

                backend.Finish();
                return Stopwatch.GetElapsedTime(start).TotalSeconds;
            }
        }
        catch (Exception exception) when (exception is OpenClException or InsufficientMemoryException)
        {
            return null;
        }
    }

    /// <summary>A product of seeded numbers, and what the processor makes of it.</summary>
    private sealed class ProductCheck<T> : IDisposable
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly Matrix<T> _a;
        private readonly Matrix<T> _b;
        private readonly Matrix<T> _expected;

        public ProductCheck(int order)
        {
            Order = order;
            Random random = new(1);
            _a = Draw(random, order);
            _b = Draw(random, order);
            _expected = Matrix<T>.Uninitialized(order, order);
            using SimdBackend host = new();
            using DeviceMatrix<T> A = host.TryAdopt(ForeignMatrix<T>.Host(_a.View))!;
            using DeviceMatrix<T> B = host.TryAdopt(ForeignMatrix<T>.Host(_b.View))!;
            using DeviceMatrix<T> C = host.TryAdopt(ForeignMatrix<T>.Host(_expected.View))!;
            host.Gemm(1, A.View, B.View, 0, C.View);
        }

        public int Order { get; }

        public MatrixView<T> A => _a.View;

        public MatrixView<T> B => _b.View;

        public bool IsRight(OpenClBackend backend, DeviceView<T> product)
        {
            using Matrix<T> host = Matrix<T>.Uninitialized(Order, Order);
            backend.Download(product, host.View);
            double bound = Slack * Order * Precision.Epsilon<T>();
            for (int i = 0; i < Order; i++)
            {
                for (int j = 0; j < Order; j++)
                {
                    // Not a number is wrong too.
                    double error = Math.Abs(double.CreateTruncating(host[i, j] - _expected[i, j]));
                    if (!(error <= bound))
                    {
                        return false;
                    }
                }
            }

            return true;
        }

        public void Dispose()
        {
            _a.Dispose();
            _b.Dispose();
            _expected.Dispose();
        }

        private static Matrix<T> Draw(Random random, int order)
        {
            Matrix<T> matrix = Matrix<T>.Uninitialized(order, order);
            for (int i = 0; i < order; i++)
            {
                for (int j = 0; j < order; j++)
                {
                    matrix[i, j] = T.CreateTruncating((2 * random.NextDouble()) - 1);
                }
            }

            return matrix;
        }
    }
}
