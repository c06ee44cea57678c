using NUnit.Framework;

namespace VemKernels.Kernels.Tests;

internal sealed class WorkerPoolTests
{
    [Test]
    public void Every_task_runs_once([Values(1, 2, 5)] int threads, [Values(0, 1, 2, 1000)] int tasks)
    {
        using WorkerPool pool = new(threads);
        int[] runs = new int[tasks];
        for (int round = 0; round < 20; round++)
        {
            pool.For(tasks, i => Interlocked.Increment(ref runs[i]));
        }

        Assert.That(runs, Is.All.EqualTo(20));
    }

    [Test]
    public void A_loop_inside_a_task_runs_on_that_thread()
    {
        using WorkerPool pool = new(3);
        int runs = 0;
        pool.For(8, _ => pool.For(8, _ => pool.For(2, _ => Interlocked.Increment(ref runs))));
        Assert.That(runs, Is.EqualTo(128));
    }

    [Test]
    public void The_first_exception_reaches_the_caller_and_the_pool_goes_on()
    {
        using WorkerPool pool = new(3);
        Assert.That(
            () => pool.For(100, i => throw new InvalidOperationException($"task {i}")),
            Throws.InvalidOperationException);
        int runs = 0;
        pool.For(100, _ => Interlocked.Increment(ref runs));
        Assert.That(runs, Is.EqualTo(100));
    }

    [Test]
    public void Several_callers_at_once_get_all_their_tasks_done()
    {
        using WorkerPool pool = new(2);
        int runs = 0;
        Thread[] callers =
        [
            .. Enumerable.Range(0, 6).Select(_ => new Thread(() =>
            {
                for (int round = 0; round < 200; round++)
                {
                    pool.For(7, _ => Interlocked.Increment(ref runs));
                }
            })),
        ];
        foreach (Thread caller in callers)
        {
            caller.Start();
        }

        foreach (Thread caller in callers)
        {
            caller.Join();
        }

        Assert.That(runs, Is.EqualTo(6 * 200 * 7));
    }
}
