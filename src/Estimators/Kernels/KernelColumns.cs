using System.Numerics;
using VemKernels.Solvers;

namespace VemKernels.Estimators;

/// <summary>
/// Kernels of columns of one matrix, for an estimator to fit a <see cref="ColumnKernelizer{T}"/> of its own: it is then
/// given one matrix of features, where himalaya has a pipeline of a ColumnKernelizer and a model of precomputed
/// kernels.
/// </summary>
/// <param name="Spaces">The spaces, in the order of the kernels.</param>
/// <param name="Remainder">What is done with the columns that no space names; null drops them.</param>
/// <typeparam name="T">float or double.</typeparam>
public sealed record KernelColumns<T>(IReadOnlyList<KernelSpace<T>> Spaces, KernelPipeline<T>? Remainder = null)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>What was saved, or what the caller gives again; null where the fit was not to columns.</summary>
    /// <exception cref="ArgumentException">
    /// Columns are given to a fit that had none, or must be given again and are not.
    /// </exception>
    internal static KernelColumns<T>? Restored(IReadOnlyList<SavedSpace>? saved, KernelColumns<T>? columns)
    {
        if (saved is null)
        {
            return columns is null ? null
                : throw new ArgumentException(
                    "The saved fit was not to columns of a matrix; expected null.", nameof(columns));
        }

        if (columns is not null)
        {
            return columns;
        }

        foreach (SavedSpace space in saved)
        {
            if (space.Kernel is null)
            {
                throw new ArgumentException(
                    $"Space '{space.Name}' has preprocessing or a kernel of the caller's own, which is not saved: "
                        + "give the columns that were fitted.",
                    nameof(columns));
            }
        }

        return new([.. saved.Select(space => new KernelSpace<T>(
            space.Name, ColumnSelection.Of([.. space.Columns]),
            new KernelPipeline<T> { Kernel = space.Kernel!, Weight = space.Weight }))]);
    }
}
