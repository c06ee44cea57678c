using System.Numerics;

namespace VemKernels.Solvers;

/// <summary>
/// Relative weights of one tile: for each target the matrix P (samples x spaces) of its split predictions over the norm
/// of their sum, P = U s V'; the closest orthonormal set is U V', on which P has the coefficients R = V s V' and the
/// joint prediction the coefficients beta; the weight of space i is sum_j R_ij^2 beta_j^2 / |p_j|^2 (|p_j|^2 = sum_i
/// R_ij^2), scaled to add up to the joint r2.
/// </summary>
internal static class RelativeWeights
{
    public static void Write<T>(
        IBackend backend, InputMatrix<T> truth, InputMatrix<T> predictions, int spaces, MatrixView<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int n = (int)truth.Rows;
        int targets = (int)truth.Columns;
        int k = Math.Min(n, spaces);
        using Matrix<double> stacked = new(targets * n, spaces);
        using Matrix<T> joint = new(n, targets);
        MatrixView<T> split = predictions.OnHost(out Matrix<T>? downloaded);
        using Matrix<T>? owned = downloaded;
        double[] norms = Stack(split, n, spaces, stacked.View, joint.View);
        using Matrix<T> r2 = Scores.Of(backend, ScoreKind.R2, truth, joint.View);

        using DeviceMatrix<double> a = backend.Allocate<double>(targets * n, spaces);
        using DeviceMatrix<double> u = backend.Allocate<double>(targets * n, k);
        using DeviceMatrix<double> s = backend.Allocate<double>(targets, k);
        using DeviceMatrix<double> vt = backend.Allocate<double>(targets * k, spaces);
        backend.Upload(stacked.View, a.View);
        backend.ThinSvd(a.View, u.View, s.View, vt.View, targets);
        using Matrix<double> U = Matrix<double>.Uninitialized(targets * n, k);
        using Matrix<double> S = Matrix<double>.Uninitialized(targets, k);
        using Matrix<double> Vt = Matrix<double>.Uninitialized(targets * k, spaces);
        backend.Download(u.View, U.View);
        backend.Download(s.View, S.View);
        backend.Download(vt.View, Vt.View);
        double[] weights = new double[spaces];
        for (int t = 0; t < targets; t++)
        {
            OfTarget(
                stacked.View.SliceRows(t * n, n), U.View.SliceRows(t * n, n), S.View.SliceRows(t, 1),
                Vt.View.SliceRows(t * k, k), weights);
            double total = weights.Sum();
            for (int i = 0; i < spaces; i++)
            {
                double share = total == 0 || norms[t] == 0 ? 0 : weights[i] / total;
                result[i, t] = T.CreateTruncating(share * double.CreateTruncating(r2.View[0, t]));
            }
        }
    }

    /// <summary>Target by target samples x spaces, over the norm of the sum; that norm, and the sum itself.</summary>
    private static double[] Stack<T>(
        MatrixView<T> predictions, int n, int spaces, MatrixView<double> stacked, MatrixView<T> joint)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[] norms = new double[joint.Columns];
        for (int t = 0; t < norms.Length; t++)
        {
            double squares = 0;
            for (int i = 0; i < n; i++)
            {
                double sum = 0;
                for (int space = 0; space < spaces; space++)
                {
                    sum += double.CreateTruncating(predictions[(space * n) + i, t]);
                }

                joint[i, t] = T.CreateTruncating(sum);
                squares += sum * sum;
            }

            norms[t] = Math.Sqrt(squares);
            for (int i = 0; i < n; i++)
            {
                for (int space = 0; space < spaces; space++)
                {
                    double value = double.CreateTruncating(predictions[(space * n) + i, t]);
                    stacked[((nint)t * n) + i, space] = norms[t] == 0 ? value : value / norms[t];
                }
            }
        }

        return norms;
    }

    private static void OfTarget(
        MatrixView<double> P, MatrixView<double> U, MatrixView<double> s, MatrixView<double> Vt, double[] weights)
    {
        int spaces = weights.Length;
        int k = (int)s.Columns;
        double[] projected = new double[k];
        for (int l = 0; l < k; l++)
        {
            for (nint i = 0; i < P.Rows; i++)
            {
                double joint = 0;
                for (int space = 0; space < spaces; space++)
                {
                    joint += P[i, space];
                }

                projected[l] += U[i, l] * joint;
            }
        }

        double[] beta = new double[spaces];
        for (int i = 0; i < spaces; i++)
        {
            for (int l = 0; l < k; l++)
            {
                beta[i] += Vt[l, i] * projected[l];
            }
        }

        Array.Clear(weights);
        double[] shares = new double[spaces];
        for (int j = 0; j < spaces; j++)
        {
            double norm = 0;
            for (int i = 0; i < spaces; i++)
            {
                double root = 0;
                for (int l = 0; l < k; l++)
                {
                    root += Vt[l, i] * s[0, l] * Vt[l, j];
                }

                shares[i] = root * root;
                norm += shares[i];
            }

            for (int i = 0; i < spaces; i++)
            {
                weights[i] += norm == 0 ? 0 : shares[i] / norm * beta[j] * beta[j];
            }
        }
    }
}
