namespace VemKernels;

/// <summary>
/// The threading policy: a fixed set of threads that run the tasks of one parallel loop at a time. Which thread runs
/// which task is left to chance; a loop whose tasks write disjoint results therefore gives the same bits for any number
/// of threads.
/// </summary>
/// <remarks>
/// A loop started from inside a task, or while another caller's loop is running, runs on the calling thread alone: the
/// pool never oversubscribes the machine and never deadlocks.
/// </remarks>
public sealed class WorkerPool : IDisposable
{
    /// <summary>
    /// Rounds of polling before a waiting thread sleeps: some tens of microseconds, the gap between two loops of a
    /// gemm.
    /// </summary>
    private const int SpinRounds = 2000;

    private readonly Thread[] _threads;
    private readonly SemaphoreSlim _wake = new(0);
    private readonly object _gate = new();
    private volatile Loop? _loop;
    private volatile bool _stopping;

    /// <summary>Starts threads - 1 workers; the caller of a loop is the last one.</summary>
    /// <param name="threads">How many threads work at once; 0 for one per processor.</param>
    public WorkerPool(int threads = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        Threads = threads == 0 ? Environment.ProcessorCount : threads;
        _threads = new Thread[Threads - 1];
        for (int i = 0; i < _threads.Length; i++)
        {
            _threads[i] = new Thread(Work) { IsBackground = true, Name = $"vem worker {i + 1}" };
            _threads[i].Start();
        }
    }

    /// <summary>How many threads work at once, the caller's included.</summary>
    public int Threads { get; }

    /// <summary>Runs body(0) ... body(tasks - 1), in any order, and returns when all have ended.</summary>
    /// <exception cref="Exception">
    /// The first exception that a task threw; tasks not yet started are then skipped.
    /// </exception>
    public void For(int tasks, Action<int> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        if (tasks <= 1 || Threads == 1 || !Monitor.TryEnter(_gate))
        {
            for (int i = 0; i < tasks; i++)
            {
                body(i);
            }

            return;
        }

        try
        {
            if (_loop is not null)
            {
                // The lock is reentrant: this is a task of our own loop, running on the caller's thread.
                for (int i = 0; i < tasks; i++)
                {
                    body(i);
                }

                return;
            }

            ObjectDisposedException.ThrowIf(_stopping, this);
            Loop loop = new(tasks, body);
            _loop = loop;
            _wake.Release(Math.Min(_threads.Length, tasks - 1));
            loop.Run();
            SpinWait spin = default;
            while (!loop.IsComplete)
            {
                spin.SpinOnce(sleep1Threshold: -1);
            }

            _loop = null;
            loop.ThrowIfFailed();
        }
        finally
        {
            Monitor.Exit(_gate);
        }
    }

    /// <summary>Stops the workers. No loop may be running.</summary>
    public void Dispose()
    {
        if (_stopping)
        {
            return;
        }

        _stopping = true;
        _wake.Release(Math.Max(1, _threads.Length));
        foreach (Thread thread in _threads)
        {
            thread.Join();
        }

        _wake.Dispose();
    }

    private void Work()
    {
        while (true)
        {
            for (int round = 0; round < SpinRounds && _wake.CurrentCount == 0; round++)
            {
                Thread.SpinWait(8);
            }

            _wake.Wait();
            if (_stopping)
            {
                return;
            }

            _loop?.Run();
        }
    }

    private sealed class Loop(int tasks, Action<int> body)
    {
        private Exception? _failure;
        private int _next;
        private int _done;

        public bool IsComplete => Volatile.Read(ref _done) == tasks;

        public void Run()
        {
            int i;
            while ((i = Interlocked.Increment(ref _next) - 1) < tasks)
            {
                try
                {
                    if (Volatile.Read(ref _failure) is null)
                    {
                        body(i);
                    }
                }
#pragma warning disable CA1031 // Any exception: it is kept and thrown again on the caller's thread.
                catch (Exception exception)
#pragma warning restore CA1031
                {
                    Interlocked.CompareExchange(ref _failure, exception, null);
                }
                finally
                {
                    Interlocked.Increment(ref _done);
                }
            }
        }

        public void ThrowIfFailed()
        {
            if (_failure is not null)
            {
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(_failure);
            }
        }
    }
}
