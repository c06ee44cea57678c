using System.Diagnostics;

namespace VemKernels.Cli.Tests;

/// <summary>Runs the command in a process of its own, with an environment of its own.</summary>
internal static class VemProcess
{
    private const int LimitMilliseconds = 120_000;

    public static VemResult Run(Dictionary<string, string> environment, params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(typeof(CommandLine).Assembly.Location);
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(LimitMilliseconds))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"vem {string.Join(' ', arguments)} took over {LimitMilliseconds} ms.");
        }

        return new(process.ExitCode, output.Result, error.Result);
    }
}
