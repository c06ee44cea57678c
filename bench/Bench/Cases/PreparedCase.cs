namespace VemKernels.Bench.Cases;

/// <summary>Work whose inputs are in memory.</summary>
/// <param name="run">The work that is timed.</param>
/// <param name="writeResult">Writes what the last run found to a .npy file, to compare it with a peer's.</param>
/// <param name="reset">Restores inputs that a run overwrites; not timed.</param>
internal sealed class PreparedCase(Action run, Action<string> writeResult, Action? reset = null)
{
    /// <summary>Whether <see cref="Reset"/> writes anything.</summary>
    public bool HasReset => reset is not null;

    /// <summary>Makes the inputs what they were.</summary>
    public void Reset() => reset?.Invoke();

    /// <summary>Does the work.</summary>
    public void Run() => run();

    /// <summary>Writes the result of the last run.</summary>
    public void WriteResult(string path) => writeResult(path);
}
