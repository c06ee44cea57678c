using System.Collections.Concurrent;
using NUnit.Framework.Interfaces;

namespace VemKernels.Runner;

/// <summary>Prints failures as they come, and knows how far a run has got.</summary>
internal sealed class Progress : ITestListener
{
    private readonly ConcurrentDictionary<string, string> _running = new();
    private int _passed;
    private int _failed;
    private int _skipped;

    /// <summary>The summary of a run that does not go on: counts until now, and the tests that were running.</summary>
    public string Stopped(string? assembly) =>
        $"Stopped!  - Failed: {_failed}, Passed: {_passed}, Skipped: {_skipped} - {assembly}, in {string.Join(", ", _running.Values)}";

    /// <inheritdoc/>
    public void TestStarted(ITest test)
    {
        if (!test.IsSuite)
        {
            _running[test.Id] = test.FullName;
        }
    }

    /// <inheritdoc/>
    public void TestFinished(ITestResult result)
    {
        if (result.Test.IsSuite)
        {
            return;
        }

        _running.TryRemove(result.Test.Id, out _);
        switch (result.ResultState.Status)
        {
            case TestStatus.Failed:
                Interlocked.Increment(ref _failed);
                Console.WriteLine($"FAILED {result.FullName}\n{result.Message}\n{result.StackTrace}");
                break;
            case TestStatus.Passed:
                Interlocked.Increment(ref _passed);
                break;
            default:
                Interlocked.Increment(ref _skipped);
                break;
        }
    }

    /// <inheritdoc/>
    public void TestOutput(TestOutput output)
    {
    }

    /// <inheritdoc/>
    public void SendMessage(TestMessage message)
    {
    }
}
