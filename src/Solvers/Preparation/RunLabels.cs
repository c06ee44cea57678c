namespace VemKernels.Solvers;

/// <summary>One run of a recording: samples First to First + Count - 1 carry its label.</summary>
/// <param name="Label">The run's number.</param>
/// <param name="First">Its first sample.</param>
/// <param name="Count">How many samples it has.</param>
public readonly record struct RunSegment(int Label, int First, int Count);

/// <summary>Which run each sample belongs to; the samples of a run lie side by side.</summary>
public sealed class RunLabels
{
    private readonly int[] _labels;
    private readonly RunSegment[] _segments;
    private readonly Dictionary<int, RunSegment> _byLabel = [];

    /// <summary>Describes runs by the label of each sample.</summary>
    /// <exception cref="ArgumentException">No samples, or a run whose samples are not side by side.</exception>
    public RunLabels(ReadOnlySpan<int> labels)
    {
        if (labels.IsEmpty)
        {
            throw new ArgumentException("Run labels of no samples.", nameof(labels));
        }

        _labels = labels.ToArray();
        List<RunSegment> segments = [];
        for (int first = 0; first < labels.Length;)
        {
            int label = labels[first];
            int length = labels[first..].IndexOfAnyExcept(label);
            RunSegment segment = new(label, first, length < 0 ? labels.Length - first : length);
            if (!_byLabel.TryAdd(label, segment))
            {
                throw new ArgumentException(
                    $"Run {label} is not contiguous: it comes back at sample {first} after other runs.",
                    nameof(labels));
            }

            segments.Add(segment);
            first += segment.Count;
        }

        _segments = [.. segments];
    }

    /// <summary>How many samples there are.</summary>
    public int Samples => _labels.Length;

    /// <summary>The label of each sample.</summary>
    public ReadOnlySpan<int> Labels => _labels;

    /// <summary>The runs, in the order of their samples.</summary>
    public ReadOnlySpan<RunSegment> Segments => _segments;

    /// <summary>All samples as one run, labelled 1.</summary>
    /// <exception cref="ArgumentException">No samples.</exception>
    public static RunLabels Single(int samples)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(samples);
        int[] labels = new int[samples];
        Array.Fill(labels, 1);
        return new RunLabels(labels);
    }

    /// <summary>The samples of the named runs, ascending, whatever the order of the names.</summary>
    /// <exception cref="ArgumentException">No run is named, or one that does not exist.</exception>
    public int[] Select(ReadOnlySpan<int> runs)
    {
        if (runs.IsEmpty)
        {
            throw new ArgumentException("No run was named.", nameof(runs));
        }

        foreach (int run in runs)
        {
            if (!_byLabel.ContainsKey(run))
            {
                throw new ArgumentException($"There is no run {run}; there are {DescribeLabels()}.", nameof(runs));
            }
        }

        return SamplesOf(runs, named: true);
    }

    /// <summary>The samples of all runs but the named ones, ascending; may be none.</summary>
    public int[] SelectOthers(ReadOnlySpan<int> runs) => SamplesOf(runs, named: false);

    /// <summary>The labels of some samples.</summary>
    /// <exception cref="IndexOutOfRangeException">A sample that does not exist.</exception>
    public int[] LabelsOf(ReadOnlySpan<int> samples)
    {
        int[] labels = new int[samples.Length];
        for (int i = 0; i < labels.Length; i++)
        {
            labels[i] = _labels[samples[i]];
        }

        return labels;
    }

    /// <summary>Requires the labels to describe as many samples as some data have.</summary>
    /// <exception cref="ArgumentException">The counts differ.</exception>
    internal void RequireSamples(nint samples, string name)
    {
        if (samples != Samples)
        {
            throw new ArgumentException($"{name} has {samples} samples; the run labels have {Samples}.", name);
        }
    }

    /// <summary>Requires runs that a standard deviation can be taken of.</summary>
    /// <exception cref="ArgumentException">A run has one sample.</exception>
    internal void RequireSeveralSamplesEach()
    {
        foreach (RunSegment segment in _segments)
        {
            if (segment.Count == 1)
            {
                throw new ArgumentException(
                    $"Run {segment.Label} has one sample (sample {segment.First}); z-scoring inside runs needs at least two.");
            }
        }
    }

    private int[] SamplesOf(ReadOnlySpan<int> runs, bool named)
    {
        List<int> samples = [];
        foreach (RunSegment segment in _segments)
        {
            if (runs.Contains(segment.Label) == named)
            {
                for (int i = 0; i < segment.Count; i++)
                {
                    samples.Add(segment.First + i);
                }
            }
        }

        return [.. samples];
    }

    private string DescribeLabels()
    {
        const int Shown = 20;
        string shown = string.Join(", ", _segments.Take(Shown).Select(segment => segment.Label));
        return _segments.Length > Shown ? $"{shown}, ... ({_segments.Length} runs)" : $"{shown}";
    }
}
