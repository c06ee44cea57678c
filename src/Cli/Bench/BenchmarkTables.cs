using Spectre.Console;
using VemKernels.Benchmark.Reports;
using VemKernels.Benchmark.Scoring;

namespace VemKernels.Cli.Bench;

/// <summary>What <c>vem bench</c> prints.</summary>
internal static class BenchmarkTables
{
    /// <summary>The workloads of a backend.</summary>
    public static Table Workloads(BackendReport report)
    {
        Table table = new Table().RoundedBorder().AddColumns(
            "workload", "rate", "of peak", "score", "results");
        table.Title = new TableTitle(Markup.Escape($"{report.Backend.Id}: {report.Backend.Name}"));
        table.Columns[0].NoWrap();
        table.Columns[1].NoWrap();
        RightAlign(table, 1, 2, 3);
        foreach (WorkloadResult result in report.Workloads)
        {
            table.AddRow(
                Markup.Escape(result.Name), RateText.Of(result.Rate, result.Unit),
                RateText.Share(result.ShareOfPeak), RateText.Score(result.OverReference), Verdict(result));
        }

        return table;
    }

    /// <summary>Two backends side by side.</summary>
    public static Table Compared(ComparedBackends pair)
    {
        Table table = new Table().RoundedBorder().AddColumns("workload", "first", "second", "second / first");
        table.Title = new TableTitle(Markup.Escape(
            $"{pair.First.Backend.Id}: {pair.First.Backend.Name} / {pair.Second.Backend.Id}: "
            + $"{pair.Second.Backend.Name}"));
        table.Columns[0].NoWrap();
        table.Columns[1].NoWrap();
        RightAlign(table, 1, 2, 3);
        foreach (ComparedWorkload workload in pair.Workloads)
        {
            table.AddRow(
                Markup.Escape(workload.Name), RateText.Of(workload.First, workload.Unit),
                RateText.Of(workload.Second, workload.Unit), RateText.Ratio(workload.Ratio));
        }

        return table.AddRow("[bold]all, each group alike[/]", "", "", $"[bold]{RateText.Ratio(pair.Overall)}[/]");
    }

    private static string Verdict(WorkloadResult result) =>
        result.Failure is not null ? "[red]not run[/]"
        : result.IsRight ? "[green]right[/]"
        : "[red]wrong[/]";

    private static void RightAlign(Table table, params int[] columns)
    {
        foreach (int column in columns)
        {
            table.Columns[column].RightAligned();
        }
    }
}
