namespace VemKernels.Data;

/// <summary>Shapes as messages write them.</summary>
internal static class ShapeText
{
    /// <summary>"3 x 60 x 60"; "a scalar" for no dimensions.</summary>
    public static string Of(IReadOnlyList<nint> shape) => shape.Count == 0 ? "a scalar" : string.Join(" x ", shape);
}
