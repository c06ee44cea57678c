namespace VemKernels.Bench.Inputs;

/// <summary>
/// One input: the name of its file, which tells everything that its contents depend on, and how to write it.
/// </summary>
/// <param name="FileName">Name of the .npy file.</param>
/// <param name="Write">Writes the file; may require other inputs of the folder.</param>
internal sealed record InputSpec(string FileName, Action<InputFolder, string> Write);
