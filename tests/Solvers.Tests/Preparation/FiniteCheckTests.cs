using System.Numerics;

namespace VemKernels.Solvers.Tests;

[TestFixture(typeof(float))]
[TestFixture(typeof(double))]
public class FiniteCheckTests<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [Test]
    public void Finite_data_of_any_size_are_finite()
    {
        using Matrix<T> X = new(3, 10_007);
        X.View.Fill(T.BitIncrement(T.NegativeInfinity));
        X[1, 1] = T.Epsilon;
        Assert.That(FiniteCheck.Scan(X.View), Is.EqualTo(FiniteReport.Finite));
        Assert.That(FiniteCheck.Scan(X.View.Transposed).IsFinite, Is.True);
        using Matrix<T> empty = new(0, 5);
        Assert.That(FiniteCheck.Scan(empty.View).IsFinite, Is.True);
        Assert.That(FiniteCheck.Scan(new Streamed(empty.View)).IsFinite, Is.True);
    }

    [Test]
    public void A_single_value_is_found_wherever_it_stands()
    {
        RandomState random = new(3);
        using Matrix<T> X = new(5, 9_001);
        foreach (T bad in (T[])[T.NaN, T.PositiveInfinity, T.NegativeInfinity])
        {
            for (int round = 0; round < 40; round++)
            {
                (nint i, nint j) = ((nint)random.RandInt(0, 5), (nint)random.RandInt(0, 9_001));
                X[i, j] = bad;
                int nan = T.IsNaN(bad) ? 1 : 0;
                Assert.That(FiniteCheck.Scan(X.View), Is.EqualTo(new FiniteReport(nan, 1 - nan, i, j)));
                Assert.That(FiniteCheck.Scan(X.View.Transposed), Is.EqualTo(new FiniteReport(nan, 1 - nan, j, i)));
                Assert.That(FiniteCheck.Scan(new Streamed(X.View)), Is.EqualTo(new FiniteReport(nan, 1 - nan, i, j)));
                X[i, j] = T.Zero;
            }
        }
    }

    [Test]
    public void All_are_counted_and_the_first_is_in_row_major_order()
    {
        using Matrix<T> X = new(400, 11_000);
        X[7, 10_500] = T.NaN;
        X[7, 10_501] = T.PositiveInfinity;
        X[9, 2] = T.NaN;
        X[399, 0] = T.NegativeInfinity;
        FiniteReport expected = new(2, 2, 7, 10_500);
        Assert.That(FiniteCheck.Scan(X.View), Is.EqualTo(expected));
        Assert.That(FiniteCheck.Scan(new Streamed(X.View)), Is.EqualTo(expected), "whatever the tiles");
        Assert.That(FiniteCheck.Scan(X.View.Transposed), Is.EqualTo(new FiniteReport(2, 2, 0, 399)));
    }

    [Test]
    public void Views_with_gaps_are_read_by_their_elements_only()
    {
        using Matrix<T> X = new(6, 8);
        X.View.Fill(T.NaN);
        unsafe
        {
            MatrixView<T> everyOther = new(X.View.Pointer, 3, 4, 16, 2);
            everyOther.Fill(T.One);
            Assert.That(FiniteCheck.Scan(everyOther).IsFinite, Is.True);
        }
    }

    [Test]
    public void The_message_says_how_many_and_where()
    {
        using Matrix<T> X = new(3, 4);
        X[1, 2] = T.NaN;
        X[2, 0] = T.PositiveInfinity;
        Assert.That(
            () => FiniteCheck.Require(new MatrixTargetSource<T>(X.View), "responses"),
            Throws.ArgumentException.With.Message.Contains(
                "responses: 1 NaN and 1 infinite values, the first at sample 1, target 2 (counted from 0)."));
        Assert.That(
            () => FiniteCheck.Require(X.View, "features"),
            Throws.ArgumentException.With.Message.Contains("sample 1, column 2"));
        Assert.That(FiniteReport.Finite.Describe(), Is.EqualTo("all values are finite"));
        X.View.Fill(T.One);
        Assert.That(() => FiniteCheck.Require(X.View, "features"), Throws.Nothing);
    }

    [Test]
    public void A_cancelled_scan_stops()
    {
        using Matrix<T> X = new(3, 4);
        Assert.That(
            () => FiniteCheck.Scan(X.View, new CancellationToken(canceled: true)),
            Throws.InstanceOf<OperationCanceledException>());
    }

    private sealed class Streamed(MatrixView<T> view) : TargetSource<T>
    {
        public override nint Samples => view.Rows;

        public override nint Targets => view.Columns;

        protected override void ReadTile(nint first, MatrixView<T> tile) =>
            view.SliceColumns(first, tile.Columns).CopyTo(tile);
    }
}
