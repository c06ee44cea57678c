using System.Numerics;

namespace VemKernels.Simd;

/// <summary>
/// Cross-validation of a tile of targets from one factorisation (docs/algorithms.md): the three ways to evaluate the
/// residuals on held-out samples. Targets go by in sub-tiles, so that predictions of a sub-tile are scored while they
/// are in cache.
/// <code>
///             targets ->
///   samples | Y : sub-tile : |     product with a small matrix     scores | fold 1 : sub-tile : |
///           |   :          : |  -> of a sub-tile, scored at once ->       | fold 2 :          : |
/// </code>
/// </summary>
internal static unsafe class CrossValidationTile<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// Targets in a sub-tile: wide enough that packing the small matrix again is under one per cent of the product.
    /// </summary>
    private const int SubTile = 768;

    /// <summary>norms(0, j) = |R y_j|^2, R upper triangular.</summary>
    public static void TriangularSquaredNorms(
        SimdContext context, MatrixView<T> R, MatrixView<T> Y, MatrixView<double> norms)
    {
        using Scratch<T> scratch = context.Scratch.Rent<T>(R.Rows * Math.Min(SubTile, Y.Columns));
        for (nint first = 0; first < Y.Columns; first += SubTile)
        {
            nint count = Math.Min(SubTile, Y.Columns - first);
            MatrixView<T> product = scratch.View(R.Rows, count);
            MatrixView<double> result = norms.SliceColumns(first, count);
            Gemm<S, V, T>.Run(context, T.One, R, Y.SliceColumns(first, count), T.Zero, product, GemmShapes.UpperA);
            Rows.ForStrips(context, count, (product, result), static (on, column, wide) =>
            {
                (MatrixView<T> product, MatrixView<double> result) = on;
                double* sums = stackalloc double[Rows.StripColumns];
                ColumnSums<S, V, T>.Squares(new RowSet<T>(product.SliceColumns(column, wide)), wide, sums);
                for (int j = 0; j < wide; j++)
                {
                    result[0, column + j] = sums[j];
                }
            });
        }
    }

    /// <summary>Predictions P Y of all folds at once, scored fold by fold.</summary>
    public static void ResolutionScores(
        SimdContext context, IReadOnlyList<Fold> folds, MatrixView<T> P, MatrixView<T> Y, ScoreKind kind,
        MatrixView<double> scores)
    {
        using Scratch<T> scratch = context.Scratch.Rent<T>(P.Rows * Math.Min(SubTile, Y.Columns));
        for (nint first = 0; first < Y.Columns; first += SubTile)
        {
            nint count = Math.Min(SubTile, Y.Columns - first);
            MatrixView<T> predictions = scratch.View(P.Rows, count);
            MatrixView<T> tile = Y.SliceColumns(first, count);
            Gemm<S, V, T>.Run(context, T.One, P, tile, T.Zero, predictions);
            nint row = 0;
            for (int f = 0; f < folds.Count; f++)
            {
                ReadOnlySpan<int> validation = folds[f].Validation;
                fixed (int* indices = validation)
                {
                    RowSet<T> truth = new(tile.Pointer, tile.RowStride, validation.Length, indices);
                    RowSet<T> predicted = new(predictions.SliceRows(row, validation.Length));
                    Scores<S, V, T>.FromPredictions(
                        context, kind, truth, predicted, count, scores.Block(f, first, 1, count));
                }

                row += validation.Length;
            }
        }
    }

    /// <summary>E = yWeight Y + Q (filter . Z), then M_f E(D, :) fold by fold; see the contract.</summary>
    public static void ResidualScores(
        SimdContext context, IReadOnlyList<Fold> folds, T yWeight, MatrixView<T> Q, T* filter, MatrixView<T> Z,
        MatrixView<T> Y,
        MatrixView<T> M, MatrixView<T>? N, ScoreKind kind, MatrixView<double> scores)
    {
        nint wide = Math.Min(SubTile, Y.Columns);
        nint largest = M.Columns;
        using Scratch<T> filteredScratch = context.Scratch.Rent<T>(Q.Columns * wide);
        using Scratch<T> residualScratch = context.Scratch.Rent<T>(Q.Rows * wide);
        using Scratch<T> heldOutScratch = context.Scratch.Rent<T>(largest * wide);
        using Scratch<T> solvedScratch = context.Scratch.Rent<T>(largest * wide);
        for (nint first = 0; first < Y.Columns; first += SubTile)
        {
            nint count = Math.Min(SubTile, Y.Columns - first);
            MatrixView<T> tile = Y.SliceColumns(first, count);
            MatrixView<T> filtered = filteredScratch.View(Q.Columns, count);
            MatrixView<T> E = residualScratch.View(Q.Rows, count);
            Elementwise<S, V, T>.Scale(context, Z.SliceColumns(first, count), filter, null, filtered);
            if (yWeight != T.Zero)
            {
                Elementwise<S, V, T>.Copy(context, tile, E);
            }

            Gemm<S, V, T>.Run(context, T.One, Q, filtered, yWeight, E);
            nint row = 0;
            for (int f = 0; f < folds.Count; f++)
            {
                Fold fold = folds[f];
                nint d = fold.HeldOut.Length;
                MatrixView<T> heldOut = heldOutScratch.View(d, count);
                MatrixView<T> solved = solvedScratch.View(d, count);
                RowSelection<T>.Gather(E, fold.HeldOut, heldOut);
                Gemm<S, V, T>.Run(context, T.One, M.Block(row, 0, d, d), heldOut, T.Zero, solved);
                bool predicts = N is not null || kind == ScoreKind.Correlation;
                if (predicts)
                {
                    RowSelection<T>.Gather(tile, fold.HeldOut, heldOut);
                }

                if (N is { } predictionsFrom)
                {
                    Gemm<S, V, T>.Run(context, -T.One, predictionsFrom.Block(row, 0, d, d), heldOut, T.One, solved);
                }
                else if (predicts)
                {
                    // Correlation needs predictions: what was measured less the residual.
                    Elementwise<S, V, T>.AddScaled(context, -T.One, solved, heldOut);
                    (solved, heldOut) = (heldOut, solved);
                }

                ReadOnlySpan<int> validation = fold.Validation;
                ReadOnlySpan<int> positions = fold.ValidationInHeldOut;
                fixed (int* truthRows = validation, solvedRows = positions)
                {
                    RowSet<T> truth = new(tile.Pointer, tile.RowStride, validation.Length, truthRows);
                    RowSet<T> scored = new(solved.Pointer, solved.RowStride, validation.Length, solvedRows);
                    MatrixView<double> result = scores.Block(f, first, 1, count);
                    if (predicts)
                    {
                        Scores<S, V, T>.FromPredictions(context, kind, truth, scored, count, result);
                    }
                    else
                    {
                        Scores<S, V, T>.FromResiduals(context, kind, truth, scored, count, result);
                    }
                }

                row += d;
            }
        }
    }
}
