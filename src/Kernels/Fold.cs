namespace VemKernels;

/// <summary>One split of cross-validation: sample indices to train on and to score.</summary>
public sealed class Fold
{
    private readonly int[] _train;
    private readonly int[] _validation;
    private readonly int[] _heldOut;
    private readonly int[] _validationInHeldOut;

    /// <summary>Makes a split of samples 0 to samples - 1.</summary>
    /// <param name="train">Rows to train on. Repeats are allowed (bootstrap).</param>
    /// <param name="validation">Rows to score.</param>
    /// <param name="samples">How many rows there are.</param>
    /// <exception cref="ArgumentException">An empty set, or an index outside 0 to samples - 1.</exception>
    public Fold(ReadOnlySpan<int> train, ReadOnlySpan<int> validation, int samples)
    {
        if (train.IsEmpty || validation.IsEmpty)
        {
            throw new ArgumentException("A split has an empty training or validation set.", nameof(train));
        }

        int[] uses = new int[samples];
        foreach (int i in train)
        {
            if ((uint)i >= (uint)samples)
            {
                throw new ArgumentException($"Training index {i} is outside 0..{samples - 1}.", nameof(train));
            }

            uses[i]++;
        }

        int[] position = new int[samples];
        List<int> heldOut = [];
        for (int i = 0; i < samples; i++)
        {
            position[i] = -1;
            if (uses[i] == 0)
            {
                position[i] = heldOut.Count;
                heldOut.Add(i);
            }

            HasRepeats |= uses[i] > 1;
        }

        _validationInHeldOut = new int[validation.Length];
        for (int v = 0; v < validation.Length; v++)
        {
            int i = validation[v];
            if ((uint)i >= (uint)samples)
            {
                throw new ArgumentException($"Validation index {i} is outside 0..{samples - 1}.", nameof(validation));
            }

            _validationInHeldOut[v] = position[i];
            ValidationOverlapsTraining |= position[i] < 0;
        }

        Samples = samples;
        _train = train.ToArray();
        _validation = validation.ToArray();
        _heldOut = [.. heldOut];
    }

    /// <summary>How many rows the split indices.</summary>
    public int Samples { get; }

    /// <summary>Rows to train on.</summary>
    public ReadOnlySpan<int> Train => _train;

    /// <summary>Rows to score.</summary>
    public ReadOnlySpan<int> Validation => _validation;

    /// <summary>
    /// All rows that are not trained on, ascending: the set D that is left out. May be more than is scored.
    /// </summary>
    public ReadOnlySpan<int> HeldOut => _heldOut;

    /// <summary>
    /// For each validation row its position in <see cref="HeldOut"/>, or -1 where it is also trained on.
    /// </summary>
    public ReadOnlySpan<int> ValidationInHeldOut => _validationInHeldOut;

    /// <summary>Whether a training row comes twice.</summary>
    public bool HasRepeats { get; }

    /// <summary>Whether a validation row is also trained on.</summary>
    public bool ValidationOverlapsTraining { get; }

    /// <summary>
    /// Whether the rows scored are exactly the rows held out, in order: the usual K-fold or leave-one-run-out.
    /// </summary>
    public bool IsPartition => !HasRepeats && Validation.SequenceEqual(HeldOut);
}
