namespace VemKernels.Solvers;

/// <summary>What <see cref="FiniteCheck"/> found.</summary>
/// <param name="NaNs">How many values are NaN.</param>
/// <param name="Infinities">How many values are infinite.</param>
/// <param name="FirstRow">Row of the first of them, in row-major order; -1 for none.</param>
/// <param name="FirstColumn">Column of the first of them; -1 for none.</param>
public readonly record struct FiniteReport(long NaNs, long Infinities, nint FirstRow, nint FirstColumn)
{
    /// <summary>The report of data that are finite throughout.</summary>
    public static FiniteReport Finite { get; } = new(0, 0, -1, -1);

    /// <summary>Whether no value is NaN or infinite.</summary>
    public bool IsFinite => NaNs == 0 && Infinities == 0;

    /// <summary>
    /// One line that says how many values there are, and where the first is; rows and columns count from 0.
    /// </summary>
    public string Describe(string row = "sample", string column = "target") =>
        IsFinite
            ? "all values are finite"
            : $"{NaNs} NaN and {Infinities} infinite values, the first at {row} {FirstRow}, {column} {FirstColumn} "
              + "(counted from 0)";

    /// <summary>The report of two parts together.</summary>
    internal FiniteReport With(FiniteReport other)
    {
        if (IsFinite || other.IsFinite)
        {
            return IsFinite ? other : this;
        }

        bool mine = FirstRow < other.FirstRow || (FirstRow == other.FirstRow && FirstColumn < other.FirstColumn);
        FiniteReport first = mine ? this : other;
        return first with { NaNs = NaNs + other.NaNs, Infinities = Infinities + other.Infinities };
    }
}
