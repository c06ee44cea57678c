namespace VemKernels.Kernels.Tests.Contract;

/// <summary>How a test's operand lies in the memory of its matrix.</summary>
public enum Layout
{
    /// <summary>The whole of a matrix.</summary>
    Whole,

    /// <summary>A window of a larger matrix.</summary>
    Window,

    /// <summary>The transpose of a window of a larger matrix.</summary>
    TransposedWindow,

    /// <summary>Every second row and every third column of a larger matrix.</summary>
    Spread,
}
