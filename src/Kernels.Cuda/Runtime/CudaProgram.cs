using System.Text;
using VemKernels.Device;

namespace VemKernels.Cuda;

/// <summary>A module that was loaded.</summary>
internal sealed unsafe class CudaProgram(CudaContext context, nint module) : DeviceProgram
{
    private nint _module = module;

    /// <summary>Loads an image; null where the driver does not take it.</summary>
    /// <exception cref="CudaException">The driver fails otherwise.</exception>
    public static CudaProgram? TryLoad(CudaContext context, byte[] image, string name)
    {
        CudaDriver driver = context.Driver;
        nint module;
        using (context.Enter())
        {
            fixed (byte* pointer = image)
            {
                int code = driver.cuModuleLoadData(&module, pointer);
                if (ResultCodes.IsBadImage(code))
                {
                    return null;
                }

                driver.ThrowIfFailed(code, nameof(driver.cuModuleLoadData), name);
            }
        }

        return new CudaProgram(context, module);
    }

    /// <inheritdoc/>
    public override DeviceKernel Kernel(string name)
    {
        ObjectDisposedException.ThrowIf(_module == 0, this);
        CudaDriver driver = context.Driver;
        nint function;
        using (context.Enter())
        {
            fixed (byte* text = (byte[])[.. Encoding.UTF8.GetBytes(name), 0])
            {
                driver.ThrowIfFailed(
                    driver.cuModuleGetFunction(&function, _module, text), nameof(driver.cuModuleGetFunction), name);
            }
        }

        return new CudaKernel(function, name);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        if (_module == 0)
        {
            return;
        }

        using (context.Enter())
        {
            int code = context.Driver.cuModuleUnload(_module);
            _module = 0;
            context.Driver.ThrowUnlessReleased(code, nameof(context.Driver.cuModuleUnload));
        }
    }
}
