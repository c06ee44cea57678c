using System.Numerics;

namespace VemKernels.Data;

/// <summary>
/// Gathers stored numbers at a list of offsets into a row: destination[j] = slope * source[offsets[j]] + intercept,
/// computed in double and rounded once.
/// </summary>
/// <param name="source">Address that the offsets count from.</param>
/// <param name="swapped">Whether the byte order is not this machine's.</param>
/// <param name="offsets">Which elements, counted in elements.</param>
/// <param name="count">How many.</param>
/// <param name="slope">Factor.</param>
/// <param name="intercept">Summand.</param>
/// <param name="destination">Where the first goes.</param>
/// <param name="stride">Elements from one result to the next.</param>
internal readonly unsafe struct ScaledGather<T>(
    byte* source, bool swapped, nint* offsets, nint count, double slope, double intercept, T* destination, nint stride)
    : IElementAction
    where T : unmanaged, INumberBase<T>
{
    private readonly byte* _source = source;
    private readonly nint* _offsets = offsets;
    private readonly T* _destination = destination;

    public void Run<TElement>()
        where TElement : unmanaged, INumberBase<TElement>
    {
        if (slope == 1 && intercept == 0)
        {
            for (nint j = 0; j < count; j++)
            {
                _destination[j * stride] = T.CreateTruncating(Load<TElement>(j));
            }

            return;
        }

        for (nint j = 0; j < count; j++)
        {
            double stored = double.CreateTruncating(Load<TElement>(j));
            _destination[j * stride] = T.CreateTruncating((slope * stored) + intercept);
        }
    }

    private TElement Load<TElement>(nint j)
        where TElement : unmanaged =>
        ElementDispatch.Load<TElement>(_source + (_offsets[j] * sizeof(TElement)), swapped);
}
