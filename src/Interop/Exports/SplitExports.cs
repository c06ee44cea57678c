using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using VemKernels.Solvers;

namespace VemKernels.Interop;

/// <summary>Splits of samples as lists of the caller's; see native/include/vemkernels.h.</summary>
internal static unsafe class SplitExports
{
    [UnmanagedCallersOnly(EntryPoint = "vem_k_fold", CallConvs = [typeof(CallConvCdecl)])]
    public static int KFold(
        long samples, long folds, long seed, long* train, long* trainEnds, long* validation, long* validationEnds) =>
        Guard.Run(() =>
    {
        int n = Fields.Count(samples, nameof(samples));
        int count = Fields.Count(folds, nameof(folds));
        Write(
            Seed(seed) is { } shuffled
                ? CrossValidationSplits.ShuffledKFold(n, count, shuffled) : CrossValidationSplits.KFold(n, count),
            train, trainEnds, validation, validationEnds);
    });

    [UnmanagedCallersOnly(EntryPoint = "vem_leave_one_run_out", CallConvs = [typeof(CallConvCdecl)])]
    public static int LeaveOneRunOut(
        int* runs, long samples, long* train, long* trainEnds, long* validation, long* validationEnds) =>
        Guard.Run(() => Write(
            CrossValidationSplits.LeaveOneRunOut(Labels(runs, samples)),
            train, trainEnds, validation, validationEnds));

    [UnmanagedCallersOnly(EntryPoint = "vem_leave_runs_out", CallConvs = [typeof(CallConvCdecl)])]
    public static int LeaveRunsOut(
        int* runs, long samples, long runsOut, long seed, long* train, long* trainEnds, long* validation,
        long* validationEnds) =>
        Guard.Run(() => Write(
            RunSplits.LeaveRunsOut(
                new RunLabels(Labels(runs, samples)), Fields.Count(runsOut, "runs_out"), Seed(seed)),
            train, trainEnds, validation, validationEnds));

    private static ReadOnlySpan<int> Labels(int* runs, long samples)
    {
        CallScope.RequireCount(runs, samples, nameof(runs));
        return new ReadOnlySpan<int>(runs, (int)samples);
    }

    private static long? Seed(long seed) => seed switch
    {
        -1 => null,
        >= 0 and <= uint.MaxValue => seed,
        _ => throw new ArgumentException($"seed is {seed}; expected -1, or 0 to {uint.MaxValue}.", nameof(seed)),
    };

    private static void Write(Fold[] folds, long* train, long* trainEnds, long* validation, long* validationEnds)
    {
        LibraryExports.Require(train, nameof(train));
        LibraryExports.Require(trainEnds, "train_ends");
        LibraryExports.Require(validation, nameof(validation));
        LibraryExports.Require(validationEnds, "validation_ends");
        long trained = 0;
        long validated = 0;
        using CallScope scope = new(backend: null);
        scope.Array(train, (nint)folds.Sum(fold => (long)fold.Train.Length), nameof(train));
        scope.Array(trainEnds, folds.Length, "train_ends");
        scope.Array(validation, (nint)folds.Sum(fold => (long)fold.Validation.Length), nameof(validation));
        scope.Array(validationEnds, folds.Length, "validation_ends");
        for (int i = 0; i < folds.Length; i++)
        {
            foreach (int sample in folds[i].Train)
            {
                train[trained++] = sample;
            }

            foreach (int sample in folds[i].Validation)
            {
                validation[validated++] = sample;
            }

            trainEnds[i] = trained;
            validationEnds[i] = validated;
        }
    }
}
