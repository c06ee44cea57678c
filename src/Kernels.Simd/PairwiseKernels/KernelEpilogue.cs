using System.Numerics;
using System.Runtime.CompilerServices;

namespace VemKernels.Simd;

/// <summary>What turns a row of products x'z into a row of a kernel, in place.</summary>
internal static unsafe class KernelEpilogue<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Degrees up to here are raised by repeated squaring, if whole.</summary>
    private const double LargestSquaredDegree = 1024;

    /// <summary>
    /// Applies the kernel's function to the products in a tile with contiguous rows; linear kernels need none.
    /// </summary>
    public static void Apply(SimdContext context, KernelFunction function, MatrixView<T> products)
    {
        T gamma = T.CreateTruncating(function.Gamma);
        T coef0 = T.CreateTruncating(function.Coef0);
        bool squares = double.IsInteger(function.Degree) && function.Degree <= LargestSquaredDegree;
        Rows.For(context, products.Rows, products.Columns, (first, count) =>
        {
            for (nint i = first; i < first + count; i++)
            {
                T* row = products.Pointer + (i * products.RowStride);
                if (function.Kind == KernelKind.Sigmoid)
                {
                    Sigmoid(products.Columns, gamma, coef0, row);
                }
                else if (function.Kind == KernelKind.Polynomial && squares)
                {
                    Power(products.Columns, gamma, coef0, (int)function.Degree, row);
                }
                else if (function.Kind == KernelKind.Polynomial)
                {
                    FractionalPower(products.Columns, function, row);
                }
            }
        });
    }

    /// <summary>
    /// row(j) = exp(-gamma max(0, rowNorm + columnNorms(j) - 2 row(j))), from products and squared norms.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rbf(nint count, T gamma, T rowNorm, T* columnNorms, T* row)
    {
        V norm = S.Broadcast(rowNorm);
        V scale = S.Broadcast(-gamma);
        nint j = 0;
        for (; j + S.Width <= count; j += S.Width)
        {
            S.Store(row + j, Rbf(S.Load(row + j), S.Load(columnNorms + j), norm, scale));
        }

        int tail = (int)(count - j);
        if (tail > 0)
        {
            S.StorePartial(
                row + j, Rbf(S.LoadPartial(row + j, tail), S.LoadPartial(columnNorms + j, tail), norm, scale), tail);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Rbf(V product, V columnNorm, V rowNorm, V scale)
    {
        V squared = S.MultiplyAdd(S.Broadcast(T.CreateTruncating(-2)), product, S.Add(rowNorm, columnNorm));
        return ElementaryFunctions<S, V, T>.Exp(S.Multiply(scale, S.SelectLess(squared, S.Zero, S.Zero, squared)));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sigmoid(nint count, T gamma, T coef0, T* row)
    {
        V scale = S.Broadcast(gamma);
        V shift = S.Broadcast(coef0);
        nint j = 0;
        for (; j + S.Width <= count; j += S.Width)
        {
            S.Store(row + j, ElementaryFunctions<S, V, T>.Tanh(S.MultiplyAdd(scale, S.Load(row + j), shift)));
        }

        int tail = (int)(count - j);
        if (tail > 0)
        {
            V last = ElementaryFunctions<S, V, T>.Tanh(S.MultiplyAdd(scale, S.LoadPartial(row + j, tail), shift));
            S.StorePartial(row + j, last, tail);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Power(nint count, T gamma, T coef0, int degree, T* row)
    {
        V scale = S.Broadcast(gamma);
        V shift = S.Broadcast(coef0);
        nint j = 0;
        for (; j + S.Width <= count; j += S.Width)
        {
            S.Store(row + j, Power(S.MultiplyAdd(scale, S.Load(row + j), shift), degree));
        }

        int tail = (int)(count - j);
        if (tail > 0)
        {
            S.StorePartial(row + j, Power(S.MultiplyAdd(scale, S.LoadPartial(row + j, tail), shift), degree), tail);
        }
    }

    /// <summary>By the binary digits of the degree, from the lowest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Power(V value, int degree)
    {
        V result = S.Broadcast(T.One);
        while (degree > 0)
        {
            if ((degree & 1) != 0)
            {
                result = S.Multiply(result, value);
            }

            degree >>= 1;
            if (degree > 0)
            {
                value = S.Multiply(value, value);
            }
        }

        return result;
    }

    private static void FractionalPower(nint count, KernelFunction function, T* row)
    {
        for (nint j = 0; j < count; j++)
        {
            double value = (function.Gamma * double.CreateTruncating(row[j])) + function.Coef0;
            row[j] = T.CreateTruncating(Math.Pow(value, function.Degree));
        }
    }
}
