using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using VemKernels.Solvers;

namespace VemKernels.Interop;

/// <summary>Linear kernels and weights of sparse features; see native/include/vemkernels.h.</summary>
internal static unsafe class SparseExports
{
    [UnmanagedCallersOnly(EntryPoint = "vem_csr_kernel", CallConvs = [typeof(CallConvCdecl)])]
    public static int CsrKernel(VemCsr* X, VemCsr* Y, VemMatrix* K, VemCall* call) => Invocation.Run(call, on =>
    {
        if (Csr.TypeOf(X, nameof(X)) == VemType.Float32)
        {
            Kernel<float>(on, X, Y, K);
        }
        else
        {
            Kernel<double>(on, X, Y, K);
        }
    });

    [UnmanagedCallersOnly(EntryPoint = "vem_csr_dense_kernel", CallConvs = [typeof(CallConvCdecl)])]
    public static int CsrDenseKernel(VemCsr* X, VemMatrix* Y, VemMatrix* K, VemCall* call) =>
        Invocation.Run(call, on =>
    {
        if (Csr.TypeOf(X, nameof(X)) == VemType.Float32)
        {
            DenseKernel<float>(on, X, Y, K);
        }
        else
        {
            DenseKernel<double>(on, X, Y, K);
        }
    });

    [UnmanagedCallersOnly(EntryPoint = "vem_csr_primal_weights", CallConvs = [typeof(CallConvCdecl)])]
    public static int CsrPrimalWeights(VemCsr* X, VemMatrix* dualWeights, VemMatrix* primalWeights, VemCall* call) =>
        Invocation.Run(call, on =>
    {
        if (Csr.TypeOf(X, nameof(X)) == VemType.Float32)
        {
            Weights<float>(on, X, dualWeights, primalWeights);
        }
        else
        {
            Weights<double>(on, X, dualWeights, primalWeights);
        }
    });

    private static void Kernel<T>(Invocation on, VemCsr* X, VemCsr* Y, VemMatrix* K)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CsrMatrix<T> left = Csr.Read<T>(on.Scope, X, nameof(X));
        CsrMatrix<T>? right = Y is null ? null : Csr.Read<T>(on.Scope, Y, nameof(Y));
        MatrixView<T> result = on.Scope.Output<T>(K, left.Rows, (right ?? left).Rows, nameof(K));
        SparseKernels.Linear(left, right, result, on.Token);
    }

    private static void DenseKernel<T>(Invocation on, VemCsr* X, VemMatrix* Y, VemMatrix* K)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CsrMatrix<T> left = Csr.Read<T>(on.Scope, X, nameof(X));
        MatrixView<T> right = on.Scope.Input<T>(Y, nameof(Y));
        MatrixView<T> result = on.Scope.Output<T>(K, left.Rows, right.Rows, nameof(K));
        SparseKernels.Linear(left, right, result, on.Token);
    }

    private static void Weights<T>(Invocation on, VemCsr* X, VemMatrix* dualWeights, VemMatrix* primalWeights)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CsrMatrix<T> features = Csr.Read<T>(on.Scope, X, nameof(X));
        MatrixView<T> dual = on.Scope.Input<T>(dualWeights, "dual_weights");
        MatrixView<T> primal = on.Scope.Output<T>(primalWeights, features.Columns, dual.Columns, "primal_weights");
        SparseKernels.PrimalWeights(features, dual, primal, on.Token);
    }
}
