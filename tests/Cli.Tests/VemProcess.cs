using System.Diagnostics;

namespace VemKernels.Cli.Tests;

/// <summary>Runs the command in a process of its own, with an environment of its own.</summary>
internal static class VemProcess
{
    private const int LimitMilliseconds = 120_000;

    private const int PollMilliseconds = 20;

    public static VemResult Run(Dictionary<string, string> environment, params string[] arguments)
    {
        using Process process = Start(environment, arguments);
        return Finish(process);
    }

    /// <summary>Runs it until something is there, and sends it a signal then.</summary>
    /// <param name="signal">HUP, INT or TERM.</param>
    /// <param name="isThere">Whether to send it now.</param>
    /// <param name="arguments">What follows <c>vem</c>.</param>
    public static VemResult Interrupt(string signal, Func<bool> isThere, params string[] arguments)
    {
        using Process process = Start([], arguments);
        Stopwatch watch = Stopwatch.StartNew();
        while (!isThere() && !process.HasExited && watch.ElapsedMilliseconds < LimitMilliseconds)
        {
            Thread.Sleep(PollMilliseconds);
        }

        using Process kill = Process.Start("kill", ["-s", signal, $"{process.Id}"]);
        kill.WaitForExit();
        return Finish(process);
    }

    private static Process Start(Dictionary<string, string> environment, string[] arguments)
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

        return Process.Start(start)!;
    }

    private static VemResult Finish(Process process)
    {
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(LimitMilliseconds))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail(
                $"vem {string.Join(' ', process.StartInfo.ArgumentList.Skip(1))} took over {LimitMilliseconds} ms.");
        }

        return new(process.ExitCode, output.Result, error.Result);
    }
}
