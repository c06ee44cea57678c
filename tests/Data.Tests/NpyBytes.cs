using System.Text;

namespace VemKernels.Data.Tests;

/// <summary>Hand-made .npy files.</summary>
internal static class NpyBytes
{
    public static byte[] Make(string descr, string shape, ReadOnlySpan<byte> data, bool fortran = false) => MakeRaw(
        $"{{'descr': '{descr}', 'fortran_order': {(fortran ? "True" : "False")}, 'shape': {shape}, }}\n", data);

    public static byte[] MakeRaw(string header, ReadOnlySpan<byte> data, byte version = 1)
    {
        byte[] text = Encoding.Latin1.GetBytes(header);
        byte[] length = version == 1 ? BitConverter.GetBytes((ushort)text.Length) : BitConverter.GetBytes(text.Length);
        return [0x93, .. "NUMPY"u8, version, 0, .. length, .. text, .. data];
    }
}
