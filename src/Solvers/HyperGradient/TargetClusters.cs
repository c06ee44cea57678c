namespace VemKernels.Solvers.HyperGradient;

/// <summary>
/// Targets in groups whose log kernel weights are close, each group with a centre. The kernel at the centre
/// preconditions the systems of the group: weights within c of it bound the condition number by exp(2 c).
/// </summary>
internal sealed class TargetClusters
{
    /// <summary>
    /// Groups this wide or narrower (in log weight, from lowest to highest) are not split: conditions of e, a handful
    /// of steps.
    /// </summary>
    private const double Narrow = 1.0;

    /// <summary>
    /// exp(delta) times the kernel's largest eigenvalue under exp of this is nothing beside the identity.
    /// </summary>
    private const double LogNegligible = -4;

    private readonly int _most;
    private readonly double[,] _deltas;
    private readonly List<(int[] Targets, double[] Centre)> _clusters = [];

    /// <param name="deltas">Log weights, kernels x targets.</param>
    /// <param name="eigenvalues">The largest eigenvalue of each kernel.</param>
    /// <param name="samples">Order of the systems.</param>
    /// <param name="most">Most groups: each holds an n x n inverse.</param>
    public TargetClusters(double[,] deltas, double[] eigenvalues, int samples, int most)
    {
        _most = most;
        int m = deltas.GetLength(0);
        int targets = deltas.GetLength(1);
        _deltas = new double[m, targets];
        for (int i = 0; i < m; i++)
        {
            double floor = LogNegligible - Math.Log(Math.Max(eigenvalues[i], double.Epsilon));
            for (int j = 0; j < targets; j++)
            {
                _deltas[i, j] = Math.Max(deltas[i, j], floor);
            }
        }

        // A factor and inverse cost as much as some n / (m + 1) targets save by a few steps less.
        Split([.. Enumerable.Range(0, targets)], Math.Max(1, samples / (m + 1)));
        Order = [.. _clusters.SelectMany(cluster => cluster.Targets)];
        ClusterOf = [.. _clusters.SelectMany((cluster, index) => cluster.Targets.Select(_ => index))];
        Centres = [.. _clusters.Select(cluster => cluster.Centre)];
    }

    /// <summary>All targets, group by group.</summary>
    public int[] Order { get; }

    /// <summary>The group of each position of <see cref="Order"/>.</summary>
    public int[] ClusterOf { get; }

    /// <summary>Log kernel weights at the middle of each group.</summary>
    public IReadOnlyList<double[]> Centres { get; }

    /// <summary>Halves the widest group along its widest kernel as long as that pays.</summary>
    private void Split(int[] all, int smallest)
    {
        PriorityQueue<int[], double> open = new();
        open.Enqueue(all, -Widest(all).Width);
        while (open.TryDequeue(out int[]? group, out double negativeWidth))
        {
            if (-negativeWidth <= Narrow || group.Length < 2 * smallest || _clusters.Count + open.Count + 2 > _most)
            {
                _clusters.Add((group, Centre(group)));
                continue;
            }

            int kernel = Widest(group).Kernel;
            int[] sorted = [.. group.OrderBy(j => _deltas[kernel, j]).ThenBy(j => j)];
            double middle = (_deltas[kernel, sorted[0]] + _deltas[kernel, sorted[^1]]) / 2;
            int cut = Math.Clamp(sorted.Count(j => _deltas[kernel, j] <= middle), smallest, sorted.Length - smallest);
            foreach (int[] half in (int[][])[sorted[..cut], sorted[cut..]])
            {
                open.Enqueue(half, -Widest(half).Width);
            }
        }
    }

    private (int Kernel, double Width) Widest(int[] group)
    {
        (int kernel, double width) = (0, 0);
        for (int i = 0; i < _deltas.GetLength(0); i++)
        {
            (double low, double high) = Range(i, group);
            if (high - low > width)
            {
                (kernel, width) = (i, high - low);
            }
        }

        return (kernel, width);
    }

    private double[] Centre(int[] group)
    {
        double[] centre = new double[_deltas.GetLength(0)];
        for (int i = 0; i < centre.Length; i++)
        {
            (double low, double high) = Range(i, group);
            centre[i] = (low + high) / 2;
        }

        return centre;
    }

    private (double Low, double High) Range(int kernel, int[] group)
    {
        double low = double.PositiveInfinity;
        double high = double.NegativeInfinity;
        foreach (int j in group)
        {
            low = Math.Min(low, _deltas[kernel, j]);
            high = Math.Max(high, _deltas[kernel, j]);
        }

        return (low, high);
    }
}
