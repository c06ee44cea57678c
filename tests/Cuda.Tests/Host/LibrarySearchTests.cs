using System.Diagnostics;
using NUnit.Framework;

namespace VemKernels.Cuda.Tests;

/// <summary>Libraries are found where users have them, in the order that the documentation gives.</summary>
internal sealed class LibrarySearchTests
{
    private string _root = null!;

    [SetUp]
    public void MakeFolder() => _root = Directory.CreateTempSubdirectory("vem-cuda").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_root, recursive: true);

    [Test]
    [Platform("Linux")]
    public void Places_come_in_order()
    {
        string own = Make("own", "lib64");
        string home = Make("home", "lib64");
        string path = Make("path", "lib");
        string wheel = Make("venv", "lib", "python3.12", "site-packages", "nvidia", "cublas", "lib");
        string wheels = Make("venv", "lib", "python3.12", "site-packages", "nvidia", "cu13", "lib");
        IReadOnlyList<string> found = SearchFolders.List(Variables(new()
        {
            ["VEM_CUDA_PATH"] = Path.Combine(_root, "own"),
            ["CUDA_HOME"] = Path.Combine(_root, "home"),
            ["CUDA_PATH"] = Path.Combine(_root, "path"),
            ["VIRTUAL_ENV"] = Path.Combine(_root, "venv"),
        }));
        string[] expected = [own, home, path, SearchFolders.Loader, wheels, wheel];
        Assert.That(found.Where(expected.Contains), Is.EqualTo(expected));
    }

    [Test]
    [Platform("Linux")]
    public void The_environment_of_the_first_python_on_the_path_is_looked_at()
    {
        string wheel = Make("env", "lib", "python3.12", "site-packages", "nvidia", "cuda_nvrtc", "lib");
        string bin = Make("env", "bin");
        File.WriteAllText(Path.Combine(bin, "python3"), string.Empty);
        IReadOnlyList<string> found = SearchFolders.List(Variables(new() { ["PATH"] = $"/nowhere:{bin}" }));
        Assert.That(found, Does.Contain(wheel));
    }

    [Test]
    public void The_newest_toolkit_that_the_driver_runs_comes_first() => Assert.Multiple(() =>
    {
        Assert.That(
            LibraryNames.Of(LibraryKind.Compiler, windows: false),
            Is.EqualTo(new[] { "libnvrtc.so.13", "libnvrtc.so.12", "libnvrtc.so.11.2" }));
        Assert.That(
            LibraryNames.Of(LibraryKind.Compiler, windows: false, newest: 12),
            Is.EqualTo(new[] { "libnvrtc.so.12", "libnvrtc.so.11.2" }));
        Assert.That(
            LibraryNames.Of(LibraryKind.Solver, windows: false), Is.EqualTo(new[] { "libcusolver.so.12", "libcusolver.so.11" }));
        Assert.That(
            LibraryNames.Of(LibraryKind.Blas, windows: true, newest: 11), Is.EqualTo(new[] { "cublas64_11.dll" }));
        Assert.That(LibraryNames.Of(LibraryKind.Driver, windows: true), Is.EqualTo(new[] { "nvcuda.dll" }));
    });

    [Test]
    [Platform("Linux")]
    public void What_a_library_needs_of_its_own_folder_is_loaded_before_it()
    {
        // Neither of the two says where the other lies, as in some of NVIDIA's Python packages.
        Compile("int beside(void) { return 42; }", "-Wl,-soname,libcublasLt.so.12 -o libcublasLt.so.12");
        Compile(
            "extern int beside(void); int cublasAnswer(void) { return beside(); }",
            "-Wl,-soname,libcublas.so.12 -o libcublas.so.12 -L. -l:libcublasLt.so.12");
        string alone = Make("alone");
        File.Copy(Path.Combine(_root, "libcublas.so.12"), Path.Combine(alone, "libcublas.so.12"));
        Assert.That(NativeLibraryFile.TryLoad(LibraryKind.Blas, [alone]), Is.Null, "The test needs a missing library.");
        NativeLibraryFile? found = NativeLibraryFile.TryLoad(LibraryKind.Blas, [alone, _root]);
        Assert.That(found?.Name, Is.EqualTo(Path.Combine(_root, "libcublas.so.12")));
        Assert.That(Answer(found!), Is.EqualTo(42));
    }

    [Test]
    public void Without_a_driver_one_line_says_what_and_where()
    {
        CudaLibraries none = new([_root]);
        Assert.Multiple(() =>
        {
            Assert.That(none.CanCompute, Is.False);
            Assert.That(CudaDevices.List(none), Is.Empty);
            Assert.That(
                none.Missing,
                Does.Contain("the NVIDIA driver").And.Contain(_root).And.Contain("VEM_CUDA_PATH").And.Not.Contain("\n"));
            Assert.That(
                () => CudaDevices.Find(none, "cuda:0"),
                Throws.InstanceOf<PlatformNotSupportedException>().With.Message.Contain("the NVIDIA driver"));
        });
    }

    [Test]
    [Platform("Linux")]
    public void Without_the_compiler_nothing_computes_and_without_libraries_other_kernels_do()
    {
        FakeCuda.Reset();
        string folder = Path.GetDirectoryName(FakeCuda.Libraries.Driver!.Library.Name)!;
        Link(folder, "libcuda.so.1");
        CudaLibraries driver = new([_root]);
        Assert.That(driver.CanCompute, Is.False);
        Assert.That(driver.Missing, Does.Contain("NVRTC").And.Contain("cuBLAS").And.Contain("cuSOLVER"));
        Link(folder, "libnvrtc.so.12");
        CudaLibraries compiler = new([_root]);
        Assert.That(compiler.CanCompute);
        Assert.That(compiler.Missing, Does.Not.Contain("NVRTC").And.Contain("cuBLAS").And.Contain("cuSOLVER"));
        using CudaBackend backend = new(
            compiler, CudaDevices.Find(compiler, "cuda"), new CudaOptions { CacheFolder = FakeCuda.CacheFolder });
        using DeviceMatrix<double> a = backend.Allocate<double>(140, 140);
        using DeviceMatrix<double> w = backend.Allocate<double>(1, 140);
        backend.Fill(a.View, 0);
        backend.AddDiagonal(a.View, 4);
        backend.Gemm(1, a.View, a.View, 1, a.View);
        backend.Cholesky(a.View);
        backend.SymmetricEigen(a.View, w.View);
        Assert.That(backend.FrobeniusNorm(w.View), Is.EqualTo(Math.Sqrt(140 * 20)).Within(1e-9));
    }

    [Test]
    public void A_driver_without_devices_is_no_error_and_one_that_does_not_start_says_so()
    {
        CudaLibraries libraries = FakeCuda.Libraries;
        FakeCuda.Reset();
        FakeCuda.SetDevices(0);
        Assert.That(CudaDevices.List(libraries), Is.Empty);
        Assert.That(
            () => CudaDevices.Find(libraries, "cuda"),
            Throws.InstanceOf<PlatformNotSupportedException>().With.Message.Contain("has no device"));
        string folder = Path.GetDirectoryName(libraries.Driver!.Library.Name)!;
        foreach ((int code, string words) in ((int, string)[])[(999, "cuInit failed with 999"), (34, "not a driver")])
        {
            FakeCuda.Fail("cuInit", 1, code);
            CudaLibraries broken = new([folder]);
            Assert.That(broken.CanCompute, Is.False);
            Assert.That(broken.Missing, Does.Contain("cuInit").And.Contain(words));
        }

        FakeCuda.Reset();
    }

    [Test]
    public void A_device_that_is_not_there_is_named_with_those_that_are()
    {
        FakeCuda.Reset();
        Assert.That(
            () => CudaDevices.Find(FakeCuda.Libraries, "cuda:9"),
            Throws.InstanceOf<PlatformNotSupportedException>().With.Message.Contain("cuda:9").And.Message.Contain("cuda:0"));
    }

    [Test]
    public void Devices_say_what_they_are()
    {
        FakeCuda.Reset();
        CudaDevice device = FakeCuda.Device;
        Assert.That(
            (device.Id, device.Name, device.Capability, device.Driver, device.MemoryBytes),
            Is.EqualTo(("cuda:0", "Fake device 0", 80, new Version(12, 4), 4L << 30)));
    }

    [Test]
    public void A_device_that_the_compiler_no_longer_knows_is_refused_in_words() => Assert.That(
        () => Architecture.For(52, [70, 75]),
        Throws.InstanceOf<PlatformNotSupportedException>().With.Message.Contain("5.2").And.Message.Contain("7.0, 7.5"));

    private static unsafe int Answer(NativeLibraryFile library) =>
        ((delegate* unmanaged<int>)library.Function("cublasAnswer"))();

    private void Compile(string source, string options)
    {
        ProcessStartInfo start = new("cc", $"-shared -fPIC -x c - {options}")
        {
            WorkingDirectory = _root, RedirectStandardInput = true, RedirectStandardError = true,
        };
        using Process compiler = Process.Start(start)!;
        compiler.StandardInput.Write(source);
        compiler.StandardInput.Close();
        string errors = compiler.StandardError.ReadToEnd();
        compiler.WaitForExit();
        Assert.That(compiler.ExitCode, Is.Zero, errors);
    }

    private static Func<string, string?> Variables(Dictionary<string, string> values) => values.GetValueOrDefault;

    private string Make(params string[] parts) => Directory.CreateDirectory(Path.Combine([_root, .. parts])).FullName;

    private void Link(string folder, string name) =>
        File.CreateSymbolicLink(Path.Combine(_root, name), Path.Combine(folder, name));
}
