using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using VemKernels.Solvers;

namespace VemKernels.Interop;

/// <summary>Pairwise kernels and their centring; see native/include/vemkernels.h.</summary>
internal static unsafe class KernelExports
{
    [UnmanagedCallersOnly(EntryPoint = "vem_pairwise_kernel", CallConvs = [typeof(CallConvCdecl)])]
    public static int PairwiseKernel(
        ulong backend, byte* name, VemKernelParameters* parameters, VemMatrix* X, VemMatrix* Y, VemMatrix* K,
        VemCall* call) =>
        Invocation.Run(backend, call, on => CallScope.ByType(
            X, nameof(X),
            () => Pairwise<float>(on, name, parameters, X, Y, K),
            () => Pairwise<double>(on, name, parameters, X, Y, K)));

    [UnmanagedCallersOnly(EntryPoint = "vem_kernel_means", CallConvs = [typeof(CallConvCdecl)])]
    public static int KernelMeans(ulong backend, VemMatrix* K, VemMatrix* columnMeans) =>
        Invocation.Run(backend, null, on => CallScope.ByType(
            K, nameof(K),
            () => Means<float>(on, K, columnMeans),
            () => Means<double>(on, K, columnMeans)));

    [UnmanagedCallersOnly(EntryPoint = "vem_kernel_centre", CallConvs = [typeof(CallConvCdecl)])]
    public static int KernelCentre(ulong backend, VemMatrix* columnMeans, VemMatrix* K) =>
        Invocation.Run(backend, null, on => CallScope.ByType(
            K, nameof(K),
            () => Centre<float>(on, columnMeans, K),
            () => Centre<double>(on, columnMeans, K)));

    private static void Pairwise<T>(
        Invocation on, byte* name, VemKernelParameters* parameters, VemMatrix* X, VemMatrix* Y, VemMatrix* K)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        VemKernelParameters given = Structures.Read(
            parameters, sizeof(VemKernelParameters), nameof(parameters), Defaults.KernelParameters);
        Fields.Reserved(given.Reserved, nameof(parameters));
        double? gamma = Fields.Number(given.Gamma);
        string kind = LibraryExports.Text(name, nameof(name));
        PairwiseKernel kernel = kind switch
        {
            "linear" => Solvers.PairwiseKernel.Linear,
            "polynomial" or "poly" => Solvers.PairwiseKernel.Polynomial(given.Degree, gamma, given.Coef0),
            "rbf" => Solvers.PairwiseKernel.Rbf(gamma),
            "sigmoid" => Solvers.PairwiseKernel.Sigmoid(gamma, given.Coef0),
            "cosine" => Solvers.PairwiseKernel.Cosine,
            _ => throw new ArgumentException(
                $"name is \"{kind}\"; expected linear, polynomial, poly, rbf, sigmoid or cosine.", nameof(name)),
        };
        bool checkFinite = Fields.Flag(given.CheckFinite, "check_finite");
        if (CallScope.IsOnDevice(X) || CallScope.IsOnDevice(Y) || CallScope.IsOnDevice(K))
        {
            DeviceView<T> x = on.Scope.Operand<T>(X, nameof(X), isRead: true, isWritten: false);
            DeviceView<T>? y = CallScope.IsGiven(Y)
                ? on.Scope.Operand<T>(Y, nameof(Y), isRead: true, isWritten: false) : null;
            DeviceView<T> k = on.Scope.Operand<T>(K, nameof(K), isRead: false, isWritten: true);
            PairwiseKernels.Compute(on.Backend, kernel, x, y, k, checkFinite, on.Token);
            return;
        }

        MatrixView<T> left = on.Scope.Input<T>(X, nameof(X));
        MatrixView<T>? right = on.Scope.OptionalInput<T>(Y, nameof(Y));
        MatrixView<T> result = on.Scope.Output<T>(K, left.Rows, (right ?? left).Rows, nameof(K));
        PairwiseKernels.Compute(
            on.Backend, kernel, left, right, result, checkFinite, on.Token);
    }

    private static void Means<T>(Invocation on, VemMatrix* K, VemMatrix* columnMeans)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        InputMatrix<T> kernel = on.Scope.Source<T>(K, nameof(K));
        CallScope.TypeOf(columnMeans, "column_means");
        MatrixView<double> means = on.Scope.Output<double>(columnMeans, 1, kernel.Columns, "column_means");
        ReadOnlySpan<double> found = KernelCenterer.Fit(on.Backend, kernel).ColumnMeans;
        for (int j = 0; j < found.Length; j++)
        {
            means[0, j] = found[j];
        }
    }

    private static void Centre<T>(Invocation on, VemMatrix* columnMeans, VemMatrix* K)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CallScope.TypeOf(columnMeans, "column_means");
        MatrixView<double> means = on.Scope.Input<double>(columnMeans, "column_means");
        DeviceView<T> kernel = on.Scope.Operand<T>(K, nameof(K), isRead: true, isWritten: true);
        Shapes.Require(means, 1, kernel.Columns, "column_means");
        using Matrix<double> row = Matrix<double>.From(means);
        KernelCenterer.FromMeans(row.View.RowSpan(0)).TransformInPlace(on.Backend, kernel);
    }
}
