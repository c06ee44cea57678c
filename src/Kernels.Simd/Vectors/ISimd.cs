namespace VemKernels.Simd;

/// <summary>
/// The vector abstraction: all code of this backend but the register blocking of the gemm micro-kernels is written once
/// on it, for any width and element type. Static members of a struct, so that the JIT compiles each instantiation to
/// bare instructions.
/// </summary>
/// <typeparam name="V">The vector, such as Vector512 of T.</typeparam>
/// <typeparam name="T">float or double.</typeparam>
internal unsafe interface ISimd<V, T>
    where V : struct
    where T : unmanaged
{
    /// <summary>Elements in a vector.</summary>
    static abstract int Width { get; }

    /// <summary>How many vector registers the instruction set has: 32 or 16.</summary>
    static abstract int Registers { get; }

    static abstract V Zero { get; }

    static abstract V Broadcast(T value);

    static abstract V Load(T* address);

    static abstract void Store(T* address, V value);

    /// <summary>Asks for the cache line at the address; any address may be given.</summary>
    static abstract void Prefetch(T* address);

    /// <summary>Asks for the cache line of an address in the second level; the address need not be valid.</summary>
    static abstract void PrefetchFar(T* address);

    /// <summary>
    /// Loads the first count elements, under Width; the rest are zero and their memory is not touched.
    /// </summary>
    static abstract V LoadPartial(T* address, int count);

    /// <summary>Stores the first count elements, under Width.</summary>
    static abstract void StorePartial(T* address, V value, int count);

    static abstract V Add(V a, V b);

    static abstract V Subtract(V a, V b);

    static abstract V Multiply(V a, V b);

    static abstract V Divide(V a, V b);

    /// <summary>Lane by lane: whenLess where a is less than b, else otherwise (also where either is NaN).</summary>
    static abstract V SelectLess(V a, V b, V whenLess, V otherwise);

    /// <summary>a b + c, fused where the hardware has it.</summary>
    static abstract V MultiplyAdd(V a, V b, V c);

    static abstract V SquareRoot(V a);

    /// <summary>
    /// 1 / sqrt(a) for positive normal a, to two units in the last place; of no use for others. Where the hardware has
    /// an estimate, it takes neither the root nor the division, which both wait for one slow unit.
    /// </summary>
    static abstract V ReciprocalSquareRoot(V a);

    /// <summary>The magnitudes of the first with the signs of the second.</summary>
    static abstract V CopySign(V magnitude, V sign);

    /// <summary>2^n for whole n whose result is a normal number: n is written into the exponent.</summary>
    static abstract V PowerOfTwo(V n);

    /// <summary>sums[i] += value[i], in double.</summary>
    static abstract void AddToDoubles(V value, double* sums);

    /// <summary>sums[i] += a[i] + b[i], in double: the sums are loaded and stored once for two vectors.</summary>
    static abstract void AddToDoubles(V a, V b, double* sums);

    /// <summary>sums[i] += a[i] b[i] + c[i] d[i], the products in double too.</summary>
    static abstract void AddProductsToDoubles(V a, V b, V c, V d, double* sums);

    /// <summary>The largest element; none may be NaN.</summary>
    static abstract T Largest(V a);

    /// <summary>(value[i] - shift) - offsets[i] in double, rounded once.</summary>
    static abstract V CentreInDouble(V value, double shift, double* offsets);

    /// <summary>(value[i] - offsets[i]) factors[i] in double, rounded once more at the end.</summary>
    static abstract V StandardiseInDouble(V value, double* offsets, double* factors);

    /// <summary>The sum of the elements, in a fixed order.</summary>
    static abstract T Sum(V a);
}
