using VemKernels.Benchmark.Reports;
using VemKernels.Cli.Fit;
using VemKernels.Data;

namespace VemKernels.Cli.Bench;

/// <summary>
/// Where <c>vem bench</c> writes: a folder with data and report, or the data alone as one .json file.
/// </summary>
internal static class BenchmarkFiles
{
    /// <summary>The data, inside the folder.</summary>
    public const string Json = AtomicFolder.Marker;

    /// <summary>The report, inside the folder.</summary>
    public const string Html = "report.html";

    private const string JsonExtension = ".json";

    /// <summary>Fails before any work where the place cannot be written.</summary>
    /// <exception cref="IOException">The message is one line that names the place.</exception>
    public static void RequireWritable(string path)
    {
        if (IsFile(path))
        {
            new AtomicFile(path).Dispose();
        }
        else
        {
            new AtomicFolder(path, [Json, Html]).Dispose();
        }
    }

    /// <summary>Writes a report; it appears whole or not at all.</summary>
    /// <returns>The file to look at.</returns>
    public static string Write(string path, BenchmarkReport report)
    {
        if (IsFile(path))
        {
            JsonFile.Write(path, report);
            return path;
        }

        using AtomicFolder folder = new(path, [Json, Html]);
        JsonFile.Write(folder[Json], report);
        File.WriteAllText(folder[Html], new BenchmarkPage(report).ToHtml());
        folder.Commit();
        return Path.Combine(path, Html);
    }

    /// <summary>Reads a report: a .json file, or the folder that holds one.</summary>
    /// <exception cref="IOException">It is not there, or damaged; the message is one line that names it.</exception>
    public static BenchmarkReport Read(string path) =>
        JsonFile.Read<BenchmarkReport>(Directory.Exists(path) ? Path.Combine(path, Json) : path);

    private static bool IsFile(string path) => path.EndsWith(JsonExtension, StringComparison.OrdinalIgnoreCase);
}
