using System.Text.RegularExpressions;

namespace VemKernels.Interop.Tests;

/// <summary>What native/include/vemkernels.h declares: its functions and its structures with their layout.</summary>
internal sealed partial class CHeader
{
    private const int PointerBytes = 8;

    private readonly List<string> _enumerations = [];

    /// <summary>Reads the header.</summary>
    public CHeader(string text)
    {
        AbiVersion = int.Parse(AbiVersionLine().Match(text).Groups[1].ValueSpan);
        string code = Blanks().Replace(Comment().Replace(text, " "), " ");
        foreach (Match match in Enumeration().Matches(code))
        {
            _enumerations.Add($"enum {match.Groups[1].Value}: {match.Groups[2].Value.Trim()}\n");
        }

        foreach (Match match in Structure().Matches(code))
        {
            Structures.Add(Layout(match.Groups[1].Value, match.Groups[2].Value));
        }

        foreach (Match match in Function().Matches(code))
        {
            string[] parameters = match.Groups[3].Value.Trim() is "void" ? []
                : [.. match.Groups[3].Value.Split(',').Select(TypeOf)];
            Functions.Add(new CFunction(match.Groups[2].Value, match.Groups[1].Value.Trim(), parameters));
        }
    }

    /// <summary>VEM_ABI_VERSION.</summary>
    public int AbiVersion { get; }

    /// <summary>The structures, in their order.</summary>
    public List<CStructure> Structures { get; } = [];

    /// <summary>The functions, in their order.</summary>
    public List<CFunction> Functions { get; } = [];

    /// <summary>All that a program that was compiled against the header relies on, a line each.</summary>
    public string Description => string.Concat(
        _enumerations.Concat(Structures.Select(structure => $"struct {structure.Name}, {structure.Bytes} bytes:"
            + string.Concat(structure.Fields.Select(f =>
                $" {f.Offset} {f.Type} {f.Name}{(f.Count > 1 ? $"[{f.Count}]" : "")};"))
            + "\n"))
            .Concat(Functions.Select(function =>
                $"{function.Returns} {function.Name}({string.Join(", ", function.Parameters)})\n")));

    /// <summary>Bytes of a type, which is its alignment too but for arrays and structures.</summary>
    private int BytesOf(string type) => type switch
    {
        _ when type.EndsWith('*') => PointerBytes,
        "int64_t" or "uint64_t" or "double" or "vem_backend" or "vem_cancellation" or "vem_progress_function"
            or "vem_score_function" => sizeof(long),
        "int32_t" => sizeof(int),
        "char" => 1,
        _ => Structures.Single(structure => structure.Name == type).Bytes,
    };

    private CStructure Layout(string name, string body)
    {
        List<CField> fields = [];
        int offset = 0;
        int largest = 1;
        foreach (string declaration in body.Split(';',
            StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            Match array = Array().Match(declaration);
            int count = array.Success ? int.Parse(array.Groups[1].ValueSpan) : 1;
            string scalar = Array().Replace(declaration, string.Empty);
            string type = TypeOf(scalar);
            int bytes = BytesOf(type);
            int alignment = Math.Min(bytes, PointerBytes);
            offset = (offset + alignment - 1) / alignment * alignment;
            fields.Add(new CField(scalar.Split(' ', '*')[^1], type, offset, count));
            offset += bytes * count;
            largest = Math.Max(largest, alignment);
        }

        return new CStructure(name, (offset + largest - 1) / largest * largest, fields);
    }

    /// <summary>A declaration without its name.</summary>
    private static string TypeOf(string declaration)
    {
        string trimmed = declaration.Trim();
        int end = trimmed.Length;
        while (end > 0 && (char.IsAsciiLetterOrDigit(trimmed[end - 1]) || trimmed[end - 1] == '_'))
        {
            end--;
        }

        return trimmed[..end].Trim();
    }

    [GeneratedRegex(@"#define VEM_ABI_VERSION (\d+)")]
    private static partial Regex AbiVersionLine();

    [GeneratedRegex(@"/\*.*?\*/", RegexOptions.Singleline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();

    [GeneratedRegex(@"enum (vem_\w+) \{([^}]*)\}")]
    private static partial Regex Enumeration();

    [GeneratedRegex(@"typedef struct (vem_\w+) \{([^}]*)\}")]
    private static partial Regex Structure();

    [GeneratedRegex(@"VEM_API ((?:const )?\w+ \*?)(vem_\w+)\(([^)]*)\)")]
    private static partial Regex Function();

    [GeneratedRegex(@"\[(\d+)\]")]
    private static partial Regex Array();
}
