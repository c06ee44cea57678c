using System.Numerics;

namespace VemKernels.Device;

/// <content>The operations of cross-validation: products on tiles of targets, then a kernel that scores them.</content>
public abstract partial class DeviceBackend
{
    /// <summary>
    /// Rows of a strip of a triangular matrix, of which what lies left of the diagonal is not computed.
    /// </summary>
    private const int TriangularStrip = 256;

    /// <inheritdoc/>
    public void TriangularSquaredNorms<T>(DeviceView<T> R, DeviceView<T> Y, DeviceView<double> norms)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Shapes.RequireSquare(R, nameof(R));
        Shapes.Require(Y, R.Columns, Y.Columns, nameof(Y));
        Shapes.Require(norms, 1, Y.Columns, nameof(norms));
        if (IsHosted<T>())
        {
            Host.TriangularSquaredNorms(OnHost(R, nameof(R)), OnHost(Y, nameof(Y)), OnHost(norms, nameof(norms)));
            return;
        }

        BufferView r = OnDevice(R, nameof(R));
        BufferView y = OnDevice(Y, nameof(Y));
        using WideView wide = Wide(norms, nameof(norms));
        nint tile = ColumnTile<T>(r.Rows, y.Columns);
        using Scratch product = Rent<T>(r.Rows, tile);
        for (nint first = 0; first < y.Columns; first += tile)
        {
            nint columns = Math.Min(tile, y.Columns - first);
            BufferView ry = product.View.SliceColumns(0, columns);
            BufferView part = y.SliceColumns(first, columns);
            for (nint row = 0; row < r.Rows; row += TriangularStrip)
            {
                nint rows = Math.Min(TriangularStrip, r.Rows - row);
                nint right = r.Rows - row;
                Gemm<T>(1, r.Block(row, row, rows, right), part.SliceRows(row, right), 0, ry.SliceRows(row, rows));
            }

            PairsOfColumns<T>("column_dots", ry, ry, wide.View.SliceColumns(first, columns));
        }

        wide.WriteBack();
    }

    /// <inheritdoc/>
    public void ResolutionScores<T>(
        IReadOnlyList<Fold> folds, DeviceView<T> P, DeviceView<T> Y, ScoreKind kind, DeviceView<double> scores)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nint rows = folds.Sum(fold => fold.Validation.Length);
        ContractShapes.RequireSamples(folds, Y.Rows);
        Shapes.Require(P, rows, Y.Rows, nameof(P));
        Shapes.Require(scores, folds.Count, Y.Columns, nameof(scores));
        if (IsHosted<T>())
        {
            Host.ResolutionScores(folds, OnHost(P, nameof(P)), OnHost(Y, nameof(Y)), kind,
                OnHost(scores, nameof(scores)));
            return;
        }

        BufferView p = OnDevice(P, nameof(P));
        BufferView y = OnDevice(Y, nameof(Y));
        using WideView wide = Wide(scores, nameof(scores));
        using ScoredRows scored = ScoredRows.OfValidation(_runtime, folds);
        nint tile = ColumnTile<T>(rows, y.Columns);
        using Scratch product = Rent<T>(rows, tile);
        for (nint first = 0; first < y.Columns; first += tile)
        {
            nint columns = Math.Min(tile, y.Columns - first);
            BufferView part = y.SliceColumns(first, columns);
            BufferView predictions = product.View.SliceColumns(0, columns);
            Gemm<T>(1, p, part, 0, predictions);
            Scores<T>(kind, isResiduals: false, part, predictions, scored, wide.View.SliceColumns(first, columns));
        }

        wide.WriteBack();
    }

    /// <inheritdoc/>
    public void ResidualScores<T>(
        IReadOnlyList<Fold> folds, double yWeight, DeviceView<T> Q, DeviceView<T> filter, DeviceView<T> Z,
        DeviceView<T> Y,
        DeviceView<T> M, DeviceView<T>? N, ScoreKind kind, DeviceView<double> scores)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ContractShapes.RequireResidualScores(folds, Q, Z, Y, M, N, scores);
        nint rows = folds.Sum(fold => fold.HeldOut.Length);
        if (IsHosted<T>())
        {
            Host.ResidualScores(
                folds, yWeight, OnHost(Q, nameof(Q)), OnHost(filter, nameof(filter)), OnHost(Z, nameof(Z)),
                OnHost(Y, nameof(Y)),
                OnHost(M, nameof(M)), OnHost(N, nameof(N)), kind, OnHost(scores, nameof(scores)));
            return;
        }

        BufferView q = OnDevice(Q, nameof(Q));
        BufferView z = OnDevice(Z, nameof(Z));
        BufferView y = OnDevice(Y, nameof(Y));
        BufferView m = OnDevice(M, nameof(M));
        BufferView? n = N is { } blocks ? OnDevice(blocks, nameof(N)) : null;
        BufferView factors = Row<T>(filter, Q.Columns, q, nameof(filter));
        using WideView wide = Wide(scores, nameof(scores));
        using ScoredRows scored = ScoredRows.OfHeldOut(_runtime, folds);
        int[] heldOut = [.. folds.SelectMany(fold => fold.HeldOut.ToArray())];
        nint tile = ColumnTile<T>(Math.Max(Math.Max(rows, y.Rows), q.Columns), y.Columns);
        bool fused = n is null && SolvesAndScores<T>(kind, folds);
        using HeldOutRows? held = fused ? new HeldOutRows(_runtime, folds) : null;
        using Scratch filtered = Rent<T>(q.Columns, tile);
        using Scratch errors = Rent<T>(y.Rows, tile);
        using Scratch gathered = Rent<T>(fused ? 0 : rows, tile);
        using Scratch solved = Rent<T>(fused ? 0 : rows, tile);
        for (nint first = 0; first < y.Columns; first += tile)
        {
            nint columns = Math.Min(tile, y.Columns - first);
            BufferView part = y.SliceColumns(first, columns);
            BufferView cz = filtered.View.SliceColumns(0, columns);
            BufferView e = errors.View.SliceColumns(0, columns);
            BufferView d = gathered.View.SliceColumns(0, columns);
            BufferView f = solved.View.SliceColumns(0, columns);
            Scale<T>(z.SliceColumns(first, columns), factors, null, cz);
            if (yWeight != 0)
            {
                Copy<T>(part, e);
            }

            Gemm<T>(1, q, cz, yWeight, e);
            if (held is not null)
            {
                SolveAndScore<T>(kind, held, m, e, part, scored, wide.View.SliceColumns(first, columns));
                continue;
            }

            Select<T>("gather_rows", e, heldOut, d);
            SolveFolds<T>(folds, 1, m, d, 0, f);
            if (n is { } corrections)
            {
                Select<T>("gather_rows", part, heldOut, d);
                SolveFolds<T>(folds, -1, corrections, d, 1, f);
            }

            Scores<T>(kind, isResiduals: n is null, part, f, scored, wide.View.SliceColumns(first, columns));
        }

        wide.WriteBack();
    }

    /// <inheritdoc/>
    public void WeightedKernelProduct<T>(DeviceView<T> Ks, DeviceView<T> weights, DeviceView<T> W, DeviceView<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Shapes.Require(Ks, Ks.Rows, weights.Rows * W.Rows, nameof(Ks));
        Shapes.Require(weights, weights.Rows, W.Columns, nameof(weights));
        Shapes.Require(result, Ks.Rows, W.Columns, nameof(result));
        if (IsHosted<T>())
        {
            Host.WeightedKernelProduct(
                OnHost(Ks, nameof(Ks)), OnHost(weights, nameof(weights)), OnHost(W, nameof(W)),
                OnHost(result, nameof(result)));
            return;
        }

        BufferView ks = OnDevice(Ks, nameof(Ks));
        BufferView factors = OnDevice(weights, nameof(weights));
        BufferView w = OnDevice(W, nameof(W));
        BufferView into = OnDevice(result, nameof(result));
        WeightedProduct<T>(ks, factors, w, into);
    }

    /// <summary>result = sum over i of K_i (weights(i, :) . W), the K_i side by side in ks.</summary>
    private protected virtual void WeightedProduct<T>(
        BufferView ks, BufferView weights, BufferView w, BufferView result)
        where T : unmanaged
    {
        nint n = w.Rows;
        WeightedSum<T>(weights, w, result, kernel => ks.SliceColumns(kernel * n, n));
    }

    /// <summary>
    /// result = sum over i of K_i (weights(i, :) . W), a tile of targets and a kernel at a time: the weighted
    /// right-hand side of one kernel is all that is stored.
    /// </summary>
    private void WeightedSum<T>(BufferView weights, BufferView w, BufferView result, Func<nint, BufferView> kernelOf)
        where T : unmanaged
    {
        if (weights.Rows == 0 || w.Rows == 0)
        {
            Fill<T>(result, 0);
            return;
        }

        nint tile = ColumnTile<T>(w.Rows, w.Columns);
        using Scratch weighted = Rent<T>(w.Rows, tile);
        for (nint kernel = 0; kernel < weights.Rows; kernel++)
        {
            BufferView k = kernelOf(kernel);
            for (nint first = 0; first < w.Columns; first += tile)
            {
                nint columns = Math.Min(tile, w.Columns - first);
                BufferView part = weighted.View.SliceColumns(0, columns);
                Scale<T>(w.SliceColumns(first, columns), null, weights.Block(kernel, first, 1, columns), part);
                Gemm<T>(1, k, part, kernel == 0 ? 0 : 1, result.SliceColumns(first, columns));
            }
        }
    }

    /// <summary>Whether <see cref="SolveAndScore"/> serves these folds: a device that keeps a fold to itself.</summary>
    private protected virtual bool SolvesAndScores<T>(ScoreKind kind, IReadOnlyList<Fold> folds)
        where T : unmanaged => false;

    /// <summary>The scores of F = M_f E(D_f, :) as residuals of the validation rows, for all folds.</summary>
    private protected virtual void SolveAndScore<T>(
        ScoreKind kind, HeldOutRows held, BufferView m, BufferView e, BufferView truth, ScoredRows scored,
        BufferView scores)
        where T : unmanaged => throw new NotSupportedException("This device solves and scores one after the other.");

    /// <summary>result(D_f, :) = alpha M_f X(D_f, :) + beta result(D_f, :) for the stacked rows of all folds.</summary>
    private void SolveFolds<T>(IReadOnlyList<Fold> folds, double alpha, BufferView stack, BufferView x, double beta,
        BufferView result)
        where T : unmanaged
    {
        nint first = 0;
        foreach (Fold fold in folds)
        {
            nint count = fold.HeldOut.Length;
            Gemm<T>(alpha, stack.Block(first, 0, count, count), x.SliceRows(first, count), beta,
                result.SliceRows(first, count));
            first += count;
        }
    }

    private void Scores<T>(ScoreKind kind, bool isResiduals, BufferView truth, BufferView predictions,
        ScoredRows? rows, BufferView scores)
        where T : unmanaged
    {
        KernelCall call = Call<T>("scores", "scores");
        call.Int((int)kind);
        call.Flag(isResiduals);
        call.Flag(rows is not null);
        call.View(truth);
        call.Buffer(rows?.Truth ?? truth.Buffer);
        call.View(predictions);
        call.Buffer(rows?.Predictions ?? truth.Buffer);
        call.Buffer(rows?.Ends ?? truth.Buffer);
        call.View(scores);
        call.Size(truth.Rows);
        call.Int(rows?.Folds ?? 1);
        call.Size(truth.Columns);
        call.RunColumns(rows?.Folds ?? 1, truth.Columns);
    }
}
