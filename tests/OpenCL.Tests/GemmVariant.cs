namespace VemKernels.OpenCL.Tests;

/// <summary>A way of multiplying.</summary>
public enum GemmVariant
{
    /// <summary>Packed panels and a micro-kernel on vectors, for processors.</summary>
    Packed,

    /// <summary>Tiles in local memory, as large GPUs have them.</summary>
    LocalMemory,

    /// <summary>Tiles in local memory of 8 KB, by groups of 64.</summary>
    SmallTiles,

    /// <summary>The same, an element at a time.</summary>
    SmallTilesWithoutVectors,

    /// <summary>Two vectors of columns an item.</summary>
    WideTiles,
}
