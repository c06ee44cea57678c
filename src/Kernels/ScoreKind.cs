namespace VemKernels;

/// <summary>How predictions are compared with what was measured, column by column.</summary>
public enum ScoreKind
{
    /// <summary>Minus the mean squared error over samples.</summary>
    NegativeSquaredError,

    /// <summary>1 - sum (y - p)^2 / sum (y - mean y)^2; 0 where y is constant.</summary>
    R2,

    /// <summary>Pearson's correlation; 0 where y or p is constant.</summary>
    Correlation,
}
