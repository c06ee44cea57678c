using VemKernels.Solvers;

namespace VemKernels.Interop;

/// <summary>Fields of options, checked and as the solvers take them.</summary>
internal static unsafe class Fields
{
    /// <summary>Of a seed or a count: none.</summary>
    private const long None = -1;

    /// <summary>A copy of a list of the caller's; the standard where its count is 0.</summary>
    /// <exception cref="ArgumentException">A negative count, or no address.</exception>
    public static TElement[] List<TElement>(
        TElement* values, long count, string name, params ReadOnlySpan<TElement> standard)
        where TElement : unmanaged
    {
        CallScope.RequireCount(values, count, name);
        return count == 0 ? standard.ToArray() : new ReadOnlySpan<TElement>(values, (int)count).ToArray();
    }

    /// <summary>The same; null where its count is 0.</summary>
    public static TElement[]? OptionalList<TElement>(TElement* values, long count, string name)
        where TElement : unmanaged => count == 0 ? null : List(values, count, name);

    /// <summary>A flag.</summary>
    /// <exception cref="ArgumentException">It is neither 0 nor 1.</exception>
    public static bool Flag(int value, string name) => value is 0 or 1
        ? value == 1
        : throw new ArgumentException($"{name} is {value}; expected 0 or 1.", name);

    /// <summary>A choice.</summary>
    /// <exception cref="ArgumentException">There is no such one.</exception>
    public static TEnum Choice<TEnum>(int value, string name)
        where TEnum : struct, Enum
    {
        TEnum choice = (TEnum)(object)value;
        return Enum.IsDefined(choice) ? choice : throw new ArgumentException(
            $"{name} is {value}; expected 0 to {Enum.GetValues<TEnum>().Length - 1}.", name);
    }

    /// <summary>A cap on memory: 0 stands for the default.</summary>
    /// <exception cref="ArgumentException">It is negative.</exception>
    public static MemoryBudget Memory(long bytes) => bytes switch
    {
        0 => MemoryBudget.Default,
        > 0 => new MemoryBudget(bytes),
        _ => throw new ArgumentException($"memory_bytes is {bytes}; expected 0 or more.", nameof(bytes)),
    };

    /// <summary>A seed, or -1 for none.</summary>
    /// <exception cref="ArgumentException">It is no seed.</exception>
    public static int? Seed(long seed) => seed == None ? null : seed is >= 0 and <= int.MaxValue
        ? (int)seed
        : throw new ArgumentException($"seed is {seed}; expected -1, or 0 to {int.MaxValue}.", nameof(seed));

    /// <summary>A number of steps, or -1 for the default.</summary>
    /// <exception cref="ArgumentException">It is neither.</exception>
    public static int? Steps(long steps) => steps == None ? null : (int)Count(steps, "max_iterations");

    /// <summary>A number from 0 on that the solvers count with.</summary>
    /// <exception cref="ArgumentException">It is negative or too large.</exception>
    public static int Count(long count, string name) => count is >= 0 and <= int.MaxValue
        ? (int)count
        : throw new ArgumentException($"{name} is {count}; expected 0 to {int.MaxValue}.", name);

    /// <summary>A number that NaN leaves to the solver.</summary>
    public static double? Number(double value) => double.IsNaN(value) ? null : value;

    /// <summary>A field for the future.</summary>
    /// <exception cref="ArgumentException">It is not 0.</exception>
    public static void Reserved(int value, string name)
    {
        if (value != 0)
        {
            throw new ArgumentException($"{name}: its reserved field is {value}; expected 0.", name);
        }
    }

    /// <summary>A score of the caller's own; null where there is none.</summary>
    public static CustomScore? Score(
        delegate* unmanaged[Cdecl]<void*, VemMatrix*, VemMatrix*, double*, int> function, void* user) =>
        function is null ? null : (truth, predictions, scores) =>
        {
            VemMatrix measured = Describe(truth);
            VemMatrix predicted = Describe(predictions);
            fixed (double* result = scores)
            {
                int code = function(user, &measured, &predicted, result);
                if (code != 0)
                {
                    throw new CallbackFailedException("score", code);
                }
            }
        };

    private static VemMatrix Describe(MatrixView<double> view) => new()
    {
        Data = view.Pointer, Type = (int)VemType.Float64, Rows = view.Rows, Columns = view.Columns,
        RowStride = view.RowStride, ColumnStride = view.ColumnStride,
    };
}
