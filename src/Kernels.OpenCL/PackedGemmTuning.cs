namespace VemKernels.OpenCL;

/// <summary>How native/common/gemm_packed.cl cuts a product on a processor.</summary>
/// <param name="PanelM">Rows of the micro-kernel.</param>
/// <param name="Vectors">Vectors of columns of the micro-kernel.</param>
/// <param name="Lanes">Elements of a vector.</param>
internal sealed record PackedGemmTuning(int PanelM, int Vectors, int Lanes)
{
    /// <summary>Products of a block: a panel of B of 256 x 48 floats stays in the second-level cache.</summary>
    public const int BlockK = 256;

    /// <summary>Panels of A that a work-item takes against one panel of B.</summary>
    public const int BlockPanels = 16;

    /// <summary>Rows of A, and columns of B, that are packed at a time: some megabytes.</summary>
    public const int BlockMN = 4096;

    /// <summary>Bytes of the widest vector registers; devices with them have 32, others 16.</summary>
    private const int WidestVector = 64;

    /// <summary>Columns of the micro-kernel.</summary>
    public int PanelN => Vectors * Lanes;

    /// <summary>8 x 3 vectors for 32 registers, 4 x 3 for 16, as the SIMD backend has them.</summary>
    public static PackedGemmTuning For(OpenClDevice device, int elementBytes)
    {
        int lanes = Math.Max(2, device.VectorBytes / elementBytes);
        return new PackedGemmTuning(device.VectorBytes >= WidestVector ? 8 : 4, 3, lanes);
    }

    /// <summary>The values as options of the compiler.</summary>
    public string Definitions<T>()
        where T : unmanaged
    {
        string type = typeof(T) == typeof(float) ? "float" : "double";
        return $"-D PANEL_M={PanelM} -D VECTORS={Vectors} -D LANES={Lanes} -D BLOCK_PANELS={BlockPanels} "
            + $"-D VECTOR={type}{Lanes} -D STORE_VECTOR(x,p)=vstore{Lanes}(x,0,p)";
    }
}
