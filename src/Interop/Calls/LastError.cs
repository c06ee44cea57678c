using System.Text;

namespace VemKernels.Interop;

/// <summary>The text of the last call that failed, one for each thread.</summary>
internal static unsafe class LastError
{
    [ThreadStatic]
    private static byte[]? _text;

    /// <summary>Remembers a text.</summary>
    public static void Set(string text) => _text = Encoding.UTF8.GetBytes(text);

    /// <summary>Copies the text, as much of it as fits, and a zero byte.</summary>
    /// <returns>The bytes of the whole text, without the zero.</returns>
    public static long CopyTo(byte* buffer, long capacity)
    {
        byte[] text = _text ?? [];
        if (buffer is not null && capacity > 0)
        {
            int length = (int)Math.Min(text.Length, capacity - 1);

            // A character that does not fit is left out whole.
            while (length > 0 && length < text.Length && (text[length] & 0xC0) == 0x80)
            {
                length--;
            }

            text.AsSpan(0, length).CopyTo(new Span<byte>(buffer, length));
            buffer[length] = 0;
        }

        return text.Length;
    }
}
