using System.Numerics;

namespace VemKernels.Solvers;

/// <summary>
/// A feature space of a <see cref="ColumnKernelizer{T}"/>: its columns, its fitted preprocessing, its kernelizer.
/// </summary>
internal sealed class FittedSpace<T>(
    IBackend backend, string name, int[] columns, KernelPipeline<T> pipeline) : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Kernelizer<T> _kernelizer = new(backend, pipeline.Kernel);
    private readonly List<FeatureTransform<T>> _steps = [];

    public string Name => name;

    public IReadOnlyList<int> Columns => columns;

    public KernelPipeline<T> Pipeline => pipeline;

    public nint TrainingSamples { get; private set; }

    public MatrixView<T>? XFit => _kernelizer.XFit;

    public void Fit(MatrixView<T> X)
    {
        using Matrix<T> features = FitPreprocessing(X);
        _kernelizer.Fit(features.View);
        TrainingSamples = X.Rows;
    }

    public void FitTransform(MatrixView<T> X, MatrixView<T> kernel, CancellationToken cancellation)
    {
        using Matrix<T> features = FitPreprocessing(X);
        using Matrix<T> K = _kernelizer.FitTransform(features.View, cancellation);
        WriteWeighted(K.View, kernel);
        TrainingSamples = X.Rows;
    }

    public void Transform(MatrixView<T> X, MatrixView<T> kernel, CancellationToken cancellation)
    {
        Matrix<T> features = Gather(X);
        foreach (FeatureTransform<T> step in _steps)
        {
            features = Apply(step, features);
        }

        using (features)
        {
            using Matrix<T> K = _kernelizer.Transform(features.View, cancellation);
            WriteWeighted(K.View, kernel);
        }
    }

    public void Dispose() => _kernelizer.Dispose();

    /// <summary>The training features after all steps, each fitted on what the ones before made of them.</summary>
    private Matrix<T> FitPreprocessing(MatrixView<T> X)
    {
        Matrix<T> features = Gather(X);
        foreach (FitPreprocessing<T> fit in pipeline.Preprocessing)
        {
            FeatureTransform<T> step = fit(features.View);
            _steps.Add(step);
            features = Apply(step, features);
        }

        return features;
    }

    private Matrix<T> Gather(MatrixView<T> X)
    {
        Matrix<T> features = Matrix<T>.Uninitialized(X.Rows, columns.Length);
        MatrixView<T> target = features.View;
        for (nint i = 0; i < X.Rows; i++)
        {
            for (int j = 0; j < columns.Length; j++)
            {
                target[i, j] = X[i, columns[j]];
            }
        }

        return features;
    }

    /// <summary>One step; the features before it are disposed, whatever happens.</summary>
    private Matrix<T> Apply(FeatureTransform<T> step, Matrix<T> features)
    {
        using (features)
        {
            Matrix<T> transformed = step(features.View);
            if (transformed.Rows != features.Rows)
            {
                nint rows = transformed.Rows;
                transformed.Dispose();
                throw new InvalidOperationException(
                    $"Preprocessing of feature space '{name}' returned {rows} samples of {features.Rows}.");
            }

            return transformed;
        }
    }

    private void WriteWeighted(MatrixView<T> K, MatrixView<T> destination)
    {
        K.CopyTo(destination);
        if (pipeline.Weight != 1)
        {
            OnDevice.Write(backend, destination, updates: true, k =>
            {
                using DeviceMatrix<T> factors = backend.Allocate<T>(k.Rows, 1);
                backend.Fill(factors.View, pipeline.Weight);
                backend.Scale(k, factors.View, null, k);
            });
        }
    }
}
