using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using VemKernels.Solvers;

namespace VemKernels.Interop;

/// <summary>Tikhonov regression as a change of variables; see native/include/vemkernels.h.</summary>
internal static unsafe class PriorExports
{
    [UnmanagedCallersOnly(EntryPoint = "vem_smoothness_covariance", CallConvs = [typeof(CallConvCdecl)])]
    public static int SmoothnessCovariance(ulong backend, int order, double ridge, VemMatrix* covariance) =>
        Invocation.Run(backend, null, on => Covariance(
            on, covariance, size => Prior.Smoothness(on.Backend, size, order, ridge)));

    [UnmanagedCallersOnly(EntryPoint = "vem_haemodynamic_covariance", CallConvs = [typeof(CallConvCdecl)])]
    public static int HaemodynamicCovariance(
        ulong backend, int* delays, long delaysCount, double repetitionTime, double ridge, VemMatrix* covariance) =>
        Invocation.Run(backend, null, on =>
        {
            int[] given = Fields.List(delays, delaysCount, nameof(delays));
            Covariance(on, covariance, size => size == given.Length
                ? Prior.Haemodynamic(on.Backend, given, repetitionTime, ridge)
                : throw new ArgumentException(
                    $"covariance is {size} x {size}; expected {given.Length} x {given.Length}, a row a delay.",
                    nameof(covariance)));
        });

    [UnmanagedCallersOnly(EntryPoint = "vem_tikhonov_features", CallConvs = [typeof(CallConvCdecl)])]
    public static int TikhonovFeatures(
        ulong backend, VemMatrix* featureCovariance, VemMatrix* delayCovariance, VemMatrix* X,
        VemMatrix* transformed) =>
        Invocation.Run(backend, null, on => CallScope.ByType(
            X, nameof(X),
            () => Features<float>(on, featureCovariance, delayCovariance, X, transformed),
            () => Features<double>(on, featureCovariance, delayCovariance, X, transformed)));

    [UnmanagedCallersOnly(EntryPoint = "vem_tikhonov_kernel", CallConvs = [typeof(CallConvCdecl)])]
    public static int TikhonovKernel(
        ulong backend, VemMatrix* featureCovariance, VemMatrix* delayCovariance, VemMatrix* X, VemMatrix* Z,
        VemMatrix* K) =>
        Invocation.Run(backend, null, on => CallScope.ByType(
            X, nameof(X),
            () => Kernel<float>(on, featureCovariance, delayCovariance, X, Z, K),
            () => Kernel<double>(on, featureCovariance, delayCovariance, X, Z, K)));

    [UnmanagedCallersOnly(EntryPoint = "vem_tikhonov_weights", CallConvs = [typeof(CallConvCdecl)])]
    public static int TikhonovWeights(
        ulong backend, VemMatrix* featureCovariance, VemMatrix* delayCovariance, VemMatrix* weights, VemMatrix* b,
        VemCall* call) =>
        Invocation.Run(backend, call, on => CallScope.ByType(
            weights, nameof(weights),
            () => Weights<float>(on, featureCovariance, delayCovariance, weights, b),
            () => Weights<double>(on, featureCovariance, delayCovariance, weights, b)));

    private static void Covariance(Invocation on, VemMatrix* covariance, Func<nint, Prior> make)
    {
        CallScope.TypeOf(covariance, nameof(covariance));
        MatrixView<double> output = on.Scope.Output<double>(
            covariance, (nint)covariance->Rows, (nint)covariance->Rows, nameof(covariance));
        if (output.Rows < 1 || output.Rows > int.MaxValue)
        {
            throw new ArgumentException(
                $"covariance has {output.Rows} rows; expected 1 to {int.MaxValue}.", nameof(covariance));
        }

        using Prior prior = make(output.Rows);
        using Matrix<double> found = prior.Covariance(on.Backend);
        found.View.CopyTo(output);
    }

    private static void Features<T>(
        Invocation on, VemMatrix* featureCovariance, VemMatrix* delayCovariance, VemMatrix* X, VemMatrix* transformed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        MatrixView<T> features = on.Scope.Input<T>(X, nameof(X));
        TikhonovPrior prior = Read(on, featureCovariance, delayCovariance, features.Columns, nameof(X));
        MatrixView<T> output = on.Scope.Output<T>(transformed, features.Rows, features.Columns, nameof(transformed));
        using Matrix<T> found = prior.Transform(on.Backend, features);
        found.View.CopyTo(output);
    }

    private static void Kernel<T>(
        Invocation on, VemMatrix* featureCovariance, VemMatrix* delayCovariance, VemMatrix* X, VemMatrix* Z,
        VemMatrix* K)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        MatrixView<T> left = on.Scope.Input<T>(X, nameof(X));
        MatrixView<T>? right = on.Scope.OptionalInput<T>(Z, nameof(Z));
        TikhonovPrior prior = Read(on, featureCovariance, delayCovariance, left.Columns, nameof(X));
        MatrixView<T> output = on.Scope.Output<T>(K, left.Rows, (right ?? left).Rows, nameof(K));
        using Matrix<T> found = right is { } other
            ? prior.Kernel(on.Backend, left, other) : prior.Kernel(on.Backend, left);
        found.View.CopyTo(output);
    }

    private static void Weights<T>(
        Invocation on, VemMatrix* featureCovariance, VemMatrix* delayCovariance, VemMatrix* weights, VemMatrix* b)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        MatrixView<T> given = on.Scope.Input<T>(weights, nameof(weights));
        TikhonovPrior prior = Read(on, featureCovariance, delayCovariance, given.Rows, nameof(weights));
        MatrixView<T> output = on.Scope.Output<T>(b, given.Rows, given.Columns, nameof(b));
        prior.MapBack(on.Backend, given, output, on.Token);
    }

    /// <summary>The prior of so many delayed features; a covariance that is null is the identity.</summary>
    private static TikhonovPrior Read(
        Invocation on, VemMatrix* featureCovariance, VemMatrix* delayCovariance, nint columns, string name)
    {
        Prior? delays = Factor(on, delayCovariance, "delay_covariance");
        Prior? features = Factor(on, featureCovariance, "feature_covariance");
        nint count = delays?.Size ?? (features is null ? 1 : Math.Max(1, columns / features.Size));
        nint each = features?.Size ?? columns / count;
        if (each < 1 || each * count != columns)
        {
            throw new ArgumentException(
                $"{name} has {columns} delayed features; expected a multiple of the sizes of the covariances, "
                + $"{features?.Size ?? 1} features and {delays?.Size ?? 1} delays.", name);
        }

        return new TikhonovPrior(
            features ?? on.Scope.Own(Prior.Spherical(each)), delays ?? on.Scope.Own(Prior.Spherical(count)));
    }

    private static Prior? Factor(Invocation on, VemMatrix* covariance, string name)
    {
        if (!CallScope.IsGiven(covariance))
        {
            return null;
        }

        MatrixView<double> given = on.Scope.Input<double>(covariance, name);
        return on.Scope.Own(Prior.FromCovariance(on.Backend, given));
    }
}
