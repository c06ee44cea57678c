using System.Numerics;
using NUnit.Framework;

namespace VemKernels.Kernels.Tests.Contract;

[TestFixtureSource(typeof(Backends), nameof(Backends.WithElementTypes))]
public sealed class MemoryContractTests<T>(BackendUnderTest underTest) : ContractFixture<T>(underTest)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly (int Rows, int Columns)[] Shapes =
        [(0, 3), (3, 0), (1, 1), (1, 17), (33, 1), (17, 65), (65, 130)];

    [Test]
    public void Allocated_matrices_are_row_major([ValueSource(nameof(Shapes))] (int Rows, int Columns) shape)
    {
        using DeviceMatrix<T> matrix = Backend.Allocate<T>(shape.Rows, shape.Columns);
        DeviceView<T> view = matrix.View;
        Assert.Multiple(() =>
        {
            Assert.That((matrix.Rows, matrix.Columns), Is.EqualTo(((nint)shape.Rows, (nint)shape.Columns)));
            Assert.That((view.Rows, view.Columns), Is.EqualTo(((nint)shape.Rows, (nint)shape.Columns)));
            Assert.That(
                (view.Offset, view.RowStride, view.ColumnStride), Is.EqualTo(((nint)0, (nint)shape.Columns, (nint)1)));
            Assert.That(view.Owner, Is.SameAs(matrix));
        });
    }

    [Test]
    public void Allocation_of_a_negative_size_is_an_argument_error() =>
        Assert.That(() => Backend.Allocate<T>(-1, 3), Throws.InstanceOf<ArgumentException>());

    [Test]
    public void Upload_writes_the_view_and_nothing_else(
        [ValueSource(nameof(Shapes))] (int Rows, int Columns) shape, [Values] Layout layout, [Values] bool transposedHost)
    {
        double[,] values = Random(shape.Rows, shape.Columns, seed: 1);
        Operand<T> destination = Result(shape.Rows, shape.Columns, layout);
        using Matrix<T> host = HostMatrix(values, transposedHost);
        Backend.Upload(transposedHost ? host.View.Transposed : host.View, destination.View);
        Assert.That(destination.Values, Is.EqualTo(values));
    }

    [Test]
    public void Download_reads_the_view_alone(
        [ValueSource(nameof(Shapes))] (int Rows, int Columns) shape, [Values] Layout layout, [Values] bool transposedHost)
    {
        double[,] values = Random(shape.Rows, shape.Columns, seed: 2);
        Operand<T> source = Input(values, layout);
        using Matrix<T> host = HostMatrix(Arrays.Filled(shape.Rows, shape.Columns, double.NaN), transposedHost);
        MatrixView<T> view = transposedHost ? host.View.Transposed : host.View;
        Backend.Download(source.View, view);
        Assert.That(
            Arrays.Make(shape.Rows, shape.Columns, (i, j) => double.CreateTruncating(view[i, j])),
            Is.EqualTo(values));
    }

    [Test]
    public void Copy_keeps_every_bit_between_equal_types(
        [ValueSource(nameof(Shapes))] (int Rows, int Columns) shape, [Values] Layout from, [Values] Layout to)
    {
        double[,] values = Random(shape.Rows, shape.Columns, seed: 3);
        Operand<T> destination = Result(shape.Rows, shape.Columns, to);
        Backend.Copy(Input(values, from).View, destination.View);
        Assert.That(destination.Values, Is.EqualTo(values));
    }

    [Test]
    public void Copy_rounds_to_nearest_between_types([Values] Layout from, [Values] Layout to)
    {
        double[,] values = Random(17, 33, seed: 4);
        Operand<T> source = Input(values, from);
        using Operand<float> single = Operand<float>.Output(Backend, new double[17, 33], to);
        using Operand<double> wide = Operand<double>.Output(Backend, new double[17, 33], to);
        Backend.Copy(source.View, single.View);
        Backend.Copy(source.View, wide.View);
        Assert.Multiple(() =>
        {
            Assert.That(single.Values, Is.EqualTo(Arrays.Map(values, value => (float)value)));
            Assert.That(wide.Values, Is.EqualTo(values));
        });
        single.RequireNoStrayWrites();
        wide.RequireNoStrayWrites();
    }

    [Test]
    public void Fill_sets_every_element_of_the_view(
        [ValueSource(nameof(Shapes))] (int Rows, int Columns) shape, [Values] Layout layout)
    {
        Operand<T> A = Result(shape.Rows, shape.Columns, layout);
        Backend.Fill(A.View, 2.5);
        Assert.That(A.Values, Is.EqualTo(Arrays.Filled(shape.Rows, shape.Columns, 2.5)));
    }

    [Test]
    public void GatherRows_takes_rows_in_any_order_and_more_than_once([Values] Layout from, [Values] Layout to)
    {
        double[,] values = Random(9, 33, seed: 5);
        int[] indices = [8, 0, 3, 3, 7, 1, 8];
        Operand<T> destination = Result(indices.Length, 33, to);
        Backend.GatherRows(Input(values, from).View, indices, destination.View);
        Assert.That(destination.Values, Is.EqualTo(Arrays.Rows(values, indices)));
    }

    [Test]
    public void GatherRows_of_no_rows_does_nothing()
    {
        Operand<T> destination = Result(0, 3);
        Backend.GatherRows(Input(Random(4, 3, seed: 6)).View, [], destination.View);
        Assert.That(destination.Values, Is.Empty);
    }

    [Test]
    public void GatherRows_of_a_row_that_does_not_exist_is_an_argument_error([Values(-1, 4)] int index) =>
        Assert.That(
            () => Backend.GatherRows(Input(Random(4, 3, seed: 7)).View, [0, index], Result(2, 3).View),
            Throws.InstanceOf<ArgumentException>());

    [Test]
    public void Adopted_host_memory_is_seen_without_a_copy_and_outlives_its_matrix()
    {
        using Matrix<T> host = HostMatrix(Random(5, 7, seed: 8), transposed: false);
        DeviceMatrix<T>? adopted = Backend.TryAdopt(ForeignMatrix<T>.Host(host.View.Block(1, 2, 3, 4).Transposed));
        Assert.That(adopted is not null, Is.EqualTo(Backend.Info.SharesHostMemory));
        if (adopted is null)
        {
            return;
        }

        Assert.That((adopted.Rows, adopted.Columns), Is.EqualTo(((nint)4, (nint)3)));
        T corner = host[0, 0];
        Backend.Fill(adopted.View, 2.5);
        adopted.Dispose();
        Assert.Multiple(() =>
        {
            Assert.That(host[1, 2], Is.EqualTo(T.CreateTruncating(2.5)));
            Assert.That(host[3, 5], Is.EqualTo(T.CreateTruncating(2.5)));
            Assert.That(host[0, 0], Is.EqualTo(corner));
        });
    }

    [Test]
    public void Memory_of_another_device_is_not_adopted() =>
        Assert.That(Backend.TryAdopt(new ForeignMatrix<T>(MemorySpace.Cuda, 4096, 2, 2, 2, 1)), Is.Null);

    [Test]
    public void Other_element_types_are_not_supported() =>
        Assert.That(() => Backend.Allocate<Half>(2, 2), Throws.InstanceOf<NotSupportedException>());

    [Test]
    public void A_view_prints_its_shape_and_place()
    {
        Operand<T> A = Input(Random(2, 3, seed: 9), Layout.Window);
        Assert.That(A.View.ToString(), Does.StartWith("2 x 3").And.Contain($"at {A.View.Offset}"));
    }

    [Test]
    public void The_backend_says_what_it_is() => Assert.Multiple(() =>
    {
        Assert.That(Backend.Info.Id, Is.Not.Empty);
        Assert.That(Backend.Info.Threads, Is.Positive);
        Assert.That(Backend.Info.MemoryBytes, Is.Positive);
        Assert.That(Backend.Info.PreferredTile, Is.Positive);
    });

    private static Matrix<T> HostMatrix(double[,] values, bool transposed)
    {
        double[,] stored = transposed ? Arrays.Transpose(values) : values;
        T[] elements = [.. stored.Cast<double>().Select(value => T.CreateTruncating(value))];
        return Matrix<T>.From(stored.GetLength(0), stored.GetLength(1), elements);
    }
}
