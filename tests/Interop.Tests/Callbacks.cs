using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace VemKernels.Interop.Tests;

/// <summary>Functions that a C program would hand in.</summary>
internal static unsafe class Callbacks
{
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    public static int NegativeSquaredError(void* user, VemMatrix* truth, VemMatrix* predictions, double* scores)
    {
        for (long j = 0; j < truth->Columns; j++)
        {
            double sum = 0;
            for (long i = 0; i < truth->Rows; i++)
            {
                double error = ((double*)truth->Data)[(i * truth->RowStride) + (j * truth->ColumnStride)]
                    - ((double*)predictions->Data)[(i * predictions->RowStride) + (j * predictions->ColumnStride)];
                sum += error * error;
            }

            scores[j] = -sum / truth->Rows;
        }

        return 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    public static int Refuse(void* user, VemMatrix* truth, VemMatrix* predictions, double* scores) => 17;

    /// <summary>Counts its calls in the user's int, and goes on.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    public static int Count(void* user, byte* stage, double fraction)
    {
        ++*(int*)user;
        return 0;
    }

    /// <summary>Raises the user's flag at its first call, and waits for nobody.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    public static int Stop(void* user, byte* stage, double fraction)
    {
        ++*(int*)user;
        return 1;
    }
}
