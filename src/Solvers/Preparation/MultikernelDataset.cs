namespace VemKernels.Solvers;

/// <summary>
/// Simulated feature spaces and targets that each depend on all spaces by known weights; owns its matrices.
/// </summary>
/// <param name="XTrain">training samples x features of all spaces, space by space.</param>
/// <param name="XTest">test samples x features.</param>
/// <param name="YTrain">training samples x targets.</param>
/// <param name="YTest">test samples x targets.</param>
/// <param name="KernelWeights">targets x spaces: the share of each space in the variance of a target's signal.</param>
/// <param name="Features">How many features each space has.</param>
/// <typeparam name="T">float or double.</typeparam>
public sealed record MultikernelDataset<T>(
    Matrix<T> XTrain, Matrix<T> XTest, Matrix<T> YTrain, Matrix<T> YTest, Matrix<double> KernelWeights,
    IReadOnlyList<int> Features)
    : IDisposable
    where T : unmanaged
{
    /// <inheritdoc/>
    public void Dispose()
    {
        XTrain.Dispose();
        XTest.Dispose();
        YTrain.Dispose();
        YTest.Dispose();
        KernelWeights.Dispose();
    }
}
