using VemKernels.Device;

namespace VemKernels.Cuda;

/// <content>The cross-validation tile: block solve and score in one kernel, native/cuda/fold_scores.cu.</content>
public sealed partial class CudaBackend
{
    private const string FoldSource = "fold_scores";

    /// <summary>MOST_ROWS, TARGETS and THREADS of the source.</summary>
    private const int FoldRows = 128;

    private const int FoldTargets = 64;

    private const int FoldThreads = 256;

    /// <inheritdoc/>
    private protected override bool SolvesAndScores<T>(ScoreKind kind, IReadOnlyList<Fold> folds) =>
        typeof(T) == typeof(float) && kind != ScoreKind.Correlation && folds.Count <= MostMatrices
            && folds.All(fold => fold.HeldOut.Length <= FoldRows);

    /// <inheritdoc/>
    private protected override void SolveAndScore<T>(
        ScoreKind kind, HeldOutRows held, BufferView m, BufferView e, BufferView truth, ScoredRows scored,
        BufferView scores)
    {
        if (scores.IsEmpty)
        {
            return;
        }

        KernelCall call = Call<T>(FoldSource, "fold_scores");
        call.Int((int)kind);
        call.View(m);
        call.View(e);
        call.Buffer(held.Rows);
        call.Buffer(held.Ends);
        call.View(truth);
        call.Buffer(scored.Truth);
        call.Buffer(scored.Predictions);
        call.Buffer(scored.Ends);
        call.View(scores);
        call.Size(scores.Columns);
        call.Run(((scores.Columns + FoldTargets - 1) / FoldTargets, scored.Folds, 1), (FoldThreads, 1, 1));
    }
}
