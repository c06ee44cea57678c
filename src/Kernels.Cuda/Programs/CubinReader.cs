using System.Buffers.Binary;
using System.Text;

namespace VemKernels.Cuda;

/// <summary>
/// Reads the figures of kernels from a cubin, which is a 64-bit little-endian ELF file:
/// <code>
///   .text.NAME        the code of a kernel
///   .nv.shared.NAME   its shared memory
///   .nv.info          attributes by symbol: a format, an attribute, the bytes that follow, symbol and value
/// </code>
/// The attributes are those that NVIDIA's cuobjdump --dump-elf prints; they are not documented beyond that.
/// </summary>
internal sealed class CubinReader
{
    private const int SectionTableAt = 0x28;
    private const int SectionSizeAt = 0x3A;
    private const int SectionCountAt = 0x3C;
    private const int NamesIndexAt = 0x3E;
    private const int FlagsAt = 0x30;
    private const int SymbolBytes = 24;

    /// <summary>The architecture in the flags, and what it keeps of a block's shared memory from 9.0 on.</summary>
    private const int ArchitectureMask = 0xFF;
    private const int ReservingArchitecture = 90;
    private const int ReservedBytes = 1024;

    /// <summary>EIFMT_SVAL: the value's bytes follow.</summary>
    private const byte SizedValue = 4;

    private const byte RegisterCount = 0x2F;
    private const byte FrameSize = 0x11;
    private const string CodePrefix = ".text.";
    private const string SharedPrefix = ".nv.shared.";

    private readonly byte[] _file;
    private readonly List<(string Name, int Offset, int Size)> _sections = [];

    private CubinReader(byte[] file)
    {
        _file = file;
        int table = (int)Long(SectionTableAt);
        int size = Short(SectionSizeAt);
        int count = Short(SectionCountAt);
        int names = (int)Long(table + (Short(NamesIndexAt) * size) + 0x18);
        for (int i = 0; i < count; i++)
        {
            int at = table + (i * size);
            _sections.Add((Text(names + Int(at)), (int)Long(at + 0x18), (int)Long(at + 0x20)));
        }
    }

    /// <summary>The figures of all kernels, by name.</summary>
    /// <param name="cubin">The file's bytes.</param>
    /// <exception cref="InvalidDataException">It is not a cubin.</exception>
    public static IReadOnlyList<KernelFigures> Read(byte[] cubin)
    {
        if (cubin.Length <= NamesIndexAt || !cubin.AsSpan(0, 4).SequenceEqual("\u007fELF"u8))
        {
            throw new InvalidDataException(
                $"{cubin.Length} bytes were given; a cubin, which is an ELF file, was expected.");
        }

        return new CubinReader(cubin).Kernels();
    }

    private List<KernelFigures> Kernels()
    {
        string[] symbols = Symbols();
        Dictionary<(string, byte), int> attributes = Attributes(symbols);
        return
        [
            .. from section in _sections
               where section.Name.StartsWith(CodePrefix, StringComparison.Ordinal)
               let name = section.Name[CodePrefix.Length..]
               orderby name
               select new KernelFigures(
                   name, attributes[(name, RegisterCount)], attributes.GetValueOrDefault((name, FrameSize)),
                   SharedBytes(name)),
        ];
    }

    private int SharedBytes(string kernel)
    {
        int bytes = _sections.Where(section => section.Name == SharedPrefix + kernel).Sum(section => section.Size);
        int reserved = (Int(FlagsAt) & ArchitectureMask) >= ReservingArchitecture ? ReservedBytes : 0;
        return Math.Max(0, bytes - reserved);
    }

    private string[] Symbols()
    {
        (_, int symbols, int size) = _sections.Single(section => section.Name == ".symtab");
        int texts = _sections.Single(section => section.Name == ".strtab").Offset;
        return [.. Enumerable.Range(0, size / SymbolBytes).Select(i => Text(texts + Int(symbols + (i * SymbolBytes))))];
    }

    private Dictionary<(string Symbol, byte Attribute), int> Attributes(string[] symbols)
    {
        Dictionary<(string, byte), int> values = [];
        (_, int at, int size) = _sections.Single(section => section.Name == ".nv.info");
        for (int end = at + size; at < end;)
        {
            byte attribute = _file[at + 1];
            int bytes = _file[at] == SizedValue ? Short(at + 2) : 0;
            if (bytes == 2 * sizeof(int) && attribute is RegisterCount or FrameSize)
            {
                values[(symbols[Int(at + 4)], attribute)] = Int(at + 8);
            }

            at += 4 + bytes;
        }

        return values;
    }

    private string Text(int at) =>
        Encoding.ASCII.GetString(_file, at, Array.IndexOf(_file, (byte)0, at) - at);

    private int Short(int at) => BinaryPrimitives.ReadUInt16LittleEndian(_file.AsSpan(at));

    private int Int(int at) => BinaryPrimitives.ReadInt32LittleEndian(_file.AsSpan(at));

    private long Long(int at) => BinaryPrimitives.ReadInt64LittleEndian(_file.AsSpan(at));
}
