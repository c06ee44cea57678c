using VemKernels.Solvers.CrossValidation;

namespace VemKernels.Solvers.Designs;

/// <summary>
/// The kernel of one candidate, K = Q diag(lambda) Q' on all samples, in double: all that cross-validation and refit
/// need of it.
/// </summary>
/// <remarks>
/// With an intercept, one column of Q is the constant vector 1/sqrt(n): the smoother S keeps it whole (d = 1) and C = I
/// - S loses it (c = 0), whatever alpha is.
/// </remarks>
internal sealed class SpectralFactorisation : Factorisation
{
    /// <summary>Half of the smallest alpha that a negative eigenvalue allows, as in the field's reference.</summary>
    private const double UnusableFactor = 2;

    /// <param name="q">n x r, orthonormal columns.</param>
    /// <param name="lambda">r eigenvalues, any order.</param>
    /// <param name="complete">
    /// Whether the columns of q span everything (the constant included), so that C = Q diag(c) Q'.
    /// </param>
    /// <param name="constantColumn">Which column is the intercept's; -1 for none.</param>
    /// <param name="rounding">Size of eigenvalues that are rounding: negative ones are taken for zero.</param>
    /// <param name="primal">
    /// p x r: primal weights are primal (d . Q'y); null where the design has no such factor.
    /// </param>
    public SpectralFactorisation(
        DeviceMatrix<double> q, double[] lambda, bool complete, int constantColumn, double rounding,
        DeviceMatrix<double>? primal = null)
    {
        Q = q;
        Lambda = lambda;
        IsComplete = complete;
        ConstantColumn = constantColumn;
        HasIntercept = constantColumn >= 0;
        Primal = primal;
        double lowest = 0;
        for (int i = 0; i < lambda.Length; i++)
        {
            if (i == constantColumn)
            {
                continue;
            }

            LambdaMax = Math.Max(LambdaMax, lambda[i]);
            lowest = Math.Min(lowest, lambda[i]);
            if (lambda[i] < 0 && lambda[i] >= -rounding)
            {
                lambda[i] = 0;
            }
        }

        UnusableBelow = lowest < -rounding ? -UnusableFactor * lowest : 0;
        IsRankDeficient = !complete || lambda.Where((value, i) => i != constantColumn).Any(value => value <= rounding);
    }

    public DeviceMatrix<double> Q { get; }

    public double[] Lambda { get; }

    public int Rank => Lambda.Length;

    public bool IsComplete { get; }

    public int ConstantColumn { get; }

    public DeviceMatrix<double>? Primal { get; }

    /// <summary>c = alpha / (lambda + alpha): the filter of C = I - S.</summary>
    public double[] ResidualFilter(double alpha) => Filter(lambda => alpha / (lambda + alpha), atConstant: 0);

    /// <summary>d = lambda / (lambda + alpha): the filter of the smoother S.</summary>
    public double[] SmootherFilter(double alpha) => Filter(lambda => lambda / (lambda + alpha), atConstant: 1);

    /// <inheritdoc/>
    public override HeldOutSmoother Smoother(IBackend backend, double alpha, CancellationToken cancellation) =>
        new SpectralSmoother(backend, this, alpha);

    /// <inheritdoc/>
    public override void Dispose()
    {
        Q.Dispose();
        Primal?.Dispose();
    }

    private double[] Filter(Func<double, double> filter, double atConstant)
    {
        double[] values = new double[Lambda.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = i == ConstantColumn ? atConstant : filter(Lambda[i]);
        }

        return values;
    }
}
