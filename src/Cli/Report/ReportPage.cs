using System.Net;

namespace VemKernels.Cli.Report;

/// <summary>
/// A report as one file that needs no network, light or dark as its reader's system is. What is put in must be
/// well-formed, and so is the page.
/// </summary>
internal static class ReportPage
{
    /// <summary>The page.</summary>
    /// <param name="title">Of the window.</param>
    /// <param name="body">HTML, elements closed as XML has it.</param>
    public static string Of(string title, string body) => $"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{WebUtility.HtmlEncode(title)}</title>
        <style>
        {ReportStyle.Sheet}
        </style>
        </head>
        <body>
        <main>
        {body}
        </main>
        </body>
        </html>

        """;
}
