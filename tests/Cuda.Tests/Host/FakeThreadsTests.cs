using NUnit.Framework;

namespace VemKernels.Cuda.Tests;

/// <summary>
/// The threads of the fake device, with the processor's own change of places and with the portable one: threads meet at
/// barriers, lanes see each other, and who does not come is missed.
/// </summary>
[TestFixture("")]
[TestFixture("-DVEM_PORTABLE")]
internal sealed unsafe class FakeThreadsTests(string definition)
{
    private const int LaunchFailed = 719;

    /// <summary>The kernels write a number for each thread of the grid.</summary>
    private const string Source =
        """
        __device__ int thread_of_block() { return threadIdx.x + blockDim.x * (threadIdx.y + blockDim.y * threadIdx.z); }
        __device__ int threads_of_block() { return blockDim.x * blockDim.y * blockDim.z; }
        __device__ int *own(int *out) { return out + blockIdx.x * threads_of_block() + thread_of_block(); }

        extern "C" __global__ void neighbours(int *out)
        {
            __shared__ int shared[1024];
            const int t = thread_of_block(), n = threads_of_block();
            int sum = 0;
            for (int round = 0; round < 3; round++)
            {
                shared[t] = 100 * round + t;
                __syncthreads();
                sum += shared[(t + 1) % n];
                __syncthreads();
            }

            *own(out) = thread_of_block() == t ? sum : -1;
        }

        extern "C" __global__ void without_barrier(int *out)
        {
            __shared__ int shared[1024];
            const int t = thread_of_block();
            shared[t] = blockIdx.x + 1;
            *own(out) = shared[(t + 1) % threads_of_block()];
        }

        extern "C" __global__ void lanes(int *out)
        {
            const int t = thread_of_block();
            int sum = t;
            for (int step = 16; step > 0; step /= 2)
            {
                sum += __shfl_xor_sync(0xffffffffu, sum, step);
            }

            __syncwarp();
            sum = 2 * sum + __any_sync(0xffffffffu, t % 64 == 40);
            *own(out) = __shfl_sync(0xffffffffu, sum, t % 3) + __shfl_sync(0xffffffffu, t, 5);
        }

        extern "C" __global__ void part_of_block(int *out)
        {
            if (threadIdx.x > 0)
            {
                __syncthreads();
            }

            *own(out) = 1;
        }

        extern "C" __global__ void part_of_warp(int *out)
        {
            *own(out) = threadIdx.x < 40 ? __shfl_xor_sync(0xffffffffu, 1, 1) : 0;
        }

        extern "C" __global__ void different_reasons(int *out)
        {
            if (threadIdx.x == 7)
            {
                __syncwarp();
            }
            else
            {
                *own(out) = __any_sync(0xffffffffu, 1);
            }
        }

        extern "C" __global__ void warp_and_block(int *out)
        {
            if (threadIdx.x < 32)
            {
                __syncwarp();
            }

            __syncthreads();
            *own(out) = threadIdx.x;
        }
        """;

    private CudaContext _context = null!;
    private nint _stream;
    private CudaProgram _program = null!;

    [SetUp]
    public void Load()
    {
        CudaLibraries libraries = FakeCuda.Libraries;
        FakeCuda.Reset();
        CompiledProgram compiled = new NvrtcCompiler(libraries.Compiler!).Compile(
            "threads", Source, definition, isMachineCode: true);
        _context = new CudaContext(libraries.Driver!, FakeCuda.Device);
        using CudaContext.Scope scope = _context.Enter();
        _stream = ComputeStream.Create(_context.Driver);
        _program = CudaProgram.TryLoad(_context, compiled.Image, "threads")!;
    }

    [TearDown]
    public void Unload()
    {
        FakeCuda.Reset();
        _program.Dispose();
        using (_context.Enter())
        {
            _context.Driver.ThrowIfFailed(_context.Driver.cuStreamDestroy(_stream), "cuStreamDestroy");
        }

        _context.Release();
    }

    [Test]
    public void Threads_meet_at_barriers_and_keep_their_places(
        [Values("1 1 1", "31 1 1", "33 1 1", "256 1 1", "5 7 3", "1 1 9", "32 32 1")] string block,
        [Values(1, 3)] int blocks)
    {
        uint[] size = [.. block.Split(' ').Select(uint.Parse)];
        int threads = (int)(size[0] * size[1] * size[2]);
        int[] results = Run("neighbours", blocks, size)!;
        IEnumerable<int> expected = Enumerable.Range(0, threads).Select(t => 300 + (3 * ((t + 1) % threads)));
        Assert.That(results, Is.EqualTo(Enumerable.Repeat(expected, blocks).SelectMany(all => all)));
    }

    [Test]
    public void Lanes_of_a_warp_see_each_other()
    {
        int[] results = Run("lanes", 2, 128, 1, 1)!;
        IEnumerable<int> expected = Enumerable.Range(0, 256).Select(t => t % 128).Select(t => t / 32).Select(
            warp => (2 * ((32 * 32 * warp) + 496)) + (warp % 2) + (32 * warp) + 5);
        Assert.That(results, Is.EqualTo(expected));
    }

    [Test]
    public void A_missing_barrier_shows_in_one_of_two_blocks() => Assert.That(
        Run("without_barrier", 2, 64, 1, 1)!.Select((value, i) => value == (i / 64) + 1), Has.Some.False);

    [TestCase("part_of_block")]
    [TestCase("part_of_warp")]
    [TestCase("different_reasons")]
    public void Who_does_not_come_to_a_barrier_is_missed_and_the_next_launch_is_not_disturbed(string kernel)
    {
        Assert.That(Run(kernel, 2, 64, 1, 1), Is.Null);
        FakeCuda.Reset();
        Assert.That(Run("warp_and_block", 1, 70, 1, 1), Is.EqualTo(Enumerable.Range(0, 70)));
    }

    /// <summary>What the threads of the grid wrote; null where the device was lost.</summary>
    private int[]? Run(string kernel, int blocks, params uint[] block)
    {
        int[] results = new int[blocks * block[0] * block[1] * block[2]];
        CudaDriver driver = _context.Driver;
        fixed (int* pointer = results)
        {
            // Memory of the host is as good as memory of this device.
            nint address = (nint)pointer;
            void* argument = &address;
            using CudaContext.Scope scope = _context.Enter();
            driver.ThrowIfFailed(
                driver.cuLaunchKernel(
                    ((CudaKernel)_program.Kernel(kernel)).Function, (uint)blocks, 1, 1, block[0], block[1], block[2], 0,
                    _stream, &argument, null),
                nameof(driver.cuLaunchKernel));
            int code = driver.cuStreamSynchronize(_stream);
            Assert.That(code, Is.Zero.Or.EqualTo(LaunchFailed));
            return code == 0 ? results : null;
        }
    }
}
