using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using VemKernels.Solvers;

namespace VemKernels.Interop;

/// <summary>Scores of predictions; see native/include/vemkernels.h.</summary>
internal static unsafe class ScoreExports
{
    [UnmanagedCallersOnly(EntryPoint = "vem_score_predictions", CallConvs = [typeof(CallConvCdecl)])]
    public static int ScorePredictions(
        ulong backend, int kind, VemMatrix* truth, VemMatrix* predictions, VemMatrix* scores) =>
        Invocation.Run(backend, null, on => CallScope.ByType(
            truth, nameof(truth),
            () => Score<float>(on, kind, truth, predictions, scores),
            () => Score<double>(on, kind, truth, predictions, scores)));

    [UnmanagedCallersOnly(EntryPoint = "vem_r2_split", CallConvs = [typeof(CallConvCdecl)])]
    public static int R2Split(
        ulong backend, VemMatrix* truth, VemMatrix* predictions, long spacesCount, int includeCorrelation,
        VemMatrix* scores) =>
        Invocation.Run(backend, null, on => CallScope.ByType(
            truth, nameof(truth),
            () => SplitR2<float>(on, truth, predictions, spacesCount, includeCorrelation, scores),
            () => SplitR2<double>(on, truth, predictions, spacesCount, includeCorrelation, scores)));

    [UnmanagedCallersOnly(EntryPoint = "vem_r2_split_relative_weights", CallConvs = [typeof(CallConvCdecl)])]
    public static int R2SplitRelativeWeights(
        ulong backend, VemMatrix* truth, VemMatrix* predictions, long spacesCount, VemMatrix* scores) =>
        Invocation.Run(backend, null, on => CallScope.ByType(
            truth, nameof(truth),
            () => SplitR2ByWeights<float>(on, truth, predictions, spacesCount, scores),
            () => SplitR2ByWeights<double>(on, truth, predictions, spacesCount, scores)));

    [UnmanagedCallersOnly(EntryPoint = "vem_correlation_split", CallConvs = [typeof(CallConvCdecl)])]
    public static int CorrelationSplit(
        ulong backend, VemMatrix* truth, VemMatrix* predictions, long spacesCount, VemMatrix* scores) =>
        Invocation.Run(backend, null, on => CallScope.ByType(
            truth, nameof(truth),
            () => SplitCorrelation<float>(on, truth, predictions, spacesCount, scores),
            () => SplitCorrelation<double>(on, truth, predictions, spacesCount, scores)));

    private static void Score<T>(Invocation on, int kind, VemMatrix* truth, VemMatrix* predictions, VemMatrix* scores)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ScoreKind score = Fields.Choice<ScoreKind>(kind, nameof(kind));
        InputMatrix<T> measured = on.Scope.Source<T>(truth, nameof(truth));
        InputMatrix<T> predicted = on.Scope.Source<T>(predictions, nameof(predictions));
        MatrixView<T> output = on.Scope.Output<T>(scores, 1, measured.Columns, nameof(scores));
        using Matrix<T> result = Scores.Of(on.Backend, score, measured, predicted);
        result.View.CopyTo(output);
    }

    private static void SplitR2<T>(
        Invocation on, VemMatrix* truth, VemMatrix* predictions, long spacesCount, int includeCorrelation,
        VemMatrix* scores)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        bool include = Fields.Flag(includeCorrelation, "include_correlation");
        Split<T>(on, truth, predictions, spacesCount, scores, (measured, predicted, spaces) =>
            Scores.R2Split(on.Backend, measured, predicted, spaces, include));
    }

    private static void SplitR2ByWeights<T>(
        Invocation on, VemMatrix* truth, VemMatrix* predictions, long spacesCount, VemMatrix* scores)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Split<T>(on, truth, predictions, spacesCount, scores, (measured, predicted, spaces) =>
            Scores.R2SplitByRelativeWeights(on.Backend, measured, predicted, spaces));

    private static void SplitCorrelation<T>(
        Invocation on, VemMatrix* truth, VemMatrix* predictions, long spacesCount, VemMatrix* scores)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Split<T>(on, truth, predictions, spacesCount, scores, (measured, predicted, spaces) =>
            Scores.CorrelationSplit(on.Backend, measured, predicted, spaces));

    private static void Split<T>(
        Invocation on, VemMatrix* truth, VemMatrix* predictions, long spacesCount, VemMatrix* scores,
        Func<InputMatrix<T>, InputMatrix<T>, int, Matrix<T>> split)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int spaces = Fields.Count(spacesCount, "spaces_count");
        if (spaces == 0)
        {
            throw new ArgumentException("spaces_count is 0; expected at least 1.", nameof(spacesCount));
        }

        InputMatrix<T> measured = on.Scope.Source<T>(truth, nameof(truth));
        InputMatrix<T> predicted = on.Scope.Source<T>(predictions, nameof(predictions));
        MatrixView<T> output = on.Scope.Output<T>(scores, spaces, measured.Columns, nameof(scores));
        using Matrix<T> result = split(measured, predicted, spaces);
        result.View.CopyTo(output);
    }
}
