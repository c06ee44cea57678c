namespace VemKernels.Cli.Score;

/// <summary>How r2 is split over spaces.</summary>
internal enum SplitKind
{
    /// <summary>By the product measure.</summary>
    Product,

    /// <summary>By relative weights.</summary>
    RelativeWeights,

    /// <summary>Not at all.</summary>
    None,
}
