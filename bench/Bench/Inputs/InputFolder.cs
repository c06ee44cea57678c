namespace VemKernels.Bench.Inputs;

/// <summary>A folder of .npy inputs, each written once, that all sides of a comparison read.</summary>
/// <param name="path">An existing folder.</param>
internal sealed class InputFolder(string path)
{
    /// <summary>The path of an input's file, which is written now if it is not there.</summary>
    public string Require(InputSpec spec)
    {
        string file = Path.Combine(path, spec.FileName);
        if (!File.Exists(file))
        {
            spec.Write(this, file);
        }

        return file;
    }
}
