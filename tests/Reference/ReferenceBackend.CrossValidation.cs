using System.Numerics;

namespace VemKernels.Reference;

/// <content>The fused operations of cross-validation, unfused.</content>
public sealed partial class ReferenceBackend
{
    /// <inheritdoc/>
    public void TriangularSquaredNorms<T>(DeviceView<T> R, DeviceView<T> Y, DeviceView<double> norms)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[][] r = Read(R);
        double[][] y = Read(Y);
        Own(norms, nameof(norms));
        Shapes.RequireSquare(R, nameof(R));
        Shapes.Require(Y, R.Rows, Y.Columns, nameof(Y));
        Shapes.Require(norms, 1, Y.Columns, nameof(norms));
        RequireDisjoint(R, norms);
        RequireDisjoint(Y, norms);
        for (int i = 0; i < r.Length; i++)
        {
            if (r[i][..i].Any(value => value != 0))
            {
                throw new ArgumentException($"Row {i} of R is not zero left of the diagonal.", nameof(R));
            }
        }

        int t = (int)Y.Columns;
        double[] sums = new double[t];
        foreach (double[] row in Dense.Product(r, y, t))
        {
            for (int j = 0; j < t; j++)
            {
                sums[j] += row[j] * row[j];
            }
        }

        Write([sums], norms);
    }

    /// <inheritdoc/>
    public void ResolutionScores<T>(
        IReadOnlyList<Fold> folds, DeviceView<T> P, DeviceView<T> Y, ScoreKind kind, DeviceView<double> scores)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[][] p = Read(P);
        double[][] y = Read(Y);
        Own(scores, nameof(scores));
        RequireFolds(folds, Y.Rows);
        Shapes.Require(P, folds.Sum(f => f.Validation.Length), Y.Rows, nameof(P));
        Shapes.Require(scores, folds.Count, Y.Columns, nameof(scores));
        RequireDisjoint(P, scores);
        RequireDisjoint(Y, scores);
        int t = (int)Y.Columns;
        double[][] foldScores = new double[folds.Count][];
        int firstRow = 0;
        for (int f = 0; f < folds.Count; f++)
        {
            double[][] validationRows = Dense.Rows(y, folds[f].Validation);
            double[][] foldP = Dense.Rows(p, firstRow, validationRows.Length);
            foreach (int sample in folds[f].HeldOut)
            {
                if (foldP.Any(row => row[sample] != 0))
                {
                    throw new ArgumentException($"P predicts fold {f} from sample {sample}, which the fold leaves out.", nameof(P));
                }
            }

            foldScores[f] = Scores(kind, validationRows, Dense.Product(foldP, y, t), t);
            firstRow += validationRows.Length;
        }

        Write(foldScores, scores);
    }

    /// <inheritdoc/>
    public void ResidualScores<T>(
        IReadOnlyList<Fold> folds, double yWeight, DeviceView<T> Q, DeviceView<T> filter, DeviceView<T> Z, DeviceView<T> Y,
        DeviceView<T> M, DeviceView<T>? N, ScoreKind kind, DeviceView<double> scores)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[][] q = Read(Q);
        double[][] filterColumn = Read(filter);
        double[][] z = Read(Z);
        double[][] y = Read(Y);
        double[][] m = Read(M);
        double[][]? n = N is { } present ? Read(present, nameof(N)) : null;
        Own(scores, nameof(scores));
        RequireFolds(folds, Y.Rows);
        Shapes.Require(Q, Y.Rows, Q.Columns, nameof(Q));
        Shapes.Require(filter, Q.Columns, 1, nameof(filter));
        Shapes.Require(Z, Q.Columns, Y.Columns, nameof(Z));
        int stackRows = folds.Sum(f => f.HeldOut.Length);
        int stackColumns = folds.Max(f => f.HeldOut.Length);
        Shapes.Require(M, stackRows, stackColumns, nameof(M));
        if (N is { } blocks)
        {
            Shapes.Require(blocks, stackRows, stackColumns, nameof(N));
            RequireDisjoint(blocks, scores);
        }

        Shapes.Require(scores, folds.Count, Y.Columns, nameof(scores));
        foreach (DeviceView<T> input in (DeviceView<T>[])[Q, filter, Z, Y, M])
        {
            RequireDisjoint(input, scores);
        }

        foreach (Fold fold in folds)
        {
            if (fold.ValidationOverlapsTraining)
            {
                throw new ArgumentException("A fold scores rows that it is also trained on: they have no residual.", nameof(folds));
            }
        }

        int t = (int)Y.Columns;
        double[][] e = Residuals(yWeight, y, q, [.. filterColumn.Select(row => row[0])], z, t);
        double[][] foldScores = new double[folds.Count][];
        int firstRow = 0;
        for (int f = 0; f < folds.Count; f++)
        {
            ReadOnlySpan<int> D = folds[f].HeldOut;
            double[][] heldOutY = Dense.Rows(y, D);
            double[][] F = Dense.Product(Dense.Corner(m[firstRow..], D.Length, D.Length), Dense.Rows(e, D), t);
            double[][]? correction =
                n is null ? null : Dense.Product(Dense.Corner(n[firstRow..], D.Length, D.Length), heldOutY, t);
            double[][] predictions = Dense.Zeros(D.Length, t);
            for (int d = 0; d < D.Length; d++)
            {
                for (int j = 0; j < t; j++)
                {
                    predictions[d][j] = correction is null ? heldOutY[d][j] - F[d][j] : F[d][j] - correction[d][j];
                }
            }

            foldScores[f] = Scores(
                kind,
                Dense.Rows(y, folds[f].Validation),
                Dense.Rows(predictions, folds[f].ValidationInHeldOut),
                t);
            firstRow += D.Length;
        }

        Write(foldScores, scores);
    }

    /// <inheritdoc/>
    public void WeightedKernelProduct<T>(DeviceView<T> Ks, DeviceView<T> weights, DeviceView<T> W, DeviceView<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[][] ks = Read(Ks);
        double[][] kernelWeights = Read(weights);
        double[][] w = Read(W);
        Own(result, nameof(result));
        Shapes.Require(Ks, Ks.Rows, weights.Rows * W.Rows, nameof(Ks));
        Shapes.Require(weights, weights.Rows, W.Columns, nameof(weights));
        Shapes.Require(result, Ks.Rows, W.Columns, nameof(result));
        RequireDisjoint(Ks, result);
        RequireDisjoint(weights, result);
        RequireDisjoint(W, result);
        int n = w.Length;
        double[][] sum = Dense.Zeros((int)result.Rows, (int)result.Columns);
        for (int row = 0; row < sum.Length; row++)
        {
            for (int i = 0; i < kernelWeights.Length; i++)
            {
                for (int k = 0; k < n; k++)
                {
                    for (int j = 0; j < sum[row].Length; j++)
                    {
                        sum[row][j] += ks[row][(i * n) + k] * kernelWeights[i][j] * w[k][j];
                    }
                }
            }
        }

        Write(sum, result);
    }

    /// <summary>E = yWeight Y + Q (filter . Z).</summary>
    private static double[][] Residuals(double yWeight, double[][] Y, double[][] Q, double[] filter, double[][] Z, int t)
    {
        double[][] filtered = Dense.Zeros(Z.Length, t);
        for (int r = 0; r < Z.Length; r++)
        {
            for (int j = 0; j < t; j++)
            {
                filtered[r][j] = filter[r] * Z[r][j];
            }
        }

        double[][] E = Dense.Product(Q, filtered, t);
        for (int i = 0; i < E.Length; i++)
        {
            for (int j = 0; j < t; j++)
            {
                E[i][j] += yWeight * Y[i][j];
            }
        }

        return E;
    }

    private static void RequireFolds(IReadOnlyList<Fold> folds, nint samples)
    {
        ArgumentNullException.ThrowIfNull(folds);
        if (folds.Count == 0)
        {
            throw new ArgumentException("There are no folds.", nameof(folds));
        }

        foreach (Fold fold in folds)
        {
            if (fold.Samples != samples)
            {
                throw new ArgumentException($"A fold splits {fold.Samples} samples; Y has {samples} rows.", nameof(folds));
            }
        }
    }
}
