using System.Numerics;
using NUnit.Framework;

namespace VemKernels.Kernels.Tests.Contract;

/// <summary>
/// What the tests of the contract share: a backend, operands on it that are checked for stray writes after each test,
/// seeded data and the oracle.
/// </summary>
[Category("SmallShapes")]
public abstract class ContractFixture<T>(BackendUnderTest underTest) : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly List<IOperand> _operands = [];

    protected IBackend Backend { get; } = underTest.Create();

    private protected Oracle Oracle { get; } = new(Precision.Epsilon<T>());

    [TearDown]
    public void CheckOperandsAndFreeThem()
    {
        try
        {
            _operands.ForEach(operand => operand.RequireNoStrayWrites());
        }
        finally
        {
            _operands.ForEach(operand => operand.Dispose());
            _operands.Clear();
        }
    }

    public void Dispose()
    {
        Backend.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Puts values on the backend that an operation only reads.</summary>
    private protected Operand<T> Input(double[,] values, Layout layout = Layout.Whole) =>
        Keep(Operand<T>.Input(Backend, values, layout));

    /// <summary>Puts values on the backend that an operation updates.</summary>
    private protected Operand<T> Output(double[,] values, Layout layout = Layout.Whole) =>
        Keep(Operand<T>.Output(Backend, values, layout));

    /// <summary>Makes room for a result; before, it holds NaN.</summary>
    private protected Operand<T> Result(int rows, int columns, Layout layout = Layout.Whole) =>
        Output(Arrays.Filled(rows, columns, double.NaN), layout);

    /// <summary>Makes room for a result in double, whatever T is.</summary>
    private protected Operand<double> DoubleResult(int rows, int columns, Layout layout = Layout.Whole) =>
        Keep(Operand<double>.Output(Backend, Arrays.Filled(rows, columns, double.NaN), layout));

    /// <summary>Normal deviates that T represents exactly.</summary>
    private protected double[,] Random(int rows, int columns, int seed) => Round(Arrays.Normal(rows, columns, seed));

    /// <summary>The nearest values that T represents.</summary>
    private protected double[,] Round(double[,] values) =>
        Arrays.Map(values, value => double.CreateTruncating(T.CreateTruncating(value)));

    private Operand<TElement> Keep<TElement>(Operand<TElement> operand)
        where TElement : unmanaged, IBinaryFloatingPointIeee754<TElement>
    {
        _operands.Add(operand);
        return operand;
    }
}
