using System.Diagnostics;
using System.IO.Compression;
using NUnit.Framework;
using VemKernels.Tests;

namespace VemKernels.Interop.Tests;

/// <summary>
/// The NuGet packages as a program of its own takes them, from a folder: VEM_NATIVE_DIST/packages, which the gate fills
/// by `dotnet pack`.
/// </summary>
[Category("Native")]
public sealed class PackageTests
{
    private const int RunMilliseconds = 300_000;

    private static readonly string[] Libraries =
    [
        "Kernels", "Kernels.Simd", "Kernels.Device", "Kernels.OpenCL", "Kernels.Cuda", "Solvers", "Data", "Estimators",
    ];

    private const string Project =
        """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <Nullable>enable</Nullable>
            <ImplicitUsings>enable</ImplicitUsings>
            <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
            <RestorePackagesPath>$(MSBuildThisFileDirectory)cache</RestorePackagesPath>
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Include="VemKernels.Estimators" Version="*" />
            <PackageReference Include="VemKernels.Kernels.Simd" Version="*" />
            <PackageReference Include="VemKernels.Kernels.OpenCL" Version="*" />
            <PackageReference Include="VemKernels.Kernels.Cuda" Version="*" />
          </ItemGroup>
        </Project>
        """;

    private const string Program =
        """
        using VemKernels;
        using VemKernels.Cuda;
        using VemKernels.Data;
        using VemKernels.Estimators;
        using VemKernels.OpenCL;
        using VemKernels.Simd;
        using VemKernels.Solvers;

        using SimdBackend backend = new();
        using Matrix<double> X = new(20, 2), Y = new(20, 3);
        for (int i = 0; i < 20; i++)
        {
            X[i, 0] = Math.Sin(i);
            X[i, 1] = Math.Cos(3 * i);
            for (int j = 0; j < 3; j++)
            {
                Y[i, j] = X[i, 0] - (j * X[i, 1]);
            }
        }

        using RidgeResult<double> fit = VemKernels.Solvers.Ridge.Solve(
            backend, X.View, new MatrixTargetSource<double>(Y.View), new RidgeOptions { Alphas = [1e-9] });
        NpyFile.Write("weights.npy", fit.Weights!.View);
        Type estimator = typeof(RidgeCV<double>);
        bool lists = OpenClDevices.List().Count >= 0 && CudaDevices.List().Count >= 0;
        Console.WriteLine($"{fit.Weights![1, 2]:F6} {estimator.Name} {lists}");
        return Math.Abs(fit.Weights[1, 2] + 2) < 1e-6 && File.Exists("weights.npy") ? 0 : 1;
        """;

    private string _packages = null!;

    [OneTimeSetUp]
    public void Find()
    {
        _packages = Path.Combine(Environment.GetEnvironmentVariable("VEM_NATIVE_DIST") ?? string.Empty, "packages");
        if (!Directory.Exists(_packages))
        {
            Requirement.Missing(
                $"There is no {_packages}: dotnet pack -c Release VemKernels.sln -o FOLDER/packages, as .ci/run does.");
        }
    }

    [Test]
    public void Every_library_is_there_with_its_documentation([ValueSource(nameof(Libraries))] string library)
    {
        string package = Directory.GetFiles(_packages, $"VemKernels.{library}.?.?.?.nupkg").Single();
        using ZipArchive archive = ZipFile.OpenRead(package);
        Assert.That(archive.GetEntry($"lib/net10.0/VemKernels.{library}.dll"), Is.Not.Null);
        ZipArchiveEntry? documentation = archive.GetEntry($"lib/net10.0/VemKernels.{library}.xml");
        Assert.That(documentation, Is.Not.Null);
        using StreamReader reader = new(documentation!.Open());
        Assert.That(reader.ReadToEnd(), Does.Contain("<summary>"));
    }

    [Test]
    public void A_program_of_its_own_takes_them_from_a_folder()
    {
        DirectoryInfo work = Directory.CreateTempSubdirectory("vem-packages");
        try
        {
            File.WriteAllText(Path.Combine(work.FullName, "Program.cs"), Program);
            File.WriteAllText(Path.Combine(work.FullName, "own.csproj"), Project);
            File.WriteAllText(
                Path.Combine(work.FullName, "nuget.config"),
                $"""
                <configuration>
                  <packageSources><clear /><add key="folder" value="{_packages}" /></packageSources>
                </configuration>
                """);

            (int exitCode, string output) = Run(work.FullName, "run", "-c", "Release");
            Assert.That(exitCode, Is.Zero, output);
            Assert.That(output, Does.Contain("-2.000000 RidgeCV`1 True"));
        }
        finally
        {
            work.Delete(recursive: true);
        }
    }

    private static (int ExitCode, string Output) Run(string folder, params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet", arguments)
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder,
        };

        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";

        // Not what the test's own build has set.
        string[] set = [.. start.Environment.Keys.Where(name => name.StartsWith("MSBuild", StringComparison.Ordinal))];
        Array.ForEach(set, name => start.Environment.Remove(name));

        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(RunMilliseconds))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"dotnet took over {RunMilliseconds} ms.");
        }

        return (process.ExitCode, output.Result + errors.Result);
    }
}
