namespace VemKernels.Cli.Report;

/// <summary>
/// The style sheet of reports. The colours of groups are told apart by people who see colours differently (after Okabe
/// and Ito).
/// </summary>
internal static class ReportStyle
{
    /// <summary>CSS.</summary>
    public const string Sheet = """
        :root {
          --paper: #fbfaf7; --card: #ffffff; --ink: #1d2126; --soft: #5d6570; --rule: #e4e2dc; --grid: #eceae4; --axis: #9aa1a9;
          --group-0: #0072b2; --group-1: #d97706; --group-2: #009e73; --group-3: #b4b8bd; --on-fill: #ffffff;
          --group-4: #b3558f; --group-5: #b83a1b; --group-6: #3f97c6; --group-7: #a08a00;
          --yes: #00704f; --no: #b3261e;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --paper: #14171b; --card: #1c2026; --ink: #e8e6e1; --soft: #9aa3ad; --rule: #2c323a; --grid: #282e35; --axis: #6c757f;
            --group-0: #4ba3d9; --group-1: #f0a03c; --group-2: #35c49a; --group-3: #626a73; --on-fill: #14171b;
            --group-4: #d68cbb; --group-5: #ea7350; --group-6: #8fcdf0; --group-7: #d9c84a;
            --yes: #4fd1a5; --no: #f28b82;
          }
        }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--paper); color: var(--ink);
          font: 16px/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
        main { max-width: 820px; margin: 0 auto; padding: 56px 24px 72px; }
        .kicker { margin: 0; color: var(--soft); font: 600 13px/1 ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
        h1 { margin: 12px 0 12px; font-size: 34px; line-height: 1.15; letter-spacing: -0.02em; font-weight: 680; text-wrap: balance; }
        h2 { margin: 0 0 6px; font-size: 20px; line-height: 1.3; letter-spacing: -0.01em; font-weight: 640; }
        .lead { margin: 0; color: var(--soft); font-size: 17px; max-width: 64ch; }
        .caption { margin: 0 0 14px; color: var(--soft); font-size: 15px; max-width: 72ch; }
        section { margin-top: 52px; }
        .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(170px, 1fr)); gap: 12px; margin-top: 32px; }
        .tile { background: var(--card); border: 1px solid var(--rule); border-radius: 10px; padding: 16px 18px; }
        .tile strong { display: block; white-space: nowrap; font-size: 25px; line-height: 1.2; letter-spacing: -0.02em; font-variant-numeric: tabular-nums; }
        .tile span { display: block; margin-top: 4px; color: var(--soft); font-size: 13px; line-height: 1.4; }
        figure { margin: 0; background: var(--card); border: 1px solid var(--rule); border-radius: 10px; padding: 18px 18px 10px; }
        svg { display: block; width: 100%; height: auto; }
        .legend { display: flex; flex-wrap: wrap; gap: 6px 20px; margin-bottom: 12px; font-size: 14px; }
        .swatch { display: inline-block; width: 11px; height: 11px; margin-right: 8px; border-radius: 3px; }
        table { width: 100%; margin-top: 10px; border-collapse: collapse; font-size: 15px; font-variant-numeric: tabular-nums; }
        th, td { padding: 9px 10px; border-bottom: 1px solid var(--rule); text-align: right; }
        th:first-child { padding-left: 0; text-align: left; }
        thead th { color: var(--soft); font-size: 13px; font-weight: 500; line-height: 1.3; vertical-align: bottom; }
        tbody th { font-weight: 560; }
        .yes { color: var(--yes); font-weight: 640; }
        .no { color: var(--no); font-weight: 640; }
        .timings th { font-weight: 400; width: 34%; }
        .timings td:nth-child(2) { width: 14%; color: var(--soft); }
        .timings .bar { padding-right: 0; }
        .timings .bar span { display: block; height: 8px; border-radius: 4px; min-width: 2px; background: var(--group-0); }
        footer { margin-top: 56px; color: var(--soft); font-size: 14px; }
        code { font: 0.92em ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
        svg text { fill: var(--soft); font-size: 13px; font-variant-numeric: tabular-nums; }
        svg .name { fill: var(--ink); font-size: 13.5px; }
        svg .exponent { font-size: 10px; }
        svg .on-fill { fill: var(--on-fill); font-weight: 600; }
        .grid { stroke: var(--grid); } .axis { stroke: var(--axis); }
        .mark { stroke: var(--soft); stroke-dasharray: 4 4; }
        .line { fill: none; stroke-width: 2.2; stroke-linejoin: round; stroke-linecap: round; }
        .empty { fill: none; stroke: var(--rule); stroke-dasharray: 4 4; }
        .fill-0 { fill: var(--group-0); } .stroke-0 { stroke: var(--group-0); } .bg-0 { background: var(--group-0); }
        .fill-1 { fill: var(--group-1); } .stroke-1 { stroke: var(--group-1); } .bg-1 { background: var(--group-1); }
        .fill-2 { fill: var(--group-2); } .stroke-2 { stroke: var(--group-2); } .bg-2 { background: var(--group-2); }
        .fill-3 { fill: var(--group-3); } .stroke-3 { stroke: var(--group-3); } .bg-3 { background: var(--group-3); }
        .fill-4 { fill: var(--group-4); } .stroke-4 { stroke: var(--group-4); } .bg-4 { background: var(--group-4); }
        .fill-5 { fill: var(--group-5); } .stroke-5 { stroke: var(--group-5); } .bg-5 { background: var(--group-5); }
        .fill-6 { fill: var(--group-6); } .stroke-6 { stroke: var(--group-6); } .bg-6 { background: var(--group-6); }
        .fill-7 { fill: var(--group-7); } .stroke-7 { stroke: var(--group-7); } .bg-7 { background: var(--group-7); }
        .pairs th { font-weight: 400; width: 34%; vertical-align: top; }
        .pairs td { text-align: left; overflow-wrap: anywhere; }
        .median { stroke-width: 3; }
        @media print { body { background: none; } section { break-inside: avoid; } }
        """;
}
