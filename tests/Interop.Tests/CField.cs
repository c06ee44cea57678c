namespace VemKernels.Interop.Tests;

/// <summary>A field of a structure of the header.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type, of an element where it is an array.</param>
/// <param name="Offset">Bytes before it.</param>
/// <param name="Count">Elements of an array; else 1.</param>
internal sealed record CField(string Name, string Type, int Offset, int Count);
