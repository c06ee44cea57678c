namespace VemKernels.Cli.Tests;

/// <summary>What a command line did.</summary>
/// <param name="ExitCode">What the shell gets.</param>
/// <param name="Out">Standard output.</param>
/// <param name="Error">Standard error.</param>
internal sealed record VemResult(int ExitCode, string Out, string Error);

/// <summary>Runs the command in this process.</summary>
internal static class Vem
{
    public static VemResult Run(params IEnumerable<string> arguments) => Run(CancellationToken.None, arguments);

    public static VemResult Run(CancellationToken cancellation, params IEnumerable<string> arguments)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        int code = CommandLine.Run(
            [.. arguments],
            new CommandConsole(output, error, ErrorIsTerminal: false) { ProgressInterval = Timeout.InfiniteTimeSpan },
            cancellation);
        return new(code, output.ToString(), error.ToString());
    }

    /// <summary>
    /// Runs a command that must succeed and have nothing to say but that a small experiment's best alphas lie at the
    /// edge, and that its test run has another mean than its training runs.
    /// </summary>
    public static void Succeed(params IEnumerable<string> arguments)
    {
        VemResult result = Run(arguments);
        Assert.That(result, Has.Property(nameof(VemResult.ExitCode)).EqualTo(0), result.Error);
        Assert.That(
            result.Error.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries)
                .Where(line => !line.Contains("extend --alphas", StringComparison.Ordinal)
                    && !line.StartsWith("vem: split r2 does not add up", StringComparison.Ordinal)),
            Is.Empty);
    }
}
