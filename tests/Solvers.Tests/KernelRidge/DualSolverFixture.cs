using System.Numerics;

namespace VemKernels.Solvers.Tests.FixedAlpha;

/// <summary>What tests of solvers with given hyper-parameters share: a backend, on which nothing may be left.</summary>
public abstract class DualSolverFixture<T>(SolverBackend backend)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Relative error of a direct solution.</summary>
    private protected static double Tolerance => typeof(T) == typeof(float) ? 1e-3 : 1e-9;

    /// <summary>Where iterations are stopped that are compared with a direct solution.</summary>
    private protected static double StepTolerance => typeof(T) == typeof(float) ? 1e-5 : 1e-11;

    private protected IBackend Backend { get; private set; } = null!;

    [SetUp]
    public void Start() => Backend = backend.Create();

    [TearDown]
    public void Stop()
    {
        if (Backend is Reference.ReferenceBackend reference)
        {
            Assert.That(reference.LiveMatrices, Is.Zero, "matrices left on the device");
        }

        Backend.Dispose();
    }

    private protected static Matrix<T> Deltas(int kernels, int targets, int seed)
    {
        RandomState random = new(seed);
        Matrix<T> deltas = new(kernels, targets);
        for (int i = 0; i < kernels; i++)
        {
            for (int j = 0; j < targets; j++)
            {
                deltas[i, j] = T.CreateTruncating(random.Randn());
            }
        }

        return deltas;
    }

    private protected static double[] PerTarget(int targets, int seed)
    {
        RandomState random = new(seed);
        return [.. Enumerable.Range(0, targets).Select(_ => Math.Pow(10, 2 * random.Rand()))];
    }
}
