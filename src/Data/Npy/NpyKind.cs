namespace VemKernels.Data;

/// <summary>What the elements of a .npy array are.</summary>
public enum NpyKind
{
    /// <summary>Numbers or booleans.</summary>
    Number,

    /// <summary>Unicode text of fixed length (numpy's U).</summary>
    Unicode,

    /// <summary>Bytes of fixed length (numpy's S), read as Latin-1 text.</summary>
    ByteString,
}
