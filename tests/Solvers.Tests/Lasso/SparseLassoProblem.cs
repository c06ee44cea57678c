using System.Numerics;
using VemKernels.Solvers.Tests.RandomSearch;

namespace VemKernels.Solvers.Tests.Lasso;

/// <summary>
/// A seeded problem whose targets need a few features only, and the optimality conditions of its solutions.
/// </summary>
internal sealed class SparseLassoProblem<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Every so many features, one matters.</summary>
    private const int Sparsity = 4;

    public SparseLassoProblem(int seed, int samples, int features, int targets, double offset = 0)
    {
        RandomState random = new(seed);
        X = SmallProblem<T>.Gaussian(random, samples, features, offset);
        using Matrix<T> weights = SmallProblem<T>.Gaussian(random, features, targets, 0);
        Y = SmallProblem<T>.Gaussian(random, samples, targets, offset);
        for (int i = 0; i < samples; i++)
        {
            for (int j = 0; j < targets; j++)
            {
                for (int k = j % Sparsity; k < features; k += Sparsity)
                {
                    Y[i, j] += X[i, k] * weights[k, j];
                }
            }
        }
    }

    public Matrix<T> X { get; }

    public Matrix<T> Y { get; }

    public TargetSource<T> Targets => new MatrixTargetSource<T>(Y.View);

    /// <summary>
    /// The largest distance, over features, of minus the gradient of |X b - y|^2 / (2 n) from the subdifferential of
    /// the penalties, for target j.
    /// </summary>
    public double Violation(MatrixView<T> weights, int j, int[] groups, double l21, double l1)
    {
        int n = (int)X.Rows;
        int p = (int)X.Columns;
        double[] b = [.. Enumerable.Range(0, p).Select(k => double.CreateTruncating(weights[k, j]))];
        double[] slope = new double[p];
        for (int i = 0; i < n; i++)
        {
            double residual = double.CreateTruncating(Y[i, j]);
            for (int k = 0; k < p; k++)
            {
                residual -= double.CreateTruncating(X[i, k]) * b[k];
            }

            for (int k = 0; k < p; k++)
            {
                slope[k] += double.CreateTruncating(X[i, k]) * residual / n;
            }
        }

        double worst = 0;
        foreach (int group in groups.Distinct())
        {
            int[] members = [.. Enumerable.Range(0, p).Where(k => groups[k] == group)];
            double groupPenalty = group < 0 ? 0 : l21;
            double norm = Math.Sqrt(members.Sum(k => b[k] * b[k]));
            if (norm == 0)
            {
                double left = Math.Sqrt(members.Sum(k => Math.Pow(Math.Max(Math.Abs(slope[k]) - l1, 0), 2)));
                worst = Math.Max(worst, left - groupPenalty);
                continue;
            }

            foreach (int k in members)
            {
                worst = Math.Max(worst, b[k] == 0
                    ? Math.Abs(slope[k]) - l1
                    : Math.Abs(slope[k] - (groupPenalty * b[k] / norm) - (l1 * Math.Sign(b[k]))));
            }
        }

        return worst;
    }

    public void Dispose()
    {
        X.Dispose();
        Y.Dispose();
    }
}
