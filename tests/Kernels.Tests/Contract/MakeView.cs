namespace VemKernels.Kernels.Tests.Contract;

/// <summary>Makes an operand of rows x columns for a call that a table of calls describes.</summary>
public delegate DeviceView<T> MakeView<T>(int rows, int columns)
    where T : unmanaged;
