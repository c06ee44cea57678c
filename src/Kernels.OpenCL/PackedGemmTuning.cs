using VemKernels.Device;

namespace VemKernels.OpenCL;

/// <summary>How native/common/gemm_packed.cl cuts a product on a processor.</summary>
/// <param name="PanelM">Rows of the micro-kernel.</param>
/// <param name="Vectors">Vectors of columns of the micro-kernel.</param>
/// <param name="Lanes">Elements of a vector.</param>
internal sealed record PackedGemmTuning(int PanelM, int Vectors, int Lanes)
{
    /// <summary>The source's name.</summary>
    public const string Source = "gemm_packed";

    /// <summary>Products of a block: a panel of B of 256 x 48 floats stays in the second-level cache.</summary>
    public const int BlockK = 256;

    /// <summary>Panels of A that a work-item takes against one panel of B.</summary>
    public const int BlockPanels = 16;

    /// <summary>Rows of A, and columns of B, that are packed at a time: some megabytes.</summary>
    public const int BlockMN = 4096;

    /// <summary>Bytes of the widest vector registers; devices with them have 32, others 16.</summary>
    private const int WidestVector = 64;

    private const int MostPanelM = 64;

    private const int MostVectors = 16;

    /// <summary>Columns of the micro-kernel.</summary>
    public int PanelN => Vectors * Lanes;

    /// <summary>The values by name, as a database keeps them.</summary>
    public IReadOnlyDictionary<string, int> Values => new Dictionary<string, int>
    {
        [nameof(PanelM)] = PanelM, [nameof(Vectors)] = Vectors, [nameof(Lanes)] = Lanes,
    };

    /// <summary>What was measured on a device, if that is there and sound, or the default.</summary>
    public static PackedGemmTuning For<T>(OpenClDevice device, DeviceTuning tuning)
        where T : unmanaged => From(tuning.Of<T>(Source)) is { IsSound: true } measured ? measured : Default<T>(device);

    /// <summary>The default first, then other shapes that leave registers for a row of B and an element of A.</summary>
    public static IReadOnlyList<PackedGemmTuning> Candidates<T>(OpenClDevice device)
        where T : unmanaged
    {
        PackedGemmTuning first = Default<T>(device);
        (int PanelM, int Vectors)[] shapes = [(8, 3), (4, 3), (6, 2), (6, 4), (8, 2), (12, 2), (14, 2), (4, 4)];
        return
        [
            first,
            .. shapes.Select(shape => new PackedGemmTuning(shape.PanelM, shape.Vectors, first.Lanes)).Where(
                candidate => candidate != first),
        ];
    }

    /// <summary>8 x 3 vectors for 32 registers, 4 x 3 for 16, as the SIMD backend has them.</summary>
    private static PackedGemmTuning Default<T>(OpenClDevice device)
        where T : unmanaged
    {
        int lanes = Math.Max(2, device.VectorBytes / (typeof(T) == typeof(float) ? sizeof(float) : sizeof(double)));
        return new PackedGemmTuning(device.VectorBytes >= WidestVector ? 8 : 4, 3, lanes);
    }

    /// <summary>The values of a database; null where one is missing.</summary>
    private static PackedGemmTuning? From(IReadOnlyDictionary<string, int>? values) =>
        values is not null && values.TryGetValue(nameof(PanelM), out int m)
            && values.TryGetValue(nameof(Vectors), out int vectors) && values.TryGetValue(nameof(Lanes), out int lanes)
            ? new PackedGemmTuning(m, vectors, lanes) : null;

    /// <summary>Whether OpenCL has vectors of so many lanes, and a tile is of a sane size.</summary>
    private bool IsSound => PanelM is > 0 and <= MostPanelM && Vectors is > 0 and <= MostVectors
        && Lanes is 2 or 4 or 8 or 16;

    /// <summary>The values as options of the compiler.</summary>
    public string Definitions<T>()
        where T : unmanaged
    {
        string type = typeof(T) == typeof(float) ? "float" : "double";
        return $"-D PANEL_M={PanelM} -D VECTORS={Vectors} -D LANES={Lanes} -D BLOCK_PANELS={BlockPanels} "
            + $"-D VECTOR={type}{Lanes} -D STORE_VECTOR(x,p)=vstore{Lanes}(x,0,p)";
    }
}
