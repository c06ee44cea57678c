using System.Text;
using VemKernels.Tests;

namespace VemKernels.Cuda.Tests;

/// <summary>
/// docs/cuda-kernels-VERSION.md: what every kernel takes of a multiprocessor, by architecture, for a version of NVRTC.
/// </summary>
internal static class KernelTable
{
    /// <summary>
    /// Kernels that keep a few values in local memory: across the compiler's own subroutines for division and roots,
    /// or, for two blocks a multiprocessor, values that a tile of products needs once.
    /// </summary>
    public static readonly string[] Spilling =
    [
        "symmetric_eigen", "thin_svd", "warp_eigen_16", "warp_svd_16", "warp_svd_32", "tensor_gemm_kn",
        "tensor_gemm_kk", "tensor_gemm_mn", "tensor_gemm_mk",
    ];

    /// <summary>The file in the repository for the compiler that was found.</summary>
    public static string FilePath
    {
        get
        {
            DirectoryInfo? folder = new(AppContext.BaseDirectory);
            while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "VemKernels.sln")))
            {
                folder = folder.Parent;
            }

            if (folder is null)
            {
                Requirement.Missing("The tests do not run inside the repository.");
            }

            return Path.Combine(folder!.FullName, "docs", $"cuda-kernels-{CompiledKernels.Nvrtc.Version}.md");
        }
    }

    /// <summary>The table as the compiler now has it.</summary>
    public static string Make()
    {
        int[] architectures = CompiledKernels.Architectures;
        StringBuilder text = new();
        text.Append("# Registers and memory of the CUDA kernels\n\n");
        text.Append($"What NVRTC {CompiledKernels.Nvrtc.Version} makes of each kernel, read from the compiled code: ");
        text.Append("registers a thread, by architecture; bytes of\nlocal memory a thread (spilled registers), the most of ");
        text.Append("any architecture; bytes of shared memory a block. Written by\n`VEM_WRITE_KERNEL_TABLE=1 dotnet test ");
        text.Append("tests/Cuda.Tests --filter The_table`, and compared by the same test in every run\nwith this NVRTC.\n\n");
        text.Append($"| source | kernel | type | {string.Join(" | ", architectures.Select(a => $"sm_{a}"))} ");
        text.Append("| local bytes | shared bytes |\n| --- | --- | --- |");
        text.Append(string.Concat(Enumerable.Repeat(" ---: |", architectures.Length + 2))).Append('\n');
        foreach ((string source, Type type, _) in CompiledKernels.Sources)
        {
            AppendSource(text, source, type);
        }

        return text.ToString();
    }

    private static void AppendSource(StringBuilder text, string source, Type type)
    {
        IReadOnlyList<KernelFigures>[] byArchitecture =
        [
            .. CompiledKernels.Architectures.Select(
                architecture => CubinReader.Read(CompiledKernels.Compile(source, type, architecture).Image)),
        ];
        foreach (string kernel in byArchitecture.SelectMany(kernels => kernels).Select(kernel => kernel.Name).Distinct())
        {
            KernelFigures?[] figures =
                [.. byArchitecture.Select(kernels => kernels.SingleOrDefault(found => found.Name == kernel))];
            string registers = string.Join(" | ", figures.Select(found => found is null ? "-" : $"{found.Registers}"));
            text.Append($"| {source} | {kernel} | {(type == typeof(float) ? "float" : "double")} | {registers} ");
            text.Append($"| {figures.Max(found => found?.StackBytes)} | {figures.Max(found => found?.SharedBytes)} |\n");
        }
    }
}
