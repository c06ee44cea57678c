using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace VemKernels.Data;

/// <summary>Work on stored numbers, written once for every type.</summary>
internal interface IElementAction
{
    /// <summary>Does the work on elements of one type.</summary>
    void Run<TElement>()
        where TElement : unmanaged, INumberBase<TElement>;
}

/// <summary>From the type that a file names to code for that type.</summary>
internal static class ElementDispatch
{
    /// <summary>Runs the action for elements of a type.</summary>
    public static void Run<TAction>(ElementType type, TAction action)
        where TAction : struct, IElementAction
    {
        switch (type)
        {
            case ElementType.Bool:
            case ElementType.UInt8:
                action.Run<byte>();
                break;
            case ElementType.Int8:
                action.Run<sbyte>();
                break;
            case ElementType.Int16:
                action.Run<short>();
                break;
            case ElementType.UInt16:
                action.Run<ushort>();
                break;
            case ElementType.Int32:
                action.Run<int>();
                break;
            case ElementType.UInt32:
                action.Run<uint>();
                break;
            case ElementType.Int64:
                action.Run<long>();
                break;
            case ElementType.UInt64:
                action.Run<ulong>();
                break;
            case ElementType.Float16:
                action.Run<Half>();
                break;
            case ElementType.Float32:
                action.Run<float>();
                break;
            case ElementType.Float64:
                action.Run<double>();
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(type), type, null);
        }
    }

    /// <summary>Reads one element at any address, in this machine's byte order or the other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe TElement Load<TElement>(byte* source, bool swapped)
        where TElement : unmanaged
    {
        if (!swapped || sizeof(TElement) == sizeof(byte))
        {
            return Unsafe.ReadUnaligned<TElement>(source);
        }

        if (sizeof(TElement) == sizeof(ushort))
        {
            ushort bits = BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<ushort>(source));
            return Unsafe.As<ushort, TElement>(ref bits);
        }

        if (sizeof(TElement) == sizeof(uint))
        {
            uint bits = BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<uint>(source));
            return Unsafe.As<uint, TElement>(ref bits);
        }

        ulong longBits = BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<ulong>(source));
        return Unsafe.As<ulong, TElement>(ref longBits);
    }
}
