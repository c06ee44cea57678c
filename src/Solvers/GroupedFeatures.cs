using System.Numerics;

namespace VemKernels.Solvers;

/// <summary>
/// Features of one matrix as spaces, by a label a feature (himalaya's groups): equal labels make a space, spaces go by
/// ascending label, a space's features keep their order, features of a negative label are in none.
/// </summary>
/// <remarks>Each space is a copy of its columns, gathered once; the matrix itself is not needed any more.</remarks>
/// <typeparam name="T">float or double.</typeparam>
public sealed class GroupedFeatures<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Matrix<T>[] _spaces;
    private readonly int[] _order;

    /// <summary>Gathers the spaces.</summary>
    /// <param name="features">samples x features.</param>
    /// <param name="groups">The label of each feature.</param>
    /// <exception cref="ArgumentException">Labels for another number of features, or all of them negative.</exception>
    public GroupedFeatures(MatrixView<T> features, IReadOnlyList<int> groups)
    {
        ArgumentNullException.ThrowIfNull(groups);
        if (groups.Count != features.Columns)
        {
            throw new ArgumentException(
                $"groups labels {groups.Count} features; there are {features.Columns}.", nameof(groups));
        }

        int[][] columns =
        [
            .. Enumerable.Range(0, groups.Count).Where(j => groups[j] >= 0).GroupBy(j => groups[j])
                .OrderBy(group => group.Key)
                .Select(group => group.ToArray()),
        ];
        if (columns.Length == 0)
        {
            throw new ArgumentException("groups are all negative: every feature is ignored.", nameof(groups));
        }

        Features = features.Columns;
        Labels = Array.ConvertAll(columns, space => groups[space[0]]);
        _order = [.. columns.SelectMany(space => space)];
        _spaces = new Matrix<T>[columns.Length];
        for (int i = 0; i < columns.Length; i++)
        {
            _spaces[i] = Matrix<T>.Uninitialized(features.Rows, columns[i].Length);
            for (int j = 0; j < columns[i].Length; j++)
            {
                features.SliceColumns(columns[i][j], 1).CopyTo(_spaces[i].View.SliceColumns(j, 1));
            }
        }
    }

    /// <summary>Features of the matrix, those of no space included.</summary>
    public nint Features { get; }

    /// <summary>The label of each space, ascending.</summary>
    public IReadOnlyList<int> Labels { get; }

    /// <summary>The spaces, samples x features each: what solvers take.</summary>
    public IReadOnlyList<MatrixView<T>> Spaces => [.. _spaces.Select(space => space.View)];

    /// <summary>Features that are in some space.</summary>
    public int KeptFeatures => _order.Length;

    /// <summary>
    /// Primal weights from the order of the spaces to that of the matrix, in place: rows 0 to <see
    /// cref="KeptFeatures"/> hold those of the spaces side by side; features of no space get zeros.
    /// </summary>
    /// <param name="weights">Features x targets.</param>
    /// <exception cref="ArgumentException">Another number of rows.</exception>
    public void ToFeatureOrder(MatrixView<T> weights)
    {
        Shapes.Require(weights, Features, weights.Columns, nameof(weights));
        weights.SliceRows(_order.Length, Features - _order.Length).Fill(T.Zero);
        bool[] kept = new bool[Features];
        Array.ForEach(_order, feature => kept[feature] = true);
        int[] destination = [.. _order, .. Enumerable.Range(0, (int)Features).Where(feature => !kept[feature])];
        using Matrix<T> held = Matrix<T>.Uninitialized(1, weights.Columns);
        for (int start = 0; start < destination.Length; start++)
        {
            // A cycle of rows: what is in the way of row start goes to its own place through row start.
            while (destination[start] != start)
            {
                int row = destination[start];
                Swap(weights.SliceRows(start, 1), weights.SliceRows(row, 1), held.View);
                (destination[start], destination[row]) = (destination[row], row);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Array.ForEach(_spaces, space => space.Dispose());

    private static void Swap(MatrixView<T> a, MatrixView<T> b, MatrixView<T> held)
    {
        a.CopyTo(held);
        b.CopyTo(a);
        held.CopyTo(b);
    }
}
