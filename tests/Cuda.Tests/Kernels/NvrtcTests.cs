using System.Text.RegularExpressions;
using NUnit.Framework;
using VemKernels.Device;

namespace VemKernels.Cuda.Tests;

/// <summary>
/// Every kernel compiles for every architecture, in float and double, and takes no more of a multiprocessor than the
/// table says.
/// </summary>
public sealed partial class NvrtcTests
{
    private static IEnumerable<TestCaseData> Programs =>
        from program in CompiledKernels.Sources
        from architecture in CompiledKernels.Architectures
        select new TestCaseData(program.Source, program.Type, architecture);

    [TestCaseSource(nameof(Programs))]
    public void A_source_compiles_without_remarks(string source, Type type, int architecture)
    {
        CompiledProgram program = CompiledKernels.Compile(source, type, architecture);
        Assert.Multiple(() =>
        {
            Assert.That(program.Log, Does.Not.Contain("warning"));
            Assert.That(CubinReader.Read(program.Image).Select(kernel => kernel.Name), Is.Not.Empty);
        });
    }

    [TestCaseSource(nameof(Programs))]
    public void Figures_of_a_cubin_are_those_that_the_compiler_reports(string source, Type type, int architecture)
    {
        CompiledProgram program = CompiledKernels.Compile(source, type, architecture);
        Dictionary<string, KernelFigures> reported = Reported().Matches(program.Log).ToDictionary(
            match => match.Groups["name"].Value,
            match => new KernelFigures(
                match.Groups["name"].Value, Number(match, "registers"), Number(match, "stack"), Number(match, "shared")));
        Assert.That(
            CubinReader.Read(program.Image).OrderBy(kernel => kernel.Name),
            Is.EqualTo(reported.Values.OrderBy(kernel => kernel.Name)));
    }

    [Test]
    public void All_common_sources_are_compiled()
    {
        string[] parts = ["views", "accumulator"];
        IEnumerable<string> common = typeof(DeviceBackend).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith("common/", StringComparison.Ordinal))
            .Select(name => Path.GetFileNameWithoutExtension(name)!).Except(parts);
        IEnumerable<string> own = typeof(CudaBackend).Assembly.GetManifestResourceNames()
            .Where(name => name.EndsWith(".cu", StringComparison.Ordinal))
            .Select(name => Path.GetFileNameWithoutExtension(name)!);
        Assert.That(CompiledKernels.Sources.Select(program => program.Source).Distinct(), Is.EquivalentTo(common.Union(own)));
    }

    [Test]
    public void No_kernel_asks_for_more_than_a_block_may_have()
    {
        foreach (TestCaseData data in Programs)
        {
            CompiledProgram program = CompiledKernels.Compile(
                (string)data.Arguments[0]!, (Type)data.Arguments[1]!, (int)data.Arguments[2]!);
            foreach (KernelFigures kernel in CubinReader.Read(program.Image))
            {
                // 256 threads are the largest block of any kernel; a multiprocessor has 65,536 registers.
                Assert.That(kernel.Registers * 256, Is.LessThanOrEqualTo(65536), kernel.Name);
                Assert.That(kernel.SharedBytes, Is.LessThanOrEqualTo(48 << 10), kernel.Name);
            }
        }
    }

    [TestCaseSource(nameof(Programs))]
    public void Only_the_kernels_that_are_known_to_spill_use_local_memory(string source, Type type, int architecture)
    {
        CompiledProgram program = CompiledKernels.Compile(source, type, architecture);
        IEnumerable<string> spilling = CubinReader.Read(program.Image).Where(kernel => kernel.StackBytes > 0)
            .Select(kernel => kernel.Name);
        Assert.That(spilling, Is.SubsetOf(KernelTable.Spilling));
    }

    /// <summary>
    /// VEM_WRITE_KERNEL_TABLE=1 writes the table of this version anew; else it must be what its compiler says.
    /// </summary>
    [Test]
    public void The_table_of_figures_is_what_the_compiler_says()
    {
        string table = KernelTable.Make();
        if (Environment.GetEnvironmentVariable("VEM_WRITE_KERNEL_TABLE") == "1")
        {
            File.WriteAllText(KernelTable.FilePath, table);
        }

        if (!File.Exists(KernelTable.FilePath))
        {
            Assert.Ignore($"There is no table of NVRTC {CompiledKernels.Nvrtc.Version}.");
        }

        Assert.That(
            File.ReadAllText(KernelTable.FilePath), Is.EqualTo(table), "run with VEM_WRITE_KERNEL_TABLE=1 to renew it");
    }

    [Test]
    public void A_source_that_does_not_compile_shows_its_name_and_the_log()
    {
        NvrtcCompiler compiler = new(CompiledKernels.Nvrtc);
        CudaException error = Assert.Throws<CudaException>(() => compiler.Compile(
            "broken", "extern \"C\" __global__ void broken(float *a) { a[0] = no_such_name; }",
            "--gpu-architecture=sm_80", isMachineCode: true))!;
        Assert.Multiple(() =>
        {
            Assert.That(error.Call, Is.EqualTo("nvrtcCompileProgram"));
            Assert.That(
                error.Message,
                Does.Contain("NVRTC_ERROR_COMPILATION").And.Contain("broken").And.Contain("no_such_name"));
        });
    }

    [Test]
    public void A_newer_device_gets_ptx_of_the_newest_architecture_that_is_known()
    {
        Architecture architecture = Architecture.For(120, CompiledKernels.Nvrtc.Architectures);
        CompiledProgram program = new NvrtcCompiler(CompiledKernels.Nvrtc).Compile(
            "elementwise", CudaRuntime.OwnSources.Load("elementwise"),
            NvrtcCompiler.Options(architecture, KernelLibrary.DefinitionsOf<float>(true, "").Replace("-D ", "-D")),
            architecture.IsMachineCode);
        string text = System.Text.Encoding.ASCII.GetString(program.Image);
        Assert.Multiple(() =>
        {
            Assert.That(architecture.IsMachineCode, Is.False);
            Assert.That(text, Does.Contain($".target sm_{CompiledKernels.Nvrtc.Architectures[^1]}"));
            Assert.That(text, Does.EndWith("\0"), "the driver takes a text that ends in a zero");
        });
    }

    [Test]
    public void Float_kernels_do_not_compute_in_double_but_where_they_accumulate()
    {
        Architecture architecture = new(80, IsMachineCode: false);
        foreach (string source in (string[])["gemm", "trsm", "cholesky", "jacobi", "peak", "elementwise"])
        {
            string own = CompiledKernels.Sources.First(program => program.Source == source).Definitions;
            string options = NvrtcCompiler.Options(
                architecture, KernelLibrary.DefinitionsOf<float>(true, own).Replace("-D ", "-D"));
            CompiledProgram program = new NvrtcCompiler(CompiledKernels.Nvrtc).Compile(
                source, CudaRuntime.OwnSources.Load(source), options, isMachineCode: false);
            string text = System.Text.Encoding.ASCII.GetString(program.Image);
            Assert.That(text, Does.Not.Match(@"(add|mul|fma|div|sqrt|sub)\.(rn\.)?f64"), source);
        }
    }

    private static int Number(Match match, string name) =>
        match.Groups[name].Success ? int.Parse(match.Groups[name].Value) : 0;

    [GeneratedRegex(
        @"Compiling entry function '(?<name>\w+)' for[^\n]*\n[^\n]*\n\D*(?<stack>\d+) bytes stack frame[^\n]*\n"
        + @"[^\n]*Used (?<registers>\d+) registers(, \d+ bytes cumulative stack size)?(, (?<shared>\d+) bytes smem)?")]
    private static partial Regex Reported();
}
