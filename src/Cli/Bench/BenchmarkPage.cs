using System.Text;
using VemKernels.Benchmark.Checks;
using VemKernels.Benchmark.Reports;
using VemKernels.Cli.Report;

namespace VemKernels.Cli.Bench;

/// <summary>The page that <c>vem bench</c> writes.</summary>
/// <param name="report">What was found.</param>
internal sealed class BenchmarkPage(BenchmarkReport report)
{
    private const double Giga = 1e9;

    private readonly StringBuilder _body = new();

    /// <summary>The page, well-formed XML too.</summary>
    public string ToHtml()
    {
        _body.Clear();
        AddHeader();
        foreach (BackendReport backend in report.Backends)
        {
            AddBackend(backend);
        }

        AddFooter();
        return ReportPage.Of("vem bench", $"{_body}");
    }

    private void AddHeader()
    {
        MachineInfo machine = report.Machine;
        string filter = report.Filter is { } part ? $", only workloads with \u201c{part}\u201d in their names" : "";
        _body.Append($"""
            <header>
            <p class="kicker">vem bench</p>
            <h1>{Escape(machine.Name)}</h1>
            <p class="lead">{machine.LogicalProcessors} logical processors, {machine.MemoryBytes / Giga:F1} GB of memory,
            {Escape(machine.OperatingSystem)}, {Escape(machine.Architecture)}. Workloads version {report.Version},
            {(report.Profile == Profile.Quick ? "quick" : "full")} run{Escape(filter)}, {report.Date:yyyy-MM-dd}.</p>
            {Paragraphs(report.Warned(), "no")}{Paragraphs(report.LeftOut ?? [], "caption")}</header>

            """);
    }

    private void AddBackend(BackendReport backend)
    {
        string driver = backend.Driver is { } name ? $", driver {name}" : "";
        _body.Append($"""
            <section>
            <h2>{Escape(backend.Backend.Id)}: {Escape(backend.Backend.Name)}</h2>
            <p class="caption">{Escape(backend.Backend.InstructionSet)}, {backend.Backend.Threads} threads or compute
            units, {backend.Backend.MemoryBytes / Giga:F1} GB{Escape(driver)}.</p>
            <div class="tiles">
            {Tile(backend.Score is { } score ? $"{score:F0}" : "no score", ScoreMeaning(backend))}
            {Tile($"{backend.Roofs.SingleFlops / Giga:N0}", "GFLOP/s at most, float32")}
            {Tile($"{backend.Roofs.DoubleFlops / Giga:N0}", "GFLOP/s at most, float64")}
            {Tile($"{backend.Roofs.Bandwidth / Giga:N0}", "GB/s of memory at most")}
            </div>
            </section>

            """);
        AddRoofline(backend);
        AddTable(backend);
    }

    private string ScoreMeaning(BackendReport backend) =>
        backend.NoScore ?? $"100 is the reference: {report.Reference}";

    private void AddRoofline(BackendReport backend)
    {
        _body.Append("""
            <section>
            <h2>How near to the roofs?</h2>
            <p class="caption">Each dot is a workload, with its row in the table below: how much arithmetic it does for each byte of its
            inputs and outputs, and how fast. No dot of plain arithmetic can lie above its roof: on the left what memory delivers, on the
            right the peak of multiply-adds. Fits are counted as if nothing in them were redundant; the solver finds what is, and may end up
            above.</p>
            <figure>
            <div class="legend">
            """);
        for (int i = 0; i < RooflineChart.Series.Length; i++)
        {
            _body.Append($"<span><span class=\"swatch bg-{i}\"></span>{Escape(RooflineChart.Series[i])}</span>");
        }

        _body.Append($"</div>\n{RooflineChart.Draw(backend)}</figure>\n</section>\n");
    }

    private void AddTable(BackendReport backend)
    {
        _body.Append("""
            <section>
            <h2>Workloads</h2>
            <table>
            <thead><tr><th>workload</th><th>rate</th><th>of the peak</th><th>bound by</th><th>score</th><th>results</th></tr></thead>
            <tbody>

            """);
        for (int i = 0; i < backend.Workloads.Count; i++)
        {
            WorkloadResult result = backend.Workloads[i];
            string hint = $"{result.Description}, {result.ElementType}";
            _body.Append($"<tr><th scope=\"row\" title=\"{Escape(hint)}\">{i + 1}. {Escape(result.Name)}</th>"
                + $"<td>{RateText.Of(result.Rate, result.Unit)}</td><td>{RateText.Share(result.ShareOfPeak)}</td>"
                + $"<td>{BoundOf(result)}</td><td>{RateText.Score(result.OverReference)}</td>{Verdict(result)}</tr>\n");
        }

        _body.Append("</tbody>\n</table>\n</section>\n");
    }

    private static string BoundOf(WorkloadResult result) => result.BoundBy switch
    {
        Bound.Compute => "arithmetic",
        Bound.Memory => "memory",
        _ => "-",
    };

    private static string Verdict(WorkloadResult result)
    {
        if (result.Failure is { } failure)
        {
            return $"<td class=\"no\" title=\"{Escape(failure)}\">not run</td>";
        }

        string checks = string.Join("; ", result.Checks.Select(Text));
        return $"<td class=\"{(result.IsRight ? "yes" : "no")}\" title=\"{Escape(checks)}\">"
            + $"{(result.IsRight ? "right" : "wrong")}</td>";
    }

    private static string Text(CheckResult check) =>
        $"{check.Name}: {check.Error:G3}, at most {check.Tolerance:G3}";

    private void AddFooter()
    {
        string libraries = string.Join(
            ", ", report.Machine.Libraries.Select(library => $"{library.Key} {library.Value}"));
        _body.Append($"<footer>{Escape(libraries)}. Every sample is in <code>{BenchmarkFiles.Json}</code> beside this "
            + "page.</footer>\n");
    }

    private static string Paragraphs(IEnumerable<string> lines, string style) =>
        string.Concat(lines.Select(line => $"<p class=\"{style}\">{Escape(line)}</p>\n"));

    private static string Tile(string figure, string meaning) => ReportBody.Tile(figure, meaning);

    private static string Escape(string text) => ReportBody.Escape(text);
}
