namespace VemKernels.Simd;

/// <summary>What every routine of this backend works with: threads and scratch memory.</summary>
internal sealed class SimdContext(WorkerPool pool, ScratchPool scratch) : IDisposable
{
    public WorkerPool Pool { get; } = pool;

    public ScratchPool Scratch { get; } = scratch;

    public void Dispose()
    {
        Pool.Dispose();
        Scratch.Dispose();
    }
}
