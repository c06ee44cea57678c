using VemKernels.Cli.Options;
using VemKernels.OpenCL;

namespace VemKernels.Cli;

/// <summary>What <c>vem</c> returns to the shell.</summary>
internal static class ExitCode
{
    /// <summary>All went well.</summary>
    public const int Success = 0;

    /// <summary>An error of ours: the trace is for a bug report.</summary>
    public const int Bug = 1;

    /// <summary>A benchmark whose results are wrong.</summary>
    public const int WrongResults = 1;

    /// <summary>Something that the user can put right: an option, a file, a disk, memory.</summary>
    public const int BadInput = 2;

    /// <summary>Stopped by Ctrl-C: 128 + SIGINT, as shells have it.</summary>
    public const int Cancelled = 130;
}

/// <summary>
/// The one place where exceptions become messages: what the user can put right is one line that names the file or
/// option; anything else is a bug and shows its trace.
/// </summary>
internal static class ErrorBoundary
{
    private const string Prefix = "vem: ";

    /// <summary>Runs a command; returns its exit code, or that of what it threw.</summary>
    public static int Run(TextWriter error, Func<int> command)
    {
        try
        {
            return command();
        }
        catch (OperationCanceledException)
        {
            error.WriteLine($"{Prefix}cancelled");
            return ExitCode.Cancelled;
        }
        catch (MemoryBudgetException exception)
        {
            return BadInput(error, exception.IsOfDevice
                ? $"--backend: {ExceptionText.OneLine(exception)}"
                : $"--memory: {ExceptionText.OneLine(exception).TrimEnd('.')}; "
                    + $"--memory {MemorySize.RoundUp(exception.NeededBytes)} would do");
        }
        catch (OpenClException exception)
        {
            return BadInput(error, $"--backend: {ExceptionText.Brief(exception)}");
        }
        catch (InsufficientMemoryException exception)
        {
            return BadInput(error, $"--backend: {ExceptionText.OneLine(exception)}");
        }
        catch (OutOfMemoryException)
        {
            return BadInput(error,
                "--memory: this machine has not enough memory left for the features, the outputs and the workspace");
        }
        catch (Exception exception) when (exception is OptionException or IOException or UnauthorizedAccessException)
        {
            return BadInput(error, ExceptionText.OneLine(exception));
        }
#pragma warning disable CA1031 // Any other exception: a bug, shown with its trace.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            error.WriteLine($"{Prefix}this is a bug in vem, please report it:");
            error.WriteLine(exception);
            return ExitCode.Bug;
        }
    }

    private static int BadInput(TextWriter error, string message)
    {
        error.WriteLine(Prefix + message);
        return ExitCode.BadInput;
    }
}
