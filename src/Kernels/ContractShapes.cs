namespace VemKernels;

/// <summary>
/// The shapes that operations of <see cref="IBackend"/> with many operands want, checked once for all backends. Names
/// in messages are those of the contract's parameters.
/// </summary>
public static class ContractShapes
{
    /// <summary>Requires splits of so many samples.</summary>
    /// <exception cref="ArgumentException">A split is of another number.</exception>
    public static void RequireSamples(IReadOnlyList<Fold> folds, nint samples)
    {
        for (int f = 0; f < folds.Count; f++)
        {
            if (folds[f].Samples != samples)
            {
                throw new ArgumentException(
                    $"A fold indexes {folds[f].Samples} samples; the responses have {samples}.", nameof(folds));
            }
        }
    }

    /// <summary>What <see cref="IBackend.ResidualScores"/> wants, but for its filter.</summary>
    /// <exception cref="ArgumentException">A shape is another, or a validation row is also trained on.</exception>
    public static void RequireResidualScores<T>(
        IReadOnlyList<Fold> folds, DeviceView<T> Q, DeviceView<T> Z, DeviceView<T> Y, DeviceView<T> M, DeviceView<T>? N,
        DeviceView<double> scores)
        where T : unmanaged
    {
        nint rows = 0;
        nint largest = 0;
        for (int f = 0; f < folds.Count; f++)
        {
            rows += folds[f].HeldOut.Length;
            largest = Math.Max(largest, folds[f].HeldOut.Length);
            if (folds[f].ValidationOverlapsTraining)
            {
                throw new ArgumentException(
                    "ResidualScores scores held-out rows only; a validation row is also trained on.", nameof(folds));
            }
        }

        RequireSamples(folds, Y.Rows);
        Shapes.Require(Q, Y.Rows, Q.Columns, nameof(Q));
        Shapes.Require(Z, Q.Columns, Y.Columns, nameof(Z));
        Shapes.Require(M, rows, largest, nameof(M));
        if (N is { } given)
        {
            Shapes.Require(given, rows, largest, nameof(N));
        }

        Shapes.Require(scores, folds.Count, Y.Columns, nameof(scores));
    }

    /// <summary>What products of indexed kernels want of their inputs.</summary>
    /// <exception cref="ArgumentException">A shape is another, or an index is outside of the kernels.</exception>
    public static void RequireIndexedKernels<T>(
        DeviceView<T> Ks, ReadOnlySpan<int> rows, ReadOnlySpan<int> columns, DeviceView<T> weights, DeviceView<T> W)
        where T : unmanaged
    {
        Shapes.Require(Ks, Ks.Rows, weights.Rows * Ks.Rows, nameof(Ks));
        Shapes.Require(W, columns.Length, W.Columns, nameof(W));
        Shapes.Require(weights, weights.Rows, W.Columns, nameof(weights));
        RequireIndices(rows, Ks.Rows, nameof(rows));
        RequireIndices(columns, Ks.Rows, nameof(columns));
    }

    /// <summary>Requires indices under a count.</summary>
    /// <exception cref="ArgumentException">An index is outside.</exception>
    public static void RequireIndices(ReadOnlySpan<int> indices, nint count, string name)
    {
        foreach (int i in indices)
        {
            if (i < 0 || i >= count)
            {
                throw new ArgumentException($"Index {i} is outside 0..{count - 1}.", name);
            }
        }
    }

    /// <summary>What <see cref="IBackend.SparseGroupProximalStep"/> wants.</summary>
    /// <exception cref="ArgumentException">A shape is another, or groups do not end with the features.</exception>
    public static void RequireProximalStep<T>(
        ReadOnlySpan<int> groupEnds, DeviceView<T>? linear, DeviceView<T> thresholds, DeviceView<T> active,
        DeviceView<T> gradient, DeviceView<T> point, DeviceView<T> weights, DeviceView<double> changes)
        where T : unmanaged
    {
        nint features = weights.Rows;
        nint targets = weights.Columns;
        GroupEnds.Require(groupEnds, features, nameof(groupEnds));
        if (linear is { } given)
        {
            Shapes.Require(given, features, targets, nameof(linear));
        }

        Shapes.Require(thresholds, 2, targets, nameof(thresholds));
        Shapes.Require(active, 1, targets, nameof(active));
        Shapes.Require(gradient, features, targets, nameof(gradient));
        Shapes.Require(point, features, targets, nameof(point));
        Shapes.Require(changes, 2, targets, nameof(changes));
    }
}
