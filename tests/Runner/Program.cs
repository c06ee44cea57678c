using System.Reflection;
using VemKernels.Runner;

const string Usage = "Runner test ASSEMBLY.dll [--filter REGEX] [--without REGEX] [--xml FILE] | Runner exec ASSEMBLY.dll [ARGUMENTS]";

switch (args)
{
    case ["test", string assembly, .. string[] options]:
        return TestRun.Run(Load(assembly), Option(options, "--filter"), Option(options, "--without"), Option(options, "--xml"));
    case ["exec", string program, .. string[] arguments]:
        return Execute(Load(program), arguments);
    default:
        Console.Error.WriteLine(Usage);
        return TestRun.WrongUse;
}

// From a file beside the runner, where its references are looked for too.
static Assembly Load(string file) => Assembly.LoadFrom(Path.GetFullPath(file));

static string? Option(string[] options, string name)
{
    int at = Array.IndexOf(options, name);
    return at >= 0 && at + 1 < options.Length ? options[at + 1] : null;
}

static int Execute(Assembly program, string[] arguments)
{
    MethodInfo main = program.EntryPoint
        ?? throw new ArgumentException($"{program.Location} is no program.", nameof(program));
    object?[] parameters = main.GetParameters().Length == 0 ? [] : [arguments];
    return main.Invoke(null, BindingFlags.DoNotWrapExceptions, null, parameters, null) is int code ? code : 0;
}
