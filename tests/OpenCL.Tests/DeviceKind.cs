namespace VemKernels.OpenCL.Tests;

/// <summary>What a device is made to work like. All factorise by themselves, where they can.</summary>
public enum DeviceKind
{
    /// <summary>A processor: products on packed panels.</summary>
    Processor,

    /// <summary>A GPU: products in local memory.</summary>
    Gpu,

    /// <summary>
    /// A GPU without double precision, with little local memory, small work-groups and small buffers.
    /// </summary>
    Poor,
}
