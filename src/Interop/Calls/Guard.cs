using System.Runtime.InteropServices;

namespace VemKernels.Interop;

/// <summary>The border: no exception crosses it, and no call works in a process that has forked.</summary>
internal static partial class Guard
{
    private static readonly int LoadedBy = ProcessId();

    /// <summary>Runs a call.</summary>
    /// <returns>A <see cref="VemStatus"/>; the text of a failure is then the thread's last error.</returns>
    public static int Run(Action body)
    {
        try
        {
            if (ProcessId() != LoadedBy)
            {
                LastError.Set(
                    $"Process {ProcessId()} is a fork of {LoadedBy}, which loaded this library: its threads are not "
                    + "here. Load it after the fork, or start workers by spawning instead (Python: "
                    + "multiprocessing.set_start_method('spawn')).");
                return (int)VemStatus.Forked;
            }

            body();
            return (int)VemStatus.Ok;
        }
        catch (Exception exception)
        {
            // The border of the library: whatever it is, the caller is told by a code and a text.
            LastError.Set(TextOf(exception));
            return (int)StatusOf(exception);
        }
    }

    private static VemStatus StatusOf(Exception exception) => exception switch
    {
        InvalidHandleException => VemStatus.InvalidHandle,
        MemoryBudgetException or OutOfMemoryException => VemStatus.OutOfMemory,
        OperationCanceledException => VemStatus.Cancelled,
        NotPositiveDefiniteException => VemStatus.NotPositiveDefinite,
        CallbackFailedException => VemStatus.CallbackFailed,
        ArgumentException => VemStatus.InvalidArgument,
        PlatformNotSupportedException or NotSupportedException => VemStatus.NotSupported,
        AggregateException { InnerException: { } inner } => StatusOf(inner),
        _ => VemStatus.Internal,
    };

    private static string TextOf(Exception exception) => exception switch
    {
        AggregateException { InnerException: { } inner } => TextOf(inner),
        _ when StatusOf(exception) == VemStatus.Internal => $"{exception.GetType().Name}: {exception.Message}",
        _ => exception.Message,
    };

    [LibraryImport("libc", EntryPoint = "getpid")]
    [SuppressGCTransition]
    private static partial int ProcessId();
}
