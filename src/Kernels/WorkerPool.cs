using System.Runtime.CompilerServices;

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
    private readonly Loop _loop = new();
    private bool _running;
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
        ActionTasks named = new(body);
        For(tasks, ref named);
    }

    /// <summary>
    /// Runs body(state, 0) ... body(state, tasks - 1) likewise: with a static body, which the compiler makes once, such
    /// a loop allocates nothing.
    /// </summary>
    /// <exception cref="Exception">As above.</exception>
    public void For<TState>(int tasks, TState state, Action<TState, int> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        StateTasks<TState> named = new(state, body);
        For(tasks, ref named);
    }

    /// <summary>
    /// The same for a body that is a structure on the caller's stack, which all threads see.
    /// </summary>
    /// <exception cref="Exception">As above.</exception>
    public void For<TBody>(int tasks, ref TBody body)
        where TBody : struct, IParallelTasks
    {
        // The lock is reentrant: with a loop running, this is a task of our own, on the caller's thread.
        bool alone = tasks <= 1 || Threads == 1 || !Monitor.TryEnter(_gate);
        if (alone)
        {
            Serial(tasks, ref body);
            return;
        }

        try
        {
            if (_running)
            {
                Serial(tasks, ref body);
                return;
            }

            ObjectDisposedException.ThrowIf(_stopping, this);
            RunOnAll(tasks, ref body);
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

            _loop.Run();
        }
    }

    private static void Serial<TBody>(int tasks, ref TBody body)
        where TBody : struct, IParallelTasks
    {
        for (int i = 0; i < tasks; i++)
        {
            body.Run(i);
        }
    }

    private unsafe void RunOnAll<TBody>(int tasks, ref TBody body)
        where TBody : struct, IParallelTasks
    {
        // What the body refers to stays alive and in place: it is on the stack of a caller that does not return before
        // the loop has ended.
        fixed (byte* place = &Unsafe.As<TBody, byte>(ref body))
        {
            _running = true;
            _loop.Start(tasks, place, &RunTask<TBody>);
            _wake.Release(Math.Min(_threads.Length, tasks - 1));
            _loop.Run();
            SpinWait spin = default;
            while (!_loop.IsComplete)
            {
                spin.SpinOnce(sleep1Threshold: -1);
            }

            _running = false;
        }

        _loop.ThrowIfFailed();
    }

    private static unsafe void RunTask<TBody>(byte* body, int index)
        where TBody : struct, IParallelTasks => Unsafe.AsRef<TBody>(body).Run(index);

    private readonly struct ActionTasks(Action<int> body) : IParallelTasks
    {
        public void Run(int task) => body(task);
    }

    private readonly struct StateTasks<TState>(TState state, Action<TState, int> body) : IParallelTasks
    {
        public void Run(int task) => body(state, task);
    }

    /// <summary>
    /// The loop that runs, one after another in the same place. A worker that wakes late takes part in the next loop,
    /// or finds no task left.
    /// </summary>
    private sealed unsafe class Loop
    {
        private byte* _body;
        private delegate*<byte*, int, void> _run;
        private Exception? _failure;

        // Tasks of the loop above, the next one below: one addition takes a task of the very loop whose count it sees.
        private long _tasksAndNext;
        private int _tasks;
        private int _done;

        public bool IsComplete => Volatile.Read(ref _done) == _tasks;

        /// <summary>
        /// No loop is running: every task of the last one is done, and nobody reads what is set here.
        /// </summary>
        public void Start(int tasks, byte* body, delegate*<byte*, int, void> run)
        {
            _body = body;
            _run = run;
            _failure = null;
            _tasks = tasks;
            _done = 0;
            Volatile.Write(ref _tasksAndNext, (long)tasks << 32);
        }

        public void Run()
        {
            while (true)
            {
                long taken = Interlocked.Increment(ref _tasksAndNext) - 1;
                int task = (int)taken;
                if (task >= (int)(taken >> 32))
                {
                    return;
                }

                try
                {
                    if (Volatile.Read(ref _failure) is null)
                    {
                        _run(_body, task);
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
            if (_failure is { } failure)
            {
                _failure = null;
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
            }
        }
    }
}

/// <summary>
/// The body of a parallel loop as a structure, for <see cref="WorkerPool.For{TBody}(int, ref TBody)"/>.
/// </summary>
public interface IParallelTasks
{
    /// <summary>Does a task, on any thread, while others do theirs.</summary>
    /// <param name="task">From 0 up to the number of tasks.</param>
    void Run(int task);
}
