namespace VemKernels.Interop.Tests;

/// <summary>A function of the header.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Returns">What it returns.</param>
/// <param name="Parameters">The types of its parameters.</param>
internal sealed record CFunction(string Name, string Returns, IReadOnlyList<string> Parameters);
