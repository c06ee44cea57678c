using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NUnit.Framework;

namespace VemKernels.Interop.Tests;

/// <summary>
/// What programs were compiled against stays: the header is what abi/vN.txt recorded for its version, and the library
/// is what the header says.
/// </summary>
public sealed class AbiTests
{
    private static readonly CHeader Header = new(Resource("vemkernels.h"));

    [Test]
    public void The_header_is_that_of_its_version()
    {
        string recorded = $"abi/v{Header.AbiVersion}.txt";
        string actual = Path.Combine(Path.GetTempPath(), $"vemkernels-abi-v{Header.AbiVersion}.txt");
        File.WriteAllText(actual, Header.Description);
        string[] then = Resource(recorded).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string[] now = Header.Description.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(
            Broken(then, now), Is.Empty,
            "A signature, a structure or an enumeration of the header is not what it was: bump the version "
            + "(VEM_ABI_VERSION in the header, AbiVersion in LibraryExports.cs) and record it as a file of its own; "
            + $"{actual} is what is there now.");
        Assert.That(
            now.Except(then), Is.Empty,
            $"The header has something new, which old programs do not notice: add it to tests/Interop.Tests/"
            + $"{recorded}, so that it cannot change from now on.");
        Assert.That(LibraryExports.AbiVersion, Is.EqualTo(Header.AbiVersion));
    }

    [TestCase("int32_t double_k;", "int64_t double_k;", Description = "a field of another type")]
    [TestCase("const int64_t *validation_ends;", "", Description = "a field less")]
    [TestCase("VEM_INTERNAL = 9", "VEM_INTERNAL = 10", Description = "a constant of another value")]
    [TestCase(
        "vem_cholesky(vem_backend backend, const vem_matrix *A, int64_t count",
        "vem_cholesky(vem_backend backend, const vem_matrix *A, int32_t count",
        Description = "a parameter of another type")]
    [TestCase("VEM_API int32_t vem_backend_free(vem_backend backend);", "", Description = "a function less")]
    public void A_change_is_seen(string before, string after)
    {
        string text = Resource("vemkernels.h");
        Assert.That(text, Does.Contain(before));
        string[] then = Resource($"abi/v{Header.AbiVersion}.txt").Split('\n');
        Assert.That(Broken(then, new CHeader(text.Replace(before, after)).Description.Split('\n')), Is.Not.Empty);
    }

    [Test]
    public void A_structure_that_says_its_size_may_grow_at_its_end_and_no_other()
    {
        string text = Resource("vemkernels.h");
        string[] then = Resource($"abi/v{Header.AbiVersion}.txt").Split('\n');
        string[] With(string end) => new CHeader(text.Replace(end, $"int64_t more; {end}")).Description.Split('\n');
        Assert.That(Broken(then, With("} vem_ridge_options;")), Is.Empty);
        Assert.That(Broken(then, With("} vem_matrix;")), Is.Not.Empty);
    }

    /// <summary>
    /// What was recorded and is no longer so, but for structures of a size of their own that have grown.
    /// </summary>
    private static IEnumerable<string> Broken(string[] then, string[] now) => then.Except(now).Where(line =>
    {
        string[] parts = line.Split(" bytes: ");
        return parts.Length < 2 || !parts[1].StartsWith("0 int64_t size;", StringComparison.Ordinal)
            || !now.Any(other => other.Split(',')[0] == line.Split(',')[0]
                && other.Split(" bytes: ")[1].StartsWith(parts[1], StringComparison.Ordinal));
    });

    [Test]
    public void The_parser_sees_everything() => Assert.Multiple(() =>
    {
        string text = Resource("vemkernels.h");
        Assert.That(Header.Functions, Has.Count.EqualTo(text.Split("\nVEM_API ").Length - 1));
        Assert.That(Header.Structures, Has.Count.EqualTo(text.Split("typedef struct").Length - 1));
        Assert.That(Header.Structures.Single(structure => structure.Name == "vem_matrix").Bytes, Is.EqualTo(64));
    });

    [Test]
    public void Exports_are_the_functions_of_the_header()
    {
        string[] declared = [.. Header.Functions.Select(function => Signature(
            Kind(function.Returns), function.Name, function.Parameters.Select(Kind))).Order()];
        string[] exported = [.. Exports().Select(export => Signature(
            Kind(export.Method.ReturnType), export.EntryPoint,
            export.Method.GetParameters().Select(parameter => Kind(parameter.ParameterType)))).Order()];
        Assert.That(exported, Is.EqualTo(declared));
    }

    [Test]
    public void Structures_lie_as_the_header_lays_them_out()
    {
        foreach (CStructure structure in Header.Structures)
        {
            string name = string.Concat(
                structure.Name.Split('_').Select(part => char.ToUpperInvariant(part[0]) + part[1..]));
            Type type = typeof(LibraryExports).Assembly.GetType($"VemKernels.Interop.{name}", throwOnError: true)!;
            FieldInfo[] fields = type.GetFields(BindingFlags.Instance | BindingFlags.Public);
            Assert.That(Marshal.SizeOf(type), Is.EqualTo(structure.Bytes), structure.Name);
            Assert.That(
                fields.Select(field => field.Name.ToUpperInvariant()),
                Is.EqualTo(structure.Fields.Select(field => field.Name.Replace("_", string.Empty).ToUpperInvariant())),
                structure.Name);
            foreach ((FieldInfo field, CField declared) in fields.Zip(structure.Fields))
            {
                string what = $"{structure.Name}.{declared.Name}";
                Assert.That((int)Marshal.OffsetOf(type, field.Name), Is.EqualTo(declared.Offset), what);
                int count = field.GetCustomAttribute<FixedBufferAttribute>()?.Length ?? 1;
                Assert.That(count, Is.EqualTo(declared.Count), what);
                if (count == 1 && !declared.Type.StartsWith("vem_matrix", StringComparison.Ordinal))
                {
                    Assert.That(Kind(field.FieldType), Is.EqualTo(Kind(declared.Type)), what);
                }
            }
        }
    }

    private static string Signature(string returns, string name, IEnumerable<string> parameters) =>
        $"{returns} {name}({string.Join(", ", parameters)})";

    private static IEnumerable<(string EntryPoint, MethodInfo Method)> Exports() =>
        from type in typeof(LibraryExports).Assembly.GetTypes()
        from method in type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
        let attribute = method.GetCustomAttribute<UnmanagedCallersOnlyAttribute>()
        where attribute is not null
        select (attribute.EntryPoint!, method);

    /// <summary>How a type of C travels.</summary>
    private static string Kind(string type) => type switch
    {
        _ when type.EndsWith('*') => "pointer",
        "vem_progress_function" or "vem_score_function" => "pointer",
        "int64_t" => "int64",
        "vem_backend" or "vem_cancellation" or "uint64_t" => "uint64",
        "int32_t" => "int32",
        "double" => "double",
        _ => type,
    };

    /// <summary>How a type of C# travels.</summary>
    private static string Kind(Type type) => type switch
    {
        { IsPointer: true } or { IsFunctionPointer: true } => "pointer",
        _ when type == typeof(long) => "int64",
        _ when type == typeof(ulong) => "uint64",
        _ when type == typeof(int) => "int32",
        _ when type == typeof(double) => "double",
        _ => type.Name,
    };

    private static string Resource(string name)
    {
        using Stream? stream = typeof(AbiTests).Assembly.GetManifestResourceStream(name);
        Assert.That(stream, Is.Not.Null, $"There is no {name}.");
        using StreamReader reader = new(stream!);
        return reader.ReadToEnd();
    }
}
