using System.Numerics;
using VemKernels.Solvers.Tests.RandomSearch;

namespace VemKernels.Solvers.Tests.FixedAlpha;

/// <summary>
/// Ridge and kernel ridge by Gaussian elimination in double, a target at a time: the oracle of solvers with given
/// hyper-parameters.
/// </summary>
internal static class RegressionOracle
{
    /// <summary>Dual weights (K_j + alpha_j I)^-1 y_j, samples x targets.</summary>
    public static double[,] Dual(Func<int, double[,]> kernelOfTarget, double[,] Y, Func<int, double> alpha)
    {
        double[,] weights = new double[Y.GetLength(0), Y.GetLength(1)];
        for (int j = 0; j < Y.GetLength(1); j++)
        {
            double[,] system = (double[,])kernelOfTarget(j).Clone();
            for (int i = 0; i < Y.GetLength(0); i++)
            {
                system[i, i] += alpha(j);
            }

            SetColumn(weights, j, PlainCrossValidation.Solve(system, Column(Y, j)));
        }

        return weights;
    }

    /// <summary>
    /// Kernel ridge with an unpenalised intercept and sample weights, from its optimality conditions K w + alpha w / s
    /// + b = y (where s is 0, w is 0), sum w = 0. The intercept is the last row.
    /// </summary>
    public static double[,] DualWithIntercept(double[,] K, double[,] Y, double alpha, double[] sampleWeights)
    {
        int n = Y.GetLength(0);
        double[,] system = new double[n + 1, n + 1];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                system[i, j] = sampleWeights[i] * K[i, j];
            }

            system[i, i] += alpha;
            system[i, n] = sampleWeights[i];
            system[n, i] = 1;
        }

        double[,] result = new double[n + 1, Y.GetLength(1)];
        for (int j = 0; j < Y.GetLength(1); j++)
        {
            double[] right = [.. Column(Y, j).Select((y, i) => sampleWeights[i] * y), 0];
            SetColumn(result, j, PlainCrossValidation.Solve(system, right));
        }

        return result;
    }

    public static double[] Column(double[,] A, int j) => [.. Enumerable.Range(0, A.GetLength(0)).Select(i => A[i, j])];

    /// <summary>Asserts that a result is close to the oracle's, relative to its largest entry.</summary>
    public static void RequireClose<T>(MatrixView<T> actual, double[,] expected, double tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double largest = expected.Cast<double>().Max(Math.Abs);
        for (int i = 0; i < expected.GetLength(0); i++)
        {
            for (int j = 0; j < expected.GetLength(1); j++)
            {
                Assert.That(
                    double.CreateTruncating(actual[i, j]), Is.EqualTo(expected[i, j]).Within(tolerance * largest),
                    $"element ({i}, {j})");
            }
        }
    }

    private static void SetColumn(double[,] A, int j, double[] values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            A[i, j] = values[i];
        }
    }
}
