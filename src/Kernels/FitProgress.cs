namespace VemKernels;

/// <summary>How far a long call has come.</summary>
/// <param name="Stage">What is being done, such as "cross-validation".</param>
/// <param name="Fraction">Share of the predicted work that is done, 0 to 1, over all stages.</param>
public readonly record struct FitProgress(string Stage, double Fraction);
