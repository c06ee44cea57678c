namespace VemKernels.Interop.Tests;

/// <summary>A structure of the header.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Fields">Its fields, in their order.</param>
internal sealed record CStructure(string Name, int Bytes, IReadOnlyList<CField> Fields);
