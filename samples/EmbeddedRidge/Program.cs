using VemKernels;
using VemKernels.Simd;
using VemKernels.Solvers;

// Ridge with a cross-validated alpha for each of 50 targets: 100 samples, 8 features. Exits with 0 where the weights
// are right.
const int Samples = 100;
const int Features = 8;
const int Targets = 50;
Random random = new(0);
using Matrix<float> X = new(Samples, Features);
using Matrix<float> b = new(Features, Targets);
using Matrix<float> Y = new(Samples, Targets);
Fill(X);
Fill(b);

using SimdBackend backend = new();
for (int i = 0; i < Samples; i++)
{
    for (int j = 0; j < Targets; j++)
    {
        for (int k = 0; k < Features; k++)
        {
            Y[i, j] += X[i, k] * b[k, j];
        }
    }
}

using RandomSearchResult<float> fit = RidgeCV.Solve(
    backend, X.View, new MatrixTargetSource<float>(Y.View), CrossValidationSplits.KFold(Samples, 5),
    new RandomSearchOptions { Alphas = [1e-4, 1e-2, 1, 100], Weights = WeightKind.Primal });
double error = 0;
for (int k = 0; k < Features; k++)
{
    for (int j = 0; j < Targets; j++)
    {
        error = Math.Max(error, Math.Abs(fit.Weights![k, j] - b[k, j]));
    }
}

Console.WriteLine($"{backend.Info.InstructionSet}: largest error of the weights {error:E1}");
return error < 1e-3 ? 0 : 1;

void Fill(Matrix<float> matrix)
{
    for (nint i = 0; i < matrix.Rows; i++)
    {
        for (nint j = 0; j < matrix.Columns; j++)
        {
            matrix[i, j] = (random.NextSingle() * 2) - 1;
        }
    }
}
