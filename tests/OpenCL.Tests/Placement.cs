namespace VemKernels.OpenCL.Tests;

/// <summary>Where a matrix lies.</summary>
public enum Placement
{
    /// <summary>By itself.</summary>
    Alone,

    /// <summary>A window of a larger one, at an odd offset.</summary>
    InsideAnother,
}
