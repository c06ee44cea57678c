namespace VemKernels.Solvers.Tests;

public class OneHotTests
{
    [Test]
    public void Categories_are_in_ordinal_order_without_the_baseline()
    {
        (Matrix<float> columns, string[] categories) = OneHot.Encode<float>(["rest", "house", "Face", "house"], "rest");
        using (columns)
        {
            Assert.That(categories, Is.EqualTo(new[] { "Face", "house" }), "capitals sort before small letters");
            Assert.That(Rows(columns), Is.EqualTo(new float[][] { [0, 0], [0, 1], [1, 0], [0, 1] }));
        }
    }

    [Test]
    public void Without_a_baseline_each_row_has_a_single_one()
    {
        (Matrix<double> columns, string[] categories) = OneHot.Encode<double>(["b", "a", "c", "a"], null);
        using (columns)
        {
            Assert.That(categories, Is.EqualTo(new[] { "a", "b", "c" }));
            Assert.That(Rows(columns).Select(row => row.Sum()), Is.All.EqualTo(1.0));
        }
    }

    [Test]
    public void New_data_are_coded_by_known_categories()
    {
        using Matrix<double> columns = OneHot.Encode<double>(["b", "rest"], ["a", "b", "c"], "rest");
        Assert.That(Rows(columns), Is.EqualTo(new double[][] { [0, 1, 0], [0, 0, 0] }));
    }

    [Test]
    public void Bad_labels_are_named()
    {
        Assert.That(
            () => OneHot.Encode<float>(["a", "x"], ["a", "b"], "rest"),
            Throws.ArgumentException.With.Message.Contains("Label \"x\" of sample 1 is not a known category; they are \"a\", \"b\"."));
        Assert.That(
            () => OneHot.Encode<float>(["a", "b"], "rest"),
            Throws.ArgumentException.With.Message.Contains("baseline category \"rest\" is not among the labels; they are \"a\", \"b\"."));
        Assert.That(
            () => OneHot.Encode<float>(["rest"], "rest"),
            Throws.ArgumentException.With.Message.Contains("Every label is the baseline"));
        Assert.That(() => OneHot.Encode<float>([], null), Throws.ArgumentException.With.Message.Contains("no labels"));
        Assert.That(
            () => OneHot.Encode<float>(["a"], ["a", "a"], null),
            Throws.ArgumentException.With.Message.Contains("named twice"));
    }

    private static T[][] Rows<T>(Matrix<T> matrix)
        where T : unmanaged => [.. Enumerable.Range(0, (int)matrix.Rows).Select(i => matrix.View.RowSpan(i).ToArray())];
}
