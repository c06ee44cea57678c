namespace VemKernels.Solvers.Designs;

/// <summary>
/// One fold factored by itself: centred predictions of its validation rows are Left diag(1 / (mu + alpha)) Right
/// (y_train - mean). For bootstrap splits, splits that leave most samples out, and alphas so small that the shared
/// factorisation loses digits.
/// </summary>
/// <param name="Left">|validation| x r.</param>
/// <param name="Mu">r values.</param>
/// <param name="Right">r x |train|.</param>
internal sealed record FoldFactorisation(
    DeviceMatrix<double> Left, double[] Mu, DeviceMatrix<double> Right) : IDisposable
{
    public void Dispose()
    {
        Left.Dispose();
        Right.Dispose();
    }
}
