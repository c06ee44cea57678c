using VemKernels.Bench.Inputs;

namespace VemKernels.Bench.Modes;

/// <summary>A folder for inputs that is deleted at the end.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vem-bench-");

    /// <summary>The inputs in it.</summary>
    public InputFolder Inputs => new(_folder.FullName);

    /// <inheritdoc/>
    public void Dispose() => _folder.Delete(recursive: true);
}
