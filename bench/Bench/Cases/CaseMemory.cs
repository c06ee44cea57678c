using System.Numerics;
using VemKernels.Bench.Inputs;
using VemKernels.Data;
using VemKernels.Simd;

namespace VemKernels.Bench.Cases;

/// <summary>The matrices of one case, in host memory that the backend adopts: no copy is timed. Disposing frees them all.</summary>
internal sealed class CaseMemory(SimdBackend backend, InputFolder folder) : IDisposable
{
    private readonly List<IDisposable> _owned = [];

    /// <summary>Where to compute.</summary>
    public SimdBackend Backend { get; } = backend;

    /// <summary>An input, read into memory.</summary>
    public Operand<T> Load<T>(InputSpec spec)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Adopt(NpyFile.Read<T>(folder.Require(spec)));

    /// <summary>Zeros.</summary>
    public Operand<T> Zeros<T>(nint rows, nint columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Adopt(new Matrix<T>(rows, columns));

    /// <summary>Takes the ownership of something that lives as long as the case.</summary>
    public void Own(IDisposable resource) => _owned.Add(resource);

    /// <inheritdoc/>
    public void Dispose() => _owned.ForEach(resource => resource.Dispose());

    private Operand<T> Adopt<T>(Matrix<T> matrix)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        DeviceMatrix<T> device = Backend.TryAdopt(ForeignMatrix<T>.Host(matrix.View))
            ?? throw new InvalidOperationException("The CPU backend adopts host memory.");
        Own(device);
        Own(matrix);
        return new(matrix.View, device.View);
    }
}

/// <summary>A matrix as the host sees it and as the backend sees it.</summary>
internal readonly record struct Operand<T>(MatrixView<T> Host, DeviceView<T> Device)
    where T : unmanaged;
