using System.Numerics;

namespace VemKernels.Solvers;

/// <summary>A sparse group lasso whose penalties were found by cross-validation.</summary>
/// <typeparam name="T">float or double.</typeparam>
public sealed class SparseGroupLassoCVResult<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    internal SparseGroupLassoCVResult(
        IReadOnlyList<(double L21, double L1)> grid, Matrix<T> cvScores, int[] best, SparseGroupLassoResult<T> refit)
    {
        Grid = grid;
        CvScores = cvScores;
        BestCandidates = best;
        Refit = refit;
        BestL21 = new Matrix<T>(1, best.Length);
        BestL1 = new Matrix<T>(1, best.Length);
        for (int j = 0; j < best.Length; j++)
        {
            BestL21[0, j] = T.CreateTruncating(grid[best[j]].L21);
            BestL1[0, j] = T.CreateTruncating(grid[best[j]].L1);
        }
    }

    /// <summary>The penalties tried: for each l21, decreasing, each l1, decreasing.</summary>
    public IReadOnlyList<(double L21, double L1)> Grid { get; }

    /// <summary>Scores averaged over folds, rows of <see cref="Grid"/> x targets.</summary>
    public Matrix<T> CvScores { get; }

    /// <summary>The row of <see cref="Grid"/> chosen for each target: the first of those with the best score.</summary>
    public int[] BestCandidates { get; }

    /// <summary>The group penalty chosen for each target, 1 x targets.</summary>
    public Matrix<T> BestL21 { get; }

    /// <summary>The l1 penalty chosen for each target, 1 x targets.</summary>
    public Matrix<T> BestL1 { get; }

    /// <summary>The model fitted to all samples with the penalties chosen.</summary>
    public SparseGroupLassoResult<T> Refit { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        CvScores.Dispose();
        BestL21.Dispose();
        BestL1.Dispose();
        Refit.Dispose();
    }
}
