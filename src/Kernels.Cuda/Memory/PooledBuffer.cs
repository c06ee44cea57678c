namespace VemKernels.Cuda;

/// <summary>A block of the pool, which goes back there.</summary>
internal sealed class PooledBuffer : CudaBuffer
{
    private readonly CudaContext _context;
    private readonly MemoryPool _pool;
    private readonly long _size;

    /// <summary>Owns a block; the context stays while the buffer lives.</summary>
    public PooledBuffer(CudaContext context, MemoryPool pool, MemoryBlock block)
        : base(block.Address, block.Bytes)
    {
        context.Retain();
        _context = context;
        _pool = pool;
        _size = block.Bytes;
        LastUse = block.LastUse;
    }

    protected override bool ReleaseHandle()
    {
        try
        {
            using (_context.Enter())
            {
                _pool.Return(new MemoryBlock(handle, _size, LastUse));
            }

            return true;
        }
        catch (CudaException)
        {
            // The context is lost, and the memory with it: the command that lost it has said so.
            return false;
        }
        finally
        {
            _context.Release();
        }
    }
}
