namespace VemKernels.Kernels.Tests.Contract;

/// <summary>A backend that must keep the contract.</summary>
public sealed record BackendUnderTest(string Name, Func<IBackend> Create)
{
    public override string ToString() => Name;
}
