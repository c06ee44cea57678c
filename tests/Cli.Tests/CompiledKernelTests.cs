using System.Text.RegularExpressions;
using VemKernels.Simd;
using VemKernels.Tests;

namespace VemKernels.Cli.Tests;

/// <summary>
/// That the compiler keeps the sums of the gemm micro-kernel in registers, in a process of its own whose machine code
/// is read: a call or an unlucky form of a loop has them all stored and loaded at every step, at a quarter of the rate,
/// and no result shows it.
/// </summary>
public sealed partial class CompiledKernelTests
{
    [Test]
    public void The_micro_kernels_loop_touches_no_stack_and_calls_nothing()
    {
        (string method, int sums, string register) = InstructionSets.Best switch
        {
            InstructionSet.Avx512 => ("Run8", 24, "zmm"),
            InstructionSet.Avx2 => ("Run4", 12, "ymm"),
            _ => ("", 0, ""),
        };
        if (method.Length == 0)
        {
            Requirement.Missing("The micro-kernel's code is read for AVX-512 and AVX2, which this processor lacks.");
        }

        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder["vendors"]);
        VemResult result = VemProcess.Run(
            new()
            {
                ["DOTNET_JitDisasm"] = method, ["DOTNET_JitStdOutFile"] = folder["code.txt"], ["OCL_ICD_VENDORS"] = folder["vendors"],
            },
            "devices");
        Assert.That(result.ExitCode, Is.Zero, result.Error);

        string[] listings = File.ReadAllText(folder["code.txt"]).Split("; Assembly listing for method ")[1..];
        Assert.That(listings, Has.Length.EqualTo(2), "float and double");
        foreach (string listing in listings)
        {
            // All sums of a step follow each other; what comes after them writes the tile.
            string[] lines = listing.Split('\n');
            int first = Array.FindIndex(lines, line => MultiplyAdd().IsMatch(line));
            int last = Array.FindLastIndex(lines, line => MultiplyAdd().IsMatch(line));
            string[] loop = lines[first..(last + 1)];
            Assert.That(loop.Count(line => MultiplyAdd().IsMatch(line) && line.Contains(register, StringComparison.Ordinal)), Is.EqualTo(sums), listing);
            Assert.That(loop, Has.None.Matches<string>(line => Stack().IsMatch(line)), listing);
            string[] step = lines[Start(lines, first)..(last + 10)];
            Assert.That(step, Has.None.Matches<string>(line => line.Contains("call ", StringComparison.Ordinal)), listing);
        }
    }

    private static int Start(string[] lines, int first) => Array.FindLastIndex(lines, first, line => line.StartsWith("G_M", StringComparison.Ordinal));

    [GeneratedRegex(@"vfmadd231p[sd]\b")]
    private static partial Regex MultiplyAdd();

    [GeneratedRegex(@"\[r[bs]p[-+]")]
    private static partial Regex Stack();
}
