using System.Numerics;
using VemKernels.OpenCL;

namespace VemKernels.Solvers.Tests.Memory;

/// <summary>
/// A device whose memory runs out at some allocation: the tile of targets is halved and the results are right, or the
/// call says that memory is short; nothing is left on the device either way.
/// </summary>
[TestFixture(typeof(float))]
[TestFixture(typeof(double))]
internal sealed class AllocationFailureTests<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Allocations that are tried on the reference: all of a short run, some of a long one.</summary>
    private const int MostFailures = 24;

    private const int MostFailuresOnDevice = 6;

    private static double Tolerance => typeof(T) == typeof(float) ? 2e-3 : 1e-7;

    private static IEnumerable<string> Runs => SolverRuns<T>.All.Keys;

    [Test]
    public void Any_allocation_may_fail_on_the_reference([ValueSource(nameof(Runs))] string name) =>
        FailEach(ScarceBackend.Reference, SolverRuns<T>.All[name], MostFailures);

    [Test]
    public void Any_allocation_may_fail_on_a_device([ValueSource(nameof(Runs))] string name) =>
        FailEach(ScarceBackend.Device, SolverRuns<T>.All[name], MostFailuresOnDevice);

    [Test]
    public void The_sample_that_judges_redundant_alphas_may_fail() =>
        FailEach(ScarceBackend.Device, SolverRuns<T>.WithSampledAlphas, MostFailuresOnDevice);

    [Test]
    public void Where_not_one_target_fits_the_message_says_so([Values] bool onDevice)
    {
        ScarceBackend scarce = onDevice ? ScarceBackend.Device : ScarceBackend.Reference;
        bool isShort = false;
        using IBackend backend = scarce.Create(_ => isShort);
        using Matrix<T> truth = new(20, 17);
        isShort = true;
        Assert.That(
            () => Scores.CorrelationSplit(backend, truth.View, truth.View, 1),
            Throws.InstanceOf<InsufficientMemoryException>().With.Message.Contains("one target at a time"));
        Assert.That(scarce.BytesInUse(backend), Is.Zero, "bytes left on the device");
    }

    private static double[] Run(ScarceBackend scarce, Func<IBackend, double[]> run, Func<long, bool> refuses)
    {
        using IBackend backend = scarce.Create(refuses);
        double[] numbers = run(backend);
        Assert.That(scarce.BytesInUse(backend), Is.Zero, "bytes left on the device");
        return numbers;
    }

    private static void FailEach(ScarceBackend scarce, Func<IBackend, double[]> run, int most)
    {
        int allocations = 0;
        double[] expected = Run(scarce, run, _ => Interlocked.Increment(ref allocations) < 0);
        int recovered = 0;
        int step = Math.Max(1, allocations / most);

        // Some of all, and the last but one: that is a tile's, which is given up and done again.
        IEnumerable<int> sample = Enumerable.Range(0, (allocations + step - 1) / step).Select(i => 1 + (i * step));
        foreach (int failing in sample.Append(allocations - 1))
        {
            // Twice, because a device drops its idle scratch memory and tries again.
            int count = 0;
            using IBackend backend = scarce.Create(_ => Interlocked.Increment(ref count) - failing is 0 or 1);
            try
            {
                double[] actual = run(backend);
                Assert.That(actual, Is.EqualTo(expected).Within(Tolerance), $"allocation {failing} of {allocations}");
                recovered++;
                Assert.That(
                    scarce.BytesInUse(backend), Is.Zero, $"bytes left after allocation {failing} of {allocations}");
            }
            catch (InsufficientMemoryException)
            {
                // What all targets share did not fit. What the call held is released at the latest when a device makes
                // room.
                if (backend is OpenClBackend device)
                {
                    device.MakeRoom();
                    Assert.That(
                        device.BytesInUse, Is.Zero, $"bytes left after allocation {failing} of {allocations}");
                }
            }
        }

        Assert.That(recovered, Is.Positive, $"of {allocations} allocations");
    }
}
