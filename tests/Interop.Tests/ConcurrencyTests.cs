using System.Collections.Concurrent;
using NUnit.Framework;
using VemKernels.Solvers;

namespace VemKernels.Interop.Tests;

/// <summary>Many threads, many calls, and calls that are stopped.</summary>
public sealed unsafe class ConcurrencyTests
{
    private readonly delegate* unmanaged[Cdecl]<
        ulong, VemMatrix*, VemMatrix*, VemRidgeOptions*, VemMatrix*, VemMatrix*, int*, VemCall*, int> _ridge =
        &RidgeExports.Ridge;

    private ulong _backend;

    [OneTimeSetUp]
    public void Start() => _backend = Library.Start();

    [OneTimeTearDown]
    public void Stop() => Library.Succeeds(Library.Free(_backend));

    [Test]
    public void Ten_threads_at_once_get_what_one_gets()
    {
        ConcurrentBag<double[]> results = [];
        double[] expected = Fit();
        Thread[] threads = [.. Enumerable.Range(0, 10).Select(_ => new Thread(() =>
        {
            for (int i = 0; i < 20; i++)
            {
                results.Add(Fit());
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Assert.That(results, Has.Count.EqualTo(200));
        Assert.That(results, Is.All.EqualTo(expected));
    }

    [Test]
    public void The_last_error_is_each_threads_own()
    {
        Library.Fails(Library.Free(0), VemStatus.InvalidHandle, "backend");
        string other = "not run";
        Thread thread = new(() => other = Library.LastError());
        thread.Start();
        thread.Join();
        Assert.That(other, Is.Empty);
        Assert.That(Library.LastError(), Does.Contain("backend"));
    }

    [Test]
    public void Ten_thousand_small_fits_leave_nothing_behind()
    {
        int handles = HandleTable.Shared.Count;
        Repeat(1000);
        long before = Environment.WorkingSet;
        Repeat(10_000);
        const long Slack = 40 << 20;
        Assert.That(Environment.WorkingSet - before, Is.LessThan(Slack));
        Assert.That(HandleTable.Shared.Count, Is.EqualTo(handles));
    }

    [Test]
    public void The_progress_function_is_told_and_can_stop()
    {
        int calls = 0;
        VemCall call = new() { Size = sizeof(VemCall), Progress = &Callbacks.Count, ProgressUser = &calls };
        Library.Succeeds(Search(&call));
        Assert.That(calls, Is.GreaterThan(1));
        int stopped = 0;
        call = new VemCall { Size = sizeof(VemCall), Progress = &Callbacks.Stop, ProgressUser = &stopped };
        Assert.That((VemStatus)Search(&call), Is.EqualTo(VemStatus.Cancelled));
        Assert.That(stopped, Is.EqualTo(1), "not told again after it said stop");
    }

    [Test]
    public void Another_thread_stops_a_call()
    {
        delegate* unmanaged[Cdecl]<ulong*, int> create = &LibraryExports.CancellationCreate;
        delegate* unmanaged[Cdecl]<ulong, int> free = &LibraryExports.CancellationFree;
        ulong flag;
        Library.Succeeds(create(&flag));
        VemCall call = new() { Size = sizeof(VemCall), Cancellation = flag };
        using ManualResetEventSlim begun = new();
        ulong copy = flag;
        Thread thread = new(() =>
        {
            delegate* unmanaged[Cdecl]<ulong, int> cancel = &LibraryExports.CancellationCancel;
            begun.Wait();
            Thread.Sleep(50);
            cancel(copy);
        });
        thread.Start();
        begun.Set();

        // As many searches as it takes: one of them is under way when the flag goes up, or begins after.
        VemStatus status = VemStatus.Ok;
        for (int i = 0; i < 10_000 && status == VemStatus.Ok; i++)
        {
            status = (VemStatus)Search(&call);
        }

        thread.Join();
        Assert.That(status, Is.EqualTo(VemStatus.Cancelled));
        Library.Succeeds(free(flag));
        Library.Fails(Search(&call), VemStatus.InvalidHandle, "cancellation");
    }

    private void Repeat(int times)
    {
        using Matrix<double> x = Library.Draw<double>(12, 3, 1);
        using Matrix<double> b = new(3, 3);
        VemMatrix features = Library.Describe(x.View);
        VemMatrix weights = Library.Describe(b.View);
        for (int i = 0; i < times; i++)
        {
            VemMatrix targets = features;
            if (_ridge(_backend, &features, &targets, null, &weights, null, null, null) != 0)
            {
                Assert.Fail(Library.LastError());
            }
        }
    }

    private double[] Fit()
    {
        using Matrix<double> x = Library.Draw<double>(30, 6, 1);
        using Matrix<double> y = Library.Draw<double>(30, 20, 2);
        using Matrix<double> b = new(6, 20);
        VemMatrix features = Library.Describe(x.View);
        VemMatrix targets = Library.Describe(y.View);
        VemMatrix weights = Library.Describe(b.View);
        if (_ridge(_backend, &features, &targets, null, &weights, null, null, null) != 0)
        {
            throw new InvalidOperationException(Library.LastError());
        }

        return [.. Enumerable.Range(0, 6 * 20).Select(e => b[e / 20, e % 20])];
    }

    private int Search(VemCall* call)
    {
        using Matrix<double> x = Library.Draw<double>(40, 6, 1);
        using Matrix<double> y = Library.Draw<double>(40, 50, 2);
        using Matrix<double> alphas = new(1, 50);
        using SplitLists lists = new(CrossValidationSplits.KFold(40, 5));
        using Matrix<double> gammas = Matrix<double>.From(4, 1, [1, 1, 1, 1]);
        VemMatrix features = Library.Describe(x.View);
        VemMatrix targets = Library.Describe(y.View);
        VemMatrix candidates = Library.Describe(gammas.View);
        VemSplits splits = lists.Value;
        VemRandomSearchResults results = new()
        {
            Size = sizeof(VemRandomSearchResults), BestAlphas = Library.Describe(alphas.View),
        };
        delegate* unmanaged[Cdecl]<
            ulong, VemMatrix*, long, VemMatrix*, VemMatrix*, VemSplits*, VemRandomSearchOptions*,
                VemRandomSearchResults*,
            VemCall*, int> solve = &RandomSearchExports.BandedRidge;
        return solve(_backend, &features, 1, &targets, &candidates, &splits, null, &results, call);
    }
}
