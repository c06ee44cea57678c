using System.Numerics;
using VemKernels.Solvers.Designs;

namespace VemKernels.Solvers.HyperGradient;

/// <summary>
/// The dual weights of one fold and the hyper-gradient's linear system, by the methods that the options name.
/// </summary>
internal sealed class InnerProblem<T>(IBackend backend, HyperGradientOptions options, CancellationToken cancellation)
    : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Steps of conjugate gradient for the first dual weights: later ones begin near their solution.</summary>
    private const int FirstIterations = 50;

    private const double FirstTolerance = 1e-2;

    private const int MostIterations = 100;

    /// <summary>Terms of the Neumann series.</summary>
    private const int NeumannTerms = 5;

    /// <summary>What kernel and solution are scaled by, so that the Neumann series converges.</summary>
    private const double NeumannFactor = 1e-5;

    private readonly ConjugateGradient<T> _solver = new(backend, cancellation);
    private readonly HostBuffer<T> _steps = new();

    /// <summary>The first dual weights, in place of a start.</summary>
    public void FirstDual(
        FoldSystem<T> system, DeviceView<T> expDeltas, DeviceView<T> Y, DeviceView<T> dual,
        Preconditioner<T> preconditioner, double tolerance) =>
        _solver.Solve(system, expDeltas, Y, dual, preconditioner, Math.Min(FirstTolerance, tolerance), FirstIterations);

    /// <summary>Dual weights that follow the log weights, in place.</summary>
    /// <param name="system">The fold.</param>
    /// <param name="expDeltas">Kernel weights.</param>
    /// <param name="deltas">Their logarithms.</param>
    /// <param name="eigenvalues">The largest eigenvalue of each training kernel.</param>
    /// <param name="Y">Training responses.</param>
    /// <param name="dual">Dual weights before and after.</param>
    /// <param name="tolerance">Tolerance of conjugate gradient.</param>
    public void NextDual(
        FoldSystem<T> system, DeviceView<T> expDeltas, MatrixView<double> deltas, double[] eigenvalues, DeviceView<T> Y,
        DeviceView<T> dual,
        double tolerance)
    {
        if (options.InnerMethod == InnerMethod.ConjugateGradient)
        {
            // Few steps by design: preconditioned ones would be another path, to weights that are nearly exact.
            _solver.Solve(system, expDeltas, Y, dual, null, tolerance, options.MaxInnerDualIterations);
            return;
        }

        Span<T> steps = _steps.View(1, dual.Columns).RowSpan(0);
        for (int j = 0; j < steps.Length; j++)
        {
            double curvature = 1;
            for (int i = 0; i < eigenvalues.Length; i++)
            {
                curvature += eigenvalues[i] * Math.Exp(deltas[i, j]);
            }

            steps[j] = T.CreateTruncating(-1 / curvature);
        }

        using DeviceLease<T> factors = _steps.Upload(backend);
        using DeviceLease<T> gradient = backend.Rent<T>(dual.Rows, dual.Columns);
        for (int step = 0; step < options.MaxInnerDualIterations; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            system.Multiply(expDeltas, dual, gradient.View);
            backend.AddScaled(-1, Y, gradient.View);
            backend.CombineColumns(gradient.View, factors.View, null, dual);
        }
    }

    /// <summary>Solves the inner problem's system, to full tolerance, in place of a start.</summary>
    public void Solve(
        FoldSystem<T> system, DeviceView<T> expDeltas, DeviceView<T> B, DeviceView<T> X,
        Preconditioner<T> preconditioner, double tolerance) =>
        _solver.Solve(system, expDeltas, B, X, preconditioner, tolerance, MostIterations);

    /// <summary>
    /// X = f sum over p = 1 ... 5 of (I - f A)^p B, f small, A the system's matrix: about the direction of A^-1 B
    /// (Lorraine, Vicol and Duvenaud, "Optimizing millions of hyperparameters by implicit differentiation", AISTATS
    /// 2020).
    /// </summary>
    public void NeumannSeries(FoldSystem<T> system, DeviceView<T> expDeltas, DeviceView<T> B, DeviceView<T> X)
    {
        using DeviceLease<T> term = backend.Rent<T>(B.Rows, B.Columns);
        using DeviceLease<T> product = backend.Rent<T>(B.Rows, B.Columns);
        backend.Copy(B, term.View);
        backend.Fill(X, 0);
        for (int p = 0; p < NeumannTerms; p++)
        {
            system.Multiply(expDeltas, term.View, product.View);
            backend.AddScaled(-NeumannFactor, product.View, term.View);
            backend.AddScaled(NeumannFactor, term.View, X);
        }
    }

    public void Dispose()
    {
        _solver.Dispose();
        _steps.Dispose();
    }
}
