using VemKernels.Bench.Cases;
using VemKernels.Bench.Inputs;
using VemKernels.Bench.Roofs;
using VemKernels.Simd;

namespace VemKernels.Bench.Modes;

/// <summary>
/// Runs what it is asked for on standard input, one line a request, one line of JSON an answer, so that a script can
/// alternate between this process and its peers: <c>roofs</c>, <c>run CASE</c> and <c>result CASE FILE</c>.
/// </summary>
internal static class ServeMode
{
    private const int RoofTrials = 5;

    /// <summary>Arguments: FOLDER with the inputs [--backend ID].</summary>
    public static void Run(Arguments arguments)
    {
        using IBackend backend = BenchBackend.Start(arguments.Text("--backend"));
        using SimdBackend processor = new();
        using CaseSession session = new(backend, new InputFolder(arguments.Positional(0)));
        while (Console.ReadLine() is { } line)
        {
            Answer(backend, processor, session, line.Split(' '));
        }
    }

    private static void Answer(IBackend backend, SimdBackend processor, CaseSession session, string[] request)
    {
        switch (request)
        {
            case ["roofs"]:
                JsonLine.Write(new { Backend = backend.Info, Roofs = MachineRoofs.Measure(processor.InstructionSet, RoofTrials) });
                break;
            case ["run", string name]:
                JsonLine.Write(new { Seconds = session.Run(CaseCatalog.Find(name)) });
                break;
            case ["result", string name, string path]:
                session.WriteResult(CaseCatalog.Find(name), path);
                JsonLine.Write(new { Written = path });
                break;
            default:
                throw new ArgumentException($"Unknown request: {string.Join(' ', request)}", nameof(request));
        }
    }
}
