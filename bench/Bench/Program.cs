using BenchmarkDotNet.Running;
using VemKernels.Bench.Modes;
using VemKernels.Bench.Suites;

Arguments rest = new([.. args.Skip(1)]);
switch (args.FirstOrDefault())
{
    case "--json":
        JsonMode.Run(rest);
        break;
    case "serve":
        ServeMode.Run(rest);
        break;
    case "inputs":
        InputsMode.Run(rest);
        break;
    case "fit-inputs":
        FitInputsMode.Run(rest);
        break;
    case "scaling":
        ScalingMode.Run();
        break;
    case "roofline":
        return RooflineMode.Run(rest);
    case "small-calls":
        SmallCallsMode.Run();
        break;
    case "peak-memory":
        PeakMemoryMode.Run(rest);
        break;
    case "sending-ahead":
        SendingAheadMode.Run(rest);
        break;
    case "allocation":
        AllocationMode.Run();
        break;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(Level3Suite).Assembly).Run(args, SuiteConfig.Create());
        break;
}

return 0;
