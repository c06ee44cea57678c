using System.Numerics;
using System.Text;
using NUnit.Framework;

namespace VemKernels.Interop.Tests;

/// <summary>The exports as a C program sees them: called through their addresses.</summary>
internal static unsafe class Library
{
    /// <summary>Starts the processor's backend.</summary>
    public static ulong Start()
    {
        delegate* unmanaged[Cdecl]<byte*, int, ulong*, int> create = &LibraryExports.BackendCreate;
        ulong backend;
        fixed (byte* id = "simd"u8)
        {
            Succeeds(create(id, 2, &backend));
        }

        return backend;
    }

    /// <summary>Ends a backend.</summary>
    public static int Free(ulong backend)
    {
        delegate* unmanaged[Cdecl]<ulong, int> free = &LibraryExports.BackendFree;
        return free(backend);
    }

    /// <summary>The text of the thread's last failure.</summary>
    public static string LastError()
    {
        delegate* unmanaged[Cdecl]<byte*, long, long> text = &LibraryExports.LastErrorText;
        byte[] buffer = new byte[text(null, 0) + 1];
        fixed (byte* pointer = buffer)
        {
            text(pointer, buffer.Length);
        }

        return Encoding.UTF8.GetString(buffer.AsSpan(0, buffer.Length - 1));
    }

    /// <summary>Requires that a call succeeded.</summary>
    public static void Succeeds(int status) =>
        Assert.That((VemStatus)status, Is.EqualTo(VemStatus.Ok), status == 0 ? string.Empty : LastError());

    /// <summary>Requires that a call failed so, with a text that names what was wrong.</summary>
    public static void Fails(int status, VemStatus expected, string named)
    {
        Assert.That((VemStatus)status, Is.EqualTo(expected), status == 0 ? string.Empty : LastError());
        Assert.That(LastError(), Does.Contain(named));
    }

    /// <summary>A matrix as callers describe it.</summary>
    public static VemMatrix Describe<T>(MatrixView<T> view)
        where T : unmanaged => new()
        {
            Data = view.Pointer, Type = (int)(typeof(T) == typeof(float) ? VemType.Float32 : VemType.Float64),
            Rows = view.Rows, Columns = view.Columns, RowStride = view.RowStride, ColumnStride = view.ColumnStride,
        };

    /// <summary>Normal deviates.</summary>
    public static Matrix<T> Draw<T>(int rows, int columns, int seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Random random = new(seed);
        Matrix<T> matrix = new(rows, columns);
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                matrix[i, j] = T.CreateTruncating(
                    Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
            }
        }

        return matrix;
    }

    /// <summary>Requires that two matrices hold the same numbers, bit by bit.</summary>
    public static void AreSame<T>(MatrixView<T> actual, MatrixView<T> expected, string what)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Assert.That((actual.Rows, actual.Columns), Is.EqualTo((expected.Rows, expected.Columns)), what);
        for (nint i = 0; i < actual.Rows; i++)
        {
            for (nint j = 0; j < actual.Columns; j++)
            {
                Assert.That(actual[i, j], Is.EqualTo(expected[i, j]), $"{what} ({i}, {j})");
            }
        }
    }
}
