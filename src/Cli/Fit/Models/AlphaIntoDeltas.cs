using System.Numerics;
using VemKernels.Cli.Inputs;

namespace VemKernels.Cli.Fit.Models;

/// <summary>
/// Moves alphas into deltas, so that those of every folder are log(gamma / alpha): (sum_i exp(d_i) K_i + alpha I) w = y
/// becomes (sum_i exp(d_i - log alpha) K_i + I) (alpha w) = y, which predicts the same. And back, where only deltas are
/// known.
/// </summary>
internal static class AlphaIntoDeltas
{
    /// <summary>Changes deltas and dual weights in place.</summary>
    /// <param name="alphas">One for all targets, or one a target; see <see cref="Numbers.Alphas"/>.</param>
    /// <param name="deltas">Log kernel weights, kernels x targets.</param>
    /// <param name="dual">Dual weights, samples x targets.</param>
    /// <exception cref="OptionException">An alpha is too small or large for T.</exception>
    public static void Move<T>(double[] alphas, MatrixView<T> deltas, MatrixView<T> dual)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (nint target = 0; target < dual.Columns; target++)
        {
            double alpha = alphas[alphas.Length == 1 ? 0 : target];
            for (nint i = 0; i < deltas.Rows; i++)
            {
                deltas[i, target] -= T.CreateTruncating(Math.Log(alpha));
                if (!T.IsFinite(T.Exp(deltas[i, target])) || !T.IsFinite(T.CreateTruncating(alpha)))
                {
                    throw new OptionException(
                        "--alpha", $"{alpha} of target {target} (counted from 0) is out of the range of "
                            + $"{typeof(T).Name.ToLowerInvariant()} for weights of kernels; try --dtype float64");
                }
            }
        }

        for (nint i = 0; i < dual.Rows; i++)
        {
            for (nint target = 0; target < dual.Columns; target++)
            {
                dual[i, target] *= T.CreateTruncating(alphas[alphas.Length == 1 ? 0 : target]);
            }
        }
    }

    /// <summary>
    /// The alphas of deltas, 1 / sum_i exp(d_i): those whose gammas, alpha exp(d_i), add up to 1 as the candidates of a
    /// random search do (himalaya defines its own best_alphas_ so). The caller disposes them.
    /// </summary>
    /// <param name="deltas">Log kernel weights, kernels x targets.</param>
    /// <returns>1 x targets.</returns>
    public static Matrix<T> AlphasOf<T>(MatrixView<T> deltas)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Matrix<T> alphas = Matrix<T>.Uninitialized(1, deltas.Columns);
        for (nint target = 0; target < deltas.Columns; target++)
        {
            double sum = 0;
            for (nint i = 0; i < deltas.Rows; i++)
            {
                sum += Math.Exp(double.CreateTruncating(deltas[i, target]));
            }

            alphas[0, target] = T.CreateTruncating(1 / sum);
        }

        return alphas;
    }
}
