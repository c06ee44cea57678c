namespace VemKernels.Solvers;

/// <summary>
/// A caller's own kernel of two samples: their features in double, equally many. Must be symmetric: of samples with
/// themselves each pair is asked for once. Called from one thread.
/// </summary>
/// <param name="x">Features of one sample.</param>
/// <param name="z">Features of another.</param>
public delegate double CustomKernel(ReadOnlySpan<double> x, ReadOnlySpan<double> z);
