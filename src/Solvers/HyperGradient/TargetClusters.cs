namespace VemKernels.Solvers.HyperGradient;

/// <summary>
/// Targets in groups whose log kernel weights are close, each group with a centre. The kernel at the centre
/// preconditions the systems of the group: weights within c of it bound the condition number by exp(2 c). One object
/// serves one tile after another.
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
    private readonly int _smallest;
    private readonly double[] _floors;
    private readonly double[] _centres;
    private readonly PriorityQueue<Group, double> _open = new();
    private readonly Comparison<int> _byDelta;
    private double[] _deltas = [];
    private int _sortedKernel;
    private int[] _members = [];
    private int[] _order = [];
    private int[] _clusterOf = [];
    private int _targets;

    /// <param name="eigenvalues">The largest eigenvalue of each kernel.</param>
    /// <param name="samples">Order of the systems.</param>
    /// <param name="most">Most groups: each holds an n x n inverse.</param>
    public TargetClusters(IReadOnlyList<double> eigenvalues, int samples, int most)
    {
        _most = most;
        _floors = [.. eigenvalues.Select(value => LogNegligible - Math.Log(Math.Max(value, double.Epsilon)))];

        // A factor and inverse cost as much as some n / (m + 1) targets save by a few steps less.
        _smallest = Math.Max(1, samples / (_floors.Length + 1));
        _centres = new double[most * _floors.Length];
        _byDelta = (a, b) =>
        {
            int order = Delta(_sortedKernel, a).CompareTo(Delta(_sortedKernel, b));
            return order != 0 ? order : a.CompareTo(b);
        };
    }

    /// <summary>How many groups there are.</summary>
    public int Count { get; private set; }

    /// <summary>All targets, group by group.</summary>
    public ReadOnlySpan<int> Order => _order.AsSpan(0, _targets);

    /// <summary>The group of each position of <see cref="Order"/>.</summary>
    public ReadOnlySpan<int> ClusterOf => _clusterOf.AsSpan(0, _targets);

    /// <summary>Log kernel weights at the middle of a group.</summary>
    public ReadOnlySpan<double> Centre(int group) => _centres.AsSpan(group * _floors.Length, _floors.Length);

    /// <summary>Groups the targets of a tile.</summary>
    /// <param name="deltas">Log weights, kernels x targets.</param>
    public void Assign(MatrixView<double> deltas)
    {
        _targets = (int)deltas.Columns;
        if (_members.Length < _targets)
        {
            (_members, _order, _clusterOf) = (new int[_targets], new int[_targets], new int[_targets]);
            _deltas = new double[_floors.Length * _targets];
        }

        for (int j = 0; j < _targets; j++)
        {
            _members[j] = j;
            for (int i = 0; i < _floors.Length; i++)
            {
                _deltas[(j * _floors.Length) + i] = Math.Max(deltas[i, j], _floors[i]);
            }
        }

        Split();
    }

    /// <summary>Halves the widest group along its widest kernel as long as that pays.</summary>
    private void Split()
    {
        Count = 0;
        int ordered = 0;
        Enqueue(new Group(0, _targets));
        while (_open.TryDequeue(out Group group, out double negativeWidth))
        {
            Span<int> members = MembersOf(group);
            if (-negativeWidth <= Narrow || group.Count < 2 * _smallest || Count + _open.Count + 2 > _most)
            {
                SetCentre(members, Count);
                members.CopyTo(_order.AsSpan(ordered));
                _clusterOf.AsSpan(ordered, group.Count).Fill(Count++);
                ordered += group.Count;
                continue;
            }

            _sortedKernel = Widest(members).Kernel;
            members.Sort(_byDelta);
            double middle = (Delta(_sortedKernel, members[0]) + Delta(_sortedKernel, members[^1])) / 2;
            int low = 0;
            while (low < members.Length && Delta(_sortedKernel, members[low]) <= middle)
            {
                low++;
            }

            int cut = Math.Clamp(low, _smallest, members.Length - _smallest);
            Enqueue(new Group(group.First, cut));
            Enqueue(new Group(group.First + cut, group.Count - cut));
        }
    }

    private double Delta(int kernel, int target) => _deltas[(target * _floors.Length) + kernel];

    private void Enqueue(Group group) => _open.Enqueue(group, -Widest(MembersOf(group)).Width);

    private Span<int> MembersOf(Group group) => _members.AsSpan(group.First, group.Count);

    private (int Kernel, double Width) Widest(ReadOnlySpan<int> group)
    {
        (int kernel, double width) = (0, 0);
        for (int i = 0; i < _floors.Length; i++)
        {
            (double low, double high) = Range(i, group);
            if (high - low > width)
            {
                (kernel, width) = (i, high - low);
            }
        }

        return (kernel, width);
    }

    private void SetCentre(ReadOnlySpan<int> group, int index)
    {
        for (int i = 0; i < _floors.Length; i++)
        {
            (double low, double high) = Range(i, group);
            _centres[(index * _floors.Length) + i] = (low + high) / 2;
        }
    }

    private (double Low, double High) Range(int kernel, ReadOnlySpan<int> group)
    {
        double low = double.PositiveInfinity;
        double high = double.NegativeInfinity;
        foreach (int j in group)
        {
            low = Math.Min(low, Delta(kernel, j));
            high = Math.Max(high, Delta(kernel, j));
        }

        return (low, high);
    }

    /// <summary>Targets side by side in the list of members.</summary>
    private readonly record struct Group(int First, int Count);
}
