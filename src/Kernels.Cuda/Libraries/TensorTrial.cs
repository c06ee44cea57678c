namespace VemKernels.Cuda;

/// <summary>
/// A product on tensor cores beside the same without them, both against double precision, on the device itself: whether
/// what is computed there has the error of floats.
/// </summary>
/// <param name="PlainError">The largest error of the shared kernel in float.</param>
/// <param name="TensorError">The largest error on tensor cores.</param>
internal sealed record TensorTrial(double PlainError, double TensorError)
{
    /// <summary>Rows, depth and columns: a block and some more of each, and no multiple of anything.</summary>
    private const int Rows = 141;
    private const int Depth = 517;
    private const int Columns = 133;

    /// <summary>
    /// How much larger the error may be: at this depth that of floats is about 2^-20 of the entries' size, that of
    /// tensor cores was half as large where they were emulated; one bit that is lost shows as a factor of a thousand.
    /// </summary>
    private const double MostTimes = 2;

    /// <summary>Whether the error is that of floats.</summary>
    public bool IsGood => TensorError <= MostTimes * PlainError;

    /// <summary>Runs the trial.</summary>
    public static TensorTrial Run(CudaBackend backend)
    {
        using Matrix<float> a = Numbers(Rows, Depth, 1);
        using Matrix<float> b = Numbers(Depth, Columns, 2);
        using DeviceMatrix<float> deviceA = Upload(backend, a);
        using DeviceMatrix<float> deviceB = Upload(backend, b);
        using DeviceMatrix<float> product = backend.Allocate<float>(Rows, Columns);
        backend.PlainProduct(deviceA, deviceB, product);
        double plain = Error(backend, product, a, b);
        backend.Fill(product.View, 0);
        bool ran = backend.TryTensorProduct(deviceA, deviceB, product);
        return new TensorTrial(plain, ran ? Error(backend, product, a, b) : double.PositiveInfinity);
    }

    private static DeviceMatrix<float> Upload(CudaBackend backend, Matrix<float> host)
    {
        DeviceMatrix<float> device = backend.Allocate<float>(host.Rows, host.Columns);
        backend.Upload(host.View, device.View);
        return device;
    }

    private static Matrix<float> Numbers(int rows, int columns, int seed)
    {
        Random random = new(seed);
        Matrix<float> matrix = new(rows, columns);
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                matrix[i, j] = (float)((2 * random.NextDouble()) - 1);
            }
        }

        return matrix;
    }

    private static double Error(CudaBackend backend, DeviceMatrix<float> product, Matrix<float> a, Matrix<float> b)
    {
        using Matrix<float> host = new(Rows, Columns);
        backend.Download(product.View, host.View);
        double worst = 0;
        for (int i = 0; i < Rows; i++)
        {
            for (int j = 0; j < Columns; j++)
            {
                double sum = 0;
                for (int k = 0; k < Depth; k++)
                {
                    sum += (double)a[i, k] * b[k, j];
                }

                double error = Math.Abs(host[i, j] - sum);
                worst = double.IsNaN(error) ? double.PositiveInfinity : Math.Max(worst, error);
            }
        }

        return worst;
    }
}
