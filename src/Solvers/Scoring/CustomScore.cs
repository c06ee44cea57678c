namespace VemKernels.Solvers;

/// <summary>
/// A caller's own score, of cross-validation or of predictions: one number a target, larger is better. Called for each
/// fold and tile of targets, in any order, from the thread that called the solver and never twice at once. What it
/// throws leaves the solver unchanged.
/// </summary>
/// <remarks>
/// The views are host memory, in double whatever the data's type, and are gone when the call returns. Without an
/// intercept both are in the units of the responses; with one, both are less the mean of the fold's training responses
/// (or the intercept), as in himalaya. In random search a score that is NaN or infinite, or that was not written, makes
/// its alpha's mean over folds -1e5 for that target, as of an alpha that a kernel forbids.
/// </remarks>
/// <param name="truth">Responses of the validation rows, |validation| x tile.</param>
/// <param name="predictions">Their predictions from the training rows, |validation| x tile.</param>
/// <param name="scores">To be written: one score a target of the tile.</param>
public delegate void CustomScore(MatrixView<double> truth, MatrixView<double> predictions, Span<double> scores);
