using VemKernels.Bench.Cases;
using VemKernels.Bench.Inputs;

namespace VemKernels.Bench.Modes;

/// <summary>Writes the inputs of cases into a folder, and prints as JSON what the cases are and need.</summary>
internal static class InputsMode
{
    /// <summary>Arguments: FOLDER [--quick] [--operations NAME,NAME] [--filter PART-OF-NAME,PART-OF-NAME].</summary>
    public static void Run(Arguments arguments)
    {
        InputFolder folder = new(arguments.Positional(0));
        string[] operations = arguments.Text("--operations")?.Split(',') ?? [];
        string[] parts = (arguments.Text("--filter") ?? string.Empty).Split(',');
        bool quick = arguments.Has("--quick");
        Case[] cases = [.. CaseCatalog.All.Where(item => (item.Quick || !quick)
            && (operations.Length == 0 || operations.Contains(item.Operation))
            && parts.Any(part => item.Name.Contains(part, StringComparison.Ordinal)))];
        JsonLine.Write(cases.Select(item => new
        {
            item.Name,
            item.Work,
            item.Operation,
            item.ElementType,
            item.Parameters,
            item.Cost,
            Inputs = item.Inputs.ToDictionary(input => input.Key, input => folder.Require(input.Value)),
        }).ToArray());
    }
}
