using VemKernels.Gpu;

switch (args)
{
    case ["kernels", .. string[] rest]:
        return KernelMode.Run(new Settings(rest));
    case ["tutorial", .. string[] rest]:
        TutorialMode.Run(new Settings(rest));
        return 0;
    default:
        Console.Error.WriteLine(
            "Gpu kernels|tutorial [--backend cuda:0] [--small|--over N] [--filter PART] [--candidates N] [--tensors|--no-tensors]");
        return 2;
}
