using System.Globalization;
using System.Text.Json;

namespace VemKernels.Solvers.Tests;

/// <summary>The vectors of data/*.json, which travel in the test assembly; data/make_vectors.py wrote them.</summary>
internal static class TestVectors
{
    public static JsonElement Load(string name)
    {
        using Stream stream = typeof(TestVectors).Assembly.GetManifestResourceStream($"data/{name}.json")
            ?? throw new InvalidOperationException($"No test vectors data/{name}.json in the assembly.");
        using JsonDocument document = JsonDocument.Parse(stream);
        return document.RootElement.Clone();
    }

    /// <summary>
    /// The elements of an array as test cases, named by their seeds (their text would be pages long).
    /// </summary>
    public static IEnumerable<TestCaseData> CasesBySeed(this JsonElement array) =>
        array.EnumerateArray().Select(
            (element, i) => new TestCaseData(element).SetArgDisplayNames($"case {i}, seed {element.Seed()}"));

    public static double[] Doubles(this JsonElement element) =>
        [.. element.EnumerateArray().Select(value => value.GetDouble())];

    public static double[] Doubles(this JsonElement element, string name) => element.GetProperty(name).Doubles();

    public static int[] Integers(this JsonElement element) =>
        [.. element.EnumerateArray().Select(value => value.GetInt32())];

    public static int[] Integers(this JsonElement element, string name) => element.GetProperty(name).Integers();

    public static int Integer(this JsonElement element, string name) => element.GetProperty(name).GetInt32();

    public static long Seed(this JsonElement element) => element.GetProperty("seed").GetInt64();

    public static double[] Concentrations(this JsonElement element) =>
    [
        .. element.GetProperty("concentration").EnumerateArray().Select(text =>
            text.GetString() == "inf" ? double.PositiveInfinity : double.Parse(text.GetString()!, CultureInfo.InvariantCulture)),
    ];

    /// <summary>
    /// Asserts that a matrix equals an array of rows; the tolerance is relative to the largest expected value.
    /// </summary>
    public static void AssertEqual<T>(MatrixView<T> actual, JsonElement expected, double tolerance)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        double[][] rows = [.. expected.EnumerateArray().Select(row => row.Doubles())];
        Assert.That((actual.Rows, actual.Columns), Is.EqualTo(((nint)rows.Length, (nint)rows[0].Length)));
        double largest = rows.Max(row => row.Max(Math.Abs));
        for (int i = 0; i < rows.Length; i++)
        {
            for (int j = 0; j < rows[i].Length; j++)
            {
                Assert.That(
                    double.CreateTruncating(actual[i, j]),
                    Is.EqualTo(rows[i][j]).Within(tolerance * largest), $"({i}, {j})");
            }
        }
    }
}
