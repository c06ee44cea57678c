namespace VemKernels.Device;

/// <summary>What another library needs to share memory and order with a backend: the driver's own handles.</summary>
/// <param name="Space">The memory that the backend takes where it lies; see <see cref="IBackend.TryAdopt"/>.</param>
/// <param name="Device">The device: of CUDA its number, of OpenCL the cl_device_id.</param>
/// <param name="Context">The context: of CUDA the device's primary one, of OpenCL the cl_context.</param>
/// <param name="Queue">The stream or queue, in order, on which the backend computes.</param>
public readonly record struct DeviceHandles(MemorySpace Space, nint Device, nint Context, nint Queue);
