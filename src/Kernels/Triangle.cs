namespace VemKernels;

/// <summary>Which triangle of a square matrix an operation reads.</summary>
public enum Triangle
{
    /// <summary>On and below the diagonal.</summary>
    Lower,

    /// <summary>On and above the diagonal.</summary>
    Upper,
}
