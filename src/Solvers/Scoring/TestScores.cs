using System.Numerics;

namespace VemKernels.Solvers;

/// <summary>Scores of a model on held-out data.</summary>
/// <typeparam name="T">float or double.</typeparam>
public sealed class TestScores<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    internal TestScores(nint spaces, nint targets)
    {
        R2 = new Matrix<T>(1, targets);
        Correlation = new Matrix<T>(1, targets);
        R2Split = new Matrix<T>(spaces, targets);
    }

    /// <summary>Coefficient of determination of the joint prediction, 1 x targets.</summary>
    public Matrix<T> R2 { get; }

    /// <summary>Pearson's correlation of the joint prediction, 1 x targets.</summary>
    public Matrix<T> Correlation { get; }

    /// <summary>
    /// R2 split over spaces by the product measure, spaces x targets; see <see cref="Scores"/>.
    /// </summary>
    public Matrix<T> R2Split { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        R2.Dispose();
        Correlation.Dispose();
        R2Split.Dispose();
    }
}
