using NUnit.Framework;

namespace VemKernels.Interop.Tests;

/// <summary>Whatever comes across the border wrong goes back as a code and a text that names it.</summary>
public sealed unsafe class BadInputTests
{
    private readonly delegate* unmanaged[Cdecl]<
        ulong, VemMatrix*, VemMatrix*, VemRidgeOptions*, VemMatrix*, VemMatrix*, int*, VemCall*, int> _ridge =
        &RidgeExports.Ridge;

    private ulong _backend;

    [OneTimeSetUp]
    public void Start() => _backend = Library.Start();

    [OneTimeTearDown]
    public void Stop() => Library.Succeeds(Library.Free(_backend));

    [Test]
    public void A_matrix_that_is_none()
    {
        Rejects("features", (x, _, _) => *x = default);
        Rejects("features", (x, _, _) => x->Data = null);
        Rejects("features", (x, _, _) => x->Type = 3);
        Rejects("features", (x, _, _) => x->Type = (int)VemType.Float32);
        Rejects("features", (x, _, _) => x->Memory = 7);
        Rejects("features", (x, _, _) => x->Reserved = 1);
        Rejects("features", (x, _, _) => x->Rows = -1);
        Rejects("features", (x, _, _) => x->Columns = long.MinValue);
        Rejects("features", (x, _, _) => x->RowStride = long.MaxValue);
        Rejects("features", (x, _, _) => x->Data = (byte*)x->Data + 1);
        Rejects("features", (x, _, _) => x->Memory = (int)MemorySpace.Cuda, VemStatus.NotSupported);
    }

    [Test]
    public void Shapes_that_do_not_fit()
    {
        Rejects("targets", (_, y, _) => y->Rows--);
        Rejects("weights", (_, _, b) => b->Rows--);
        Rejects("weights", (_, _, b) => b->Columns--);
    }

    [Test]
    public void Outputs_that_overlap()
    {
        Rejects("weights", (x, _, b) => b->Data = x->Data);
        Rejects("weights", (_, y, b) => b->Data = (double*)y->Data + 3);
        Rejects("weights", (_, _, b) => b->RowStride = 0);
        Rejects("weights", (_, _, b) => b->ColumnStride = b->RowStride);
    }

    [Test]
    public void Structures_of_no_known_size([Values(0, 4, 8, -8, 1 << 20, long.MaxValue)] long size)
    {
        VemRidgeOptions options = Defaults.Ridge with { Size = size };
        Library.Fails(Ridge(_backend, &options), VemStatus.InvalidArgument, "options");
        VemCall call = new() { Size = size };
        Library.Fails(Ridge(_backend, null, &call), VemStatus.InvalidArgument, "call");
        delegate* unmanaged[Cdecl]<VemRidgeOptions*, long, int> initialise = &OptionExports.RidgeOptions;
        Library.Fails(initialise(&options, size), VemStatus.InvalidArgument, "options");
        Library.Fails(initialise(null, sizeof(VemRidgeOptions)), VemStatus.InvalidArgument, "options is null");
    }

    [Test]
    public void Options_out_of_range()
    {
        double* nan = stackalloc double[] { double.NaN };
        double* negative = stackalloc double[] { -1 };
        RejectsOptions("alphas", options => options with { Alphas = null, AlphasCount = 2 });
        RejectsOptions("alphas", options => options with { Alphas = nan, AlphasCount = 1 });
        RejectsOptions("alphas", options => options with { Alphas = negative, AlphasCount = 1 });
        RejectsOptions("alphas", options => options with { Alphas = negative, AlphasCount = -1 });
        RejectsOptions("solver", options => options with { Solver = 4 });
        RejectsOptions("fit_intercept", options => options with { FitIntercept = 2 });
        RejectsOptions("memory_bytes", options => options with { MemoryBytes = -1 });
        RejectsOptions("reserved", options => options with { Reserved = 1 });
        VemRidgeOptions small = Defaults.Ridge with { MemoryBytes = 1 };
        Library.Fails(Ridge(_backend, &small), VemStatus.OutOfMemory, "1");
    }

    [Test]
    public void Splits_that_are_none()
    {
        using Matrix<double> data = Library.Draw<double>(6, 2, 1);
        using Matrix<double> alphas = new(1, 2);
        using SplitLists lists = new(VemKernels.Solvers.CrossValidationSplits.KFold(6, 2));
        Library.Fails(Search(data, alphas, null), VemStatus.InvalidArgument, "splits is null");
        VemSplits good = lists.Value;
        Library.Succeeds(Search(data, alphas, &good));
        long outside = 6;
        long* ends = stackalloc long[] { 3, 1 };
        foreach ((VemSplits splits, string named) in new (VemSplits, string)[]
        {
            (good with { Size = 0 }, "splits"), (good with { Count = 0 }, "splits"), (good with { Count = -1 },
                "splits"),
            (good with { Train = null }, "train"), (good with { ValidationEnds = null }, "validation"),
            (good with { TrainEnds = ends }, "train_ends"),
            (good with { Count = 1, Validation = &outside, ValidationEnds = ends + 1 }, "validation[0]"),
        })
        {
            VemSplits given = splits;
            Library.Fails(Search(data, alphas, &given), VemStatus.InvalidArgument, named);
        }
    }

    [Test]
    public void NaN_is_found_and_where()
    {
        using Matrix<double> x = Library.Draw<double>(5, 2, 1);
        using Matrix<double> b = new(2, 2);
        x[3, 1] = double.NaN;
        VemMatrix features = Library.Describe(x.View);
        VemMatrix targets = features;
        VemMatrix weights = Library.Describe(b.View);
        Library.Fails(
            _ridge(_backend, &features, &targets, null, &weights, null, null, null), VemStatus.InvalidArgument, "NaN");
    }

    [Test]
    public void A_matrix_that_is_not_positive_definite_names_the_pivot()
    {
        using Matrix<double> a = Matrix<double>.From(2, 2, [1, 2, 2, 1]);
        VemMatrix matrix = Library.Describe(a.View);
        delegate* unmanaged[Cdecl]<ulong, VemMatrix*, long, VemCall*, int> cholesky = &FactorisationExports.Cholesky;
        Library.Fails(cholesky(_backend, &matrix, 1, null), VemStatus.NotPositiveDefinite, "1");
        Library.Fails(cholesky(_backend, &matrix, 0, null), VemStatus.InvalidArgument, "count");
        Library.Fails(cholesky(_backend, &matrix, 3, null), VemStatus.InvalidArgument, "count");
    }

    [Test]
    public void Backends_and_kernels_that_there_are_not()
    {
        delegate* unmanaged[Cdecl]<byte*, int, ulong*, int> create = &LibraryExports.BackendCreate;
        delegate* unmanaged[Cdecl]<ulong, byte*, VemKernelParameters*, VemMatrix*, VemMatrix*, VemMatrix*, VemCall*,
            int>
            kernel = &KernelExports.PairwiseKernel;
        using Matrix<double> x = Library.Draw<double>(3, 2, 1);
        using Matrix<double> k = new(3, 3);
        VemMatrix samples = Library.Describe(x.View);
        VemMatrix result = Library.Describe(k.View);
        ulong backend = 5;
        fixed (byte* name = "abacus"u8)
        fixed (byte* simd = "simd"u8)
        {
            Library.Fails(create(name, 0, &backend), VemStatus.InvalidArgument, "abacus");
            Assert.That(backend, Is.Zero, "no handle where there is no backend");
            Library.Fails(create(null, 0, &backend), VemStatus.InvalidArgument, "id");
            Library.Fails(create(simd, -1, &backend), VemStatus.InvalidArgument, "threads");
            Library.Fails(create(simd, 0, null), VemStatus.InvalidArgument, "backend");
            Library.Fails(
                kernel(_backend, name, null, &samples, null, &result, null), VemStatus.InvalidArgument, "abacus");
            Library.Fails(kernel(_backend, null, null, &samples, null, &result, null), VemStatus.InvalidArgument,
                "name");
        }
    }

    private delegate void Spoil(VemMatrix* features, VemMatrix* targets, VemMatrix* weights);

    private void Rejects(string named, Spoil spoil, VemStatus status = VemStatus.InvalidArgument)
    {
        using Matrix<double> x = Library.Draw<double>(5, 3, 1);
        using Matrix<double> y = Library.Draw<double>(5, 4, 2);
        using Matrix<double> b = new(3, 4);
        VemMatrix features = Library.Describe(x.View);
        VemMatrix targets = Library.Describe(y.View);
        VemMatrix weights = Library.Describe(b.View);
        Library.Succeeds(_ridge(_backend, &features, &targets, null, &weights, null, null, null));
        spoil(&features, &targets, &weights);
        Library.Fails(_ridge(_backend, &features, &targets, null, &weights, null, null, null), status, named);
    }

    private void RejectsOptions(string named, Func<VemRidgeOptions, VemRidgeOptions> spoil)
    {
        VemRidgeOptions options = spoil(Defaults.Ridge);
        Library.Fails(Ridge(_backend, &options), VemStatus.InvalidArgument, named);
    }

    private int Ridge(ulong backend, VemRidgeOptions* options, VemCall* call = null)
    {
        using Matrix<double> x = Library.Draw<double>(5, 3, 1);
        using Matrix<double> b = new(3, 3);
        VemMatrix features = Library.Describe(x.View);
        VemMatrix targets = features;
        VemMatrix weights = Library.Describe(b.View);
        return _ridge(backend, &features, &targets, options, &weights, null, null, call);
    }

    private int Search(Matrix<double> data, Matrix<double> alphas, VemSplits* splits)
    {
        VemMatrix x = Library.Describe(data.View);
        VemRandomSearchResults results = new()
        {
            Size = sizeof(VemRandomSearchResults), BestAlphas = Library.Describe(alphas.View),
        };
        delegate* unmanaged[Cdecl]<
            ulong, VemMatrix*, VemMatrix*, VemSplits*, VemRandomSearchOptions*, VemRandomSearchResults*, VemCall*,
                int> solve =
            &RandomSearchExports.RidgeCV;
        return solve(_backend, &x, &x, splits, null, &results, null);
    }
}
