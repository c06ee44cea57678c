/* Golden cases of the field's reference implementation through the C interface, one a solver family.
 *
 *     golden FOLDER BACKEND
 *
 * FOLDER holds the .npz files. Exits with 0 where every result is as close as the files' README says. */
#include <math.h>

#include "common.h"
#include "npz.h"

enum { MOST = 1 << 16 };

static const char *folder;
static vem_backend backend;
static int compared;

static npz_file open_case(const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s.npz", folder, name);
    return npz_open(path);
}

static vem_matrix fresh(int64_t rows, int64_t columns)
{
    return describe(calloc((size_t)(rows * columns), sizeof(double)), VEM_FLOAT64, rows, columns);
}

/* An array as a matrix; a vector as a row. */
static vem_matrix get(const npz_file *file, const char *name)
{
    npz_array a = npz_get(file, name);
    int64_t rows = a.dimensions < 2 ? 1 : a.shape[0], columns = a.shape[a.dimensions < 2 ? 0 : 1];
    return describe(a.values, VEM_FLOAT64, rows, columns);
}

/* The matrices of an array of three dimensions. */
static int64_t get_stack(const npz_file *file, const char *name, vem_matrix *matrices)
{
    npz_array a = npz_get(file, name);
    int64_t i;
    for (i = 0; i < a.shape[0]; ++i)
        matrices[i] = describe(a.values + i * a.shape[1] * a.shape[2], VEM_FLOAT64, a.shape[1], a.shape[2]);
    return a.shape[0];
}

/* max |a - b| <= tolerance max(|b|, scale) over all elements, infinities equal. */
static void compare(
    const char *name, const vem_matrix *actual, const vem_matrix *expected, double tolerance, double scale)
{
    const double *a = actual->data, *b = expected->data;
    double worst = 0;
    int64_t i, count = expected->rows * expected->columns;
    if (actual->rows * actual->columns != count || count == 0) {
        fprintf(stderr, "%s: %d elements for %d\n", name, (int)(actual->rows * actual->columns), (int)count);
        exit(1);
    }
    for (i = 0; i < count; ++i) {
        if (isinf(b[i]) && a[i] == b[i])
            continue;
        scale = fmax(scale, fabs(b[i]));
        worst = isfinite(a[i]) ? fmax(worst, fabs(a[i] - b[i])) : INFINITY;
        if (isinf(worst))
            break;
    }
    if (!(worst <= tolerance * scale)) {
        fprintf(stderr, "%s: off by %g of %g\n", name, worst, scale);
        exit(1);
    }
    ++compared;
}

/* Contiguous folds, the first n mod folds of them one sample longer. */
static vem_splits k_fold(int64_t n, int64_t folds)
{
    static int64_t train[MOST], validation[MOST], train_ends[16], validation_ends[16];
    vem_splits splits = {sizeof splits, folds, train, train_ends, validation, validation_ends};
    int64_t first = 0, a = 0, b = 0, k, i;
    for (k = 0; k < folds; ++k) {
        int64_t end = first + n / folds + (k < n % folds);
        for (i = 0; i < n; ++i)
            if (i >= first && i < end)
                validation[b++] = i;
            else
                train[a++] = i;
        train_ends[k] = a;
        validation_ends[k] = b;
        first = end;
    }
    return splits;
}

static vem_random_search_options search_options(const npz_file *file, int32_t score, int32_t fit_intercept)
{
    vem_random_search_options options;
    npz_array alphas = npz_get(file, "in_alphas");
    check(vem_random_search_options_init(&options, sizeof options), "init");
    options.alphas = alphas.values;
    options.alphas_count = alphas.shape[0];
    options.score = score;
    options.fit_intercept = fit_intercept;
    return options;
}

static vem_random_search_results search_results(void)
{
    vem_random_search_results results;
    check(vem_random_search_results_init(&results, sizeof results), "init");
    return results;
}

static void ridge(void)
{
    npz_file file = open_case("ridge_svd_per_target_intercept1");
    vem_matrix X = get(&file, "in_X"), Y = get(&file, "in_Y"), alpha = get(&file, "in_alpha");
    vem_matrix weights = fresh(X.columns, Y.columns), intercept = fresh(1, Y.columns);
    vem_matrix expected = get(&file, "out_weights"), offsets = get(&file, "out_intercept");
    vem_ridge_options options;
    check(vem_ridge_options_init(&options, sizeof options), "init");
    options.alphas = alpha.data;
    options.alphas_count = alpha.columns;
    options.fit_intercept = 1;
    check(vem_ridge(backend, &X, &Y, &options, &weights, &intercept, NULL, NULL), "vem_ridge");
    compare("ridge: weights", &weights, &expected, 1e-8, 0);
    compare("ridge: intercept", &intercept, &offsets, 1e-8, 1);
}

static void ridge_cv(void)
{
    npz_file file = open_case("ridge_cv_kfold5_local1_intercept1");
    vem_matrix X = get(&file, "in_X"), Y = get(&file, "in_Y");
    vem_matrix alphas = get(&file, "out_best_alphas"), weights = get(&file, "out_coefs"),
               scores = get(&file, "out_cv_scores");
    vem_splits splits = k_fold(X.rows, 5);
    vem_random_search_options options = search_options(&file, VEM_SCORE_R2, 1);
    vem_random_search_results results = search_results();
    results.best_alphas = fresh(1, Y.columns);
    results.primal_weights = fresh(X.columns, Y.columns);
    results.cv_scores = fresh(1, Y.columns);
    check(vem_ridge_cv(backend, &X, &Y, &splits, &options, &results, NULL), "vem_ridge_cv");
    compare("ridge cv: scores", &results.cv_scores, &scores, 1e-8, 0);
    compare("ridge cv: alphas", &results.best_alphas, &alphas, 1e-8, 0);
    compare("ridge cv: weights", &results.primal_weights, &weights, 1e-8, 0);
}

static void banded_ridge(void)
{
    npz_file file = open_case("banded_ridge_r2_score_intercept1");
    vem_matrix spaces[] = {get(&file, "in_X0"), get(&file, "in_X1"), get(&file, "in_X2")};
    vem_matrix Y = get(&file, "in_Y"), gammas = get(&file, "in_gammas");
    vem_matrix deltas = get(&file, "out_deltas"), weights = get(&file, "out_weights"),
               scores = get(&file, "out_cv_scores");
    vem_matrix intercept = get(&file, "out_intercept");
    vem_splits splits = k_fold(Y.rows, 4);
    vem_random_search_options options = search_options(&file, VEM_SCORE_R2, 1);
    vem_random_search_results results = search_results();
    results.deltas = fresh(3, Y.columns);
    results.primal_weights = fresh(weights.rows, Y.columns);
    results.cv_scores = fresh(gammas.rows, Y.columns);
    results.intercept = fresh(1, Y.columns);
    check(vem_banded_ridge(backend, spaces, 3, &Y, &gammas, &splits, &options, &results, NULL), "vem_banded_ridge");
    compare("banded ridge: scores", &results.cv_scores, &scores, 1e-8, 0);
    compare("banded ridge: deltas", &results.deltas, &deltas, 1e-8, 0);
    compare("banded ridge: weights", &results.primal_weights, &weights, 1e-8, 0);
    compare("banded ridge: intercept", &results.intercept, &intercept, 1e-8, 1);
}

static void kernel_ridge(void)
{
    npz_file file = open_case("kernel_ridge_per_target_intercept1");
    vem_matrix K = get(&file, "in_K"), Y = get(&file, "in_Y"), alpha = get(&file, "in_alpha");
    vem_matrix dual = fresh(Y.rows, Y.columns), intercept = fresh(1, Y.columns);
    vem_matrix expected = get(&file, "out_dual"), offsets = get(&file, "out_intercept");
    vem_kernel_ridge_options options;
    check(vem_kernel_ridge_options_init(&options, sizeof options), "init");
    options.alphas = alpha.data;
    options.alphas_count = alpha.columns;
    options.fit_intercept = 1;
    check(vem_kernel_ridge(backend, &K, &Y, &options, NULL, &dual, &intercept, NULL, NULL), "vem_kernel_ridge");
    compare("kernel ridge: dual", &dual, &expected, 1e-8, 0);
    compare("kernel ridge: intercept", &intercept, &offsets, 1e-8, 1);
}

static void kernel_ridge_cv(void)
{
    npz_file file = open_case("kernel_ridge_cv_kfold5_intercept1");
    vem_matrix K = get(&file, "in_K"), Y = get(&file, "in_Y");
    vem_matrix alphas = get(&file, "out_best_alphas"), dual = get(&file, "out_dual"),
               scores = get(&file, "out_cv_scores");
    vem_splits splits = k_fold(K.rows, 5);
    vem_random_search_options options = search_options(&file, VEM_SCORE_NEGATIVE_SQUARED_ERROR, 1);
    vem_random_search_results results = search_results();
    int64_t i, j;
    results.best_alphas = fresh(1, Y.columns);
    results.dual_weights = fresh(Y.rows, Y.columns);
    results.cv_scores = fresh(1, Y.columns);
    check(vem_kernel_ridge_cv(backend, &K, &Y, &splits, &options, &results, NULL), "vem_kernel_ridge_cv");
    compare("kernel ridge cv: scores", &results.cv_scores, &scores, 1e-8, 0);
    compare("kernel ridge cv: alphas", &results.best_alphas, &alphas, 1e-8, 0);
    for (i = 0; i < Y.rows; ++i)
        for (j = 0; j < Y.columns; ++j)
            ((double *)results.dual_weights.data)[i * Y.columns + j] /= ((double *)results.best_alphas.data)[j];
    compare("kernel ridge cv: dual", &results.dual_weights, &dual, 1e-8, 0);
}

static void weighted_kernel_ridge(void)
{
    npz_file file = open_case("weighted_kernel_ridge_intercept1");
    vem_matrix Ks[3], Y = get(&file, "in_Y"), deltas = get(&file, "in_deltas"), expected = get(&file, "out_dual");
    vem_matrix dual = fresh(Y.rows, Y.columns), intercept = fresh(1, Y.columns), offsets = get(&file, "out_intercept");
    int64_t count = get_stack(&file, "in_Ks", Ks);
    vem_weighted_kernel_ridge_options options;
    check(vem_weighted_kernel_ridge_options_init(&options, sizeof options), "init");
    options.alphas = npz_get(&file, "in_alpha").values;
    options.alphas_count = 1;
    options.fit_intercept = 1;
    options.tolerance = 1e-10;
    options.max_iterations = 6000;
    check(vem_weighted_kernel_ridge(backend, Ks, count, &Y, &deltas, &options, NULL, &dual, &intercept, NULL, NULL),
        "vem_weighted_kernel_ridge");
    compare("weighted kernel ridge: dual", &dual, &expected, 1e-8, 0);
    compare("weighted kernel ridge: intercept", &intercept, &offsets, 1e-8, 1);
}

static void multiple_kernel_ridge(void)
{
    npz_file file = open_case("mkr_dual_kfold5");
    vem_matrix Ks[3], Y = get(&file, "in_Y"), gammas = get(&file, "in_gammas");
    vem_matrix deltas = get(&file, "out_deltas"), dual = get(&file, "out_weights"),
               scores = get(&file, "out_cv_scores");
    int64_t count = get_stack(&file, "in_Ks", Ks);
    vem_splits splits = k_fold(Y.rows, 5);
    vem_random_search_options options = search_options(&file, VEM_SCORE_NEGATIVE_SQUARED_ERROR, 0);
    vem_random_search_results results = search_results();
    results.deltas = fresh(count, Y.columns);
    results.dual_weights = fresh(Y.rows, Y.columns);
    results.cv_scores = fresh(gammas.rows, Y.columns);
    check(vem_multiple_kernel_ridge(backend, Ks, count, &Y, &gammas, &splits, &options, NULL, &results, NULL),
        "vem_multiple_kernel_ridge");
    compare("multiple-kernel ridge: scores", &results.cv_scores, &scores, 1e-8, 0);
    compare("multiple-kernel ridge: deltas", &results.deltas, &deltas, 1e-8, 0);
    compare("multiple-kernel ridge: dual", &results.dual_weights, &dual, 1e-8, 0);
}

/* The result depends on the path: the last score must be as good or better, and deltas near. */
static void hyper_gradient(void)
{
    npz_file file = open_case("hyper_gradient_conjugate_gradient_conjugate_gradient_0");
    const double cg_tolerance = 1e-5;
    vem_matrix Ks[3], Y = get(&file, "in_Y"), deltas = get(&file, "out_deltas"), scores = get(&file, "out_cv_scores");
    int64_t count = get_stack(&file, "in_Ks", Ks), i, j;
    vem_splits splits = k_fold(Y.rows, 4);
    vem_hyper_gradient_options options;
    vem_hyper_gradient_results results;
    check(vem_hyper_gradient_options_init(&options, sizeof options), "init");
    check(vem_hyper_gradient_results_init(&results, sizeof results), "init");
    options.max_iterations = 30;
    options.tolerance = 1e-3;
    options.max_inner_dual_iterations = 3;
    options.cg_tolerances = &cg_tolerance;
    options.cg_tolerances_count = 1;
    options.seed = 3;
    options.inner_method = VEM_INNER_CONJUGATE_GRADIENT;
    results.deltas = fresh(count, Y.columns);
    results.cv_scores = fresh(30, Y.columns);
    check(vem_hyper_gradient(backend, Ks, count, &Y, &splits, &options, NULL, NULL, NULL, &results, NULL),
        "vem_hyper_gradient");
    compare("hyper-gradient: deltas", &results.deltas, &deltas, 2e-3, 0);
    for (j = 0; j < Y.columns; ++j) {
        double ours = 0, theirs = 0;
        for (i = 0; i < 30; ++i) {
            double a = ((double *)results.cv_scores.data)[i * Y.columns + j],
                   b = ((double *)scores.data)[i * Y.columns + j];
            ours = a != 0 && isfinite(a) ? a : ours;
            theirs = b != 0 ? b : theirs;
        }
        if (!(ours >= theirs - 5e-3)) {
            fprintf(stderr, "hyper-gradient: the score of target %d is %g, the reference's %g\n", (int)j, ours, theirs);
            exit(1);
        }
    }
}

static void set_groups(const npz_file *file, vem_sparse_group_lasso_options *options)
{
    static int32_t labels[64];
    npz_array groups = npz_get(file, "in_groups");
    int64_t i;
    for (i = 0; i < groups.shape[0]; ++i)
        labels[i] = (int32_t)groups.values[i];
    options->groups = labels;
    options->groups_count = groups.shape[0];
}

static void lasso(void)
{
    npz_file file = open_case("lasso");
    const double l21 = 0.05, l1 = 0.03;
    vem_matrix X = get(&file, "in_X"), Y = get(&file, "in_Y"), expected = get(&file, "out_coef");
    vem_sparse_group_lasso_options options;
    vem_sparse_group_lasso_results results;
    check(vem_sparse_group_lasso_options_init(&options, sizeof options), "init");
    check(vem_sparse_group_lasso_results_init(&results, sizeof results), "init");
    set_groups(&file, &options);
    options.l21 = &l21;
    options.l1 = &l1;
    options.l21_count = options.l1_count = 1;
    options.max_iterations = 5000;
    options.tolerance = 1e-9;
    results.weights = fresh(X.columns, Y.columns);
    check(vem_sparse_group_lasso(backend, &X, &Y, &options, NULL, &results, NULL), "vem_sparse_group_lasso");
    compare("lasso: weights", &results.weights, &expected, 1e-9, 0);
}

/* The reference's own values are not converged to its tolerance of 1e-8: its scores of two runs differ by 1.4e-7. */
static void lasso_cv(void)
{
    npz_file file = open_case("lasso_cv");
    const double l21[] = {0.3, 0.1, 0.03}, l1[] = {0.2, 0.05};
    vem_matrix X = get(&file, "in_X"), Y = get(&file, "in_Y"), weights = get(&file, "out_coef"),
               scores = get(&file, "out_cv_scores");
    vem_matrix best_l21 = get(&file, "out_l21"), best_l1 = get(&file, "out_l1");
    vem_splits splits = k_fold(X.rows, 4);
    vem_sparse_group_lasso_options options;
    vem_sparse_group_lasso_results results;
    check(vem_sparse_group_lasso_options_init(&options, sizeof options), "init");
    check(vem_sparse_group_lasso_results_init(&results, sizeof results), "init");
    set_groups(&file, &options);
    options.l21 = l21;
    options.l21_count = 3;
    options.l1 = l1;
    options.l1_count = 2;
    options.max_iterations = 3000;
    options.tolerance = 1e-8;
    results.weights = fresh(X.columns, Y.columns);
    results.cv_scores = fresh(6, Y.columns);
    results.best_l21 = fresh(1, Y.columns);
    results.best_l1 = fresh(1, Y.columns);
    check(vem_sparse_group_lasso_cv(backend, &X, &Y, &splits, &options, &results, NULL), "vem_sparse_group_lasso_cv");
    compare("lasso cv: scores", &results.cv_scores, &scores, 1e-6, 0);
    compare("lasso cv: l21", &results.best_l21, &best_l21, 1e-8, 0);
    compare("lasso cv: l1", &results.best_l1, &best_l1, 1e-8, 0);
    compare("lasso cv: weights", &results.weights, &weights, 1e-6, 0);
}

static void predictions(void)
{
    npz_file file = open_case("weighted_kernel_ridge_predict");
    vem_matrix Ks[3], dual = get(&file, "in_dual"), deltas = get(&file, "in_deltas"), truth = get(&file, "in_Y_test");
    vem_matrix features[] = {get(&file, "in_X0"), get(&file, "in_X1"), get(&file, "in_X2")}, primal[3];
    vem_matrix joint = fresh(truth.rows, truth.columns), r2 = fresh(1, truth.columns), expected;
    int64_t count = get_stack(&file, "in_Ks_test", Ks), i;
    vem_matrix split = fresh(count * truth.rows, truth.columns);
    check(vem_predict(backend, Ks, count, &dual, &deltas, NULL, &joint, NULL), "vem_predict");
    expected = get(&file, "out_pred");
    compare("predictions", &joint, &expected, 1e-8, 0);
    check(vem_predict_split(backend, Ks, count, &dual, &deltas, &split, NULL), "vem_predict_split");
    expected = describe(npz_get(&file, "out_pred_split").values, VEM_FLOAT64, split.rows, split.columns);
    compare("split predictions", &split, &expected, 1e-8, 0);
    check(vem_predict_and_score(backend, Ks, count, &dual, &deltas, &truth, &r2, NULL, NULL, NULL),
        "vem_predict_and_score");
    expected = get(&file, "out_r2");
    compare("predictions: r2", &r2, &expected, 1e-8, 0);
    for (i = 0; i < count; ++i)
        primal[i] = fresh(features[i].columns, dual.columns);
    check(vem_primal_weights(backend, &dual, &deltas, features, count, primal, NULL), "vem_primal_weights");
    for (i = 0; i < count; ++i) {
        char name[] = "out_primal0";
        name[10] = (char)('0' + i);
        expected = get(&file, name);
        compare(name, &primal[i], &expected, 1e-8, 0);
    }
}

static void scores(void)
{
    npz_file file = open_case("scoring");
    static const struct {
        int32_t kind;
        const char *name;
    } kinds[] = {
        {VEM_SCORE_NEGATIVE_SQUARED_ERROR, "out_l2"}, {VEM_SCORE_R2, "out_r2"}, {VEM_SCORE_CORRELATION, "out_corr"}};
    vem_matrix truth = get(&file, "in_Y"), parts[4], expected;
    int64_t spaces = get_stack(&file, "in_P", parts), i;
    int k;
    vem_matrix stacked = describe(parts[0].data, VEM_FLOAT64, spaces * truth.rows, truth.columns),
               found = fresh(spaces, truth.columns);
    for (k = 0; k < 3; ++k) {
        for (i = 0; i < spaces; ++i) {
            vem_matrix row = describe((double *)found.data + i * truth.columns, VEM_FLOAT64, 1, truth.columns);
            check(vem_score_predictions(backend, kinds[k].kind, &truth, &parts[i], &row), "vem_score_predictions");
        }
        expected = get(&file, kinds[k].name);
        compare(kinds[k].name, &found, &expected, 1e-8, 0);
    }
    check(vem_r2_split(backend, &truth, &stacked, spaces, 1, &found), "vem_r2_split");
    expected = get(&file, "out_r2_split");
    compare("r2 split", &found, &expected, 1e-8, 0);
    check(vem_r2_split(backend, &truth, &stacked, spaces, 0, &found), "vem_r2_split");
    expected = get(&file, "out_r2_split_no_corr");
    compare("r2 split without correlations", &found, &expected, 1e-8, 0);
    check(vem_r2_split_relative_weights(backend, &truth, &stacked, spaces, &found), "vem_r2_split_relative_weights");
    expected = get(&file, "out_r2_split_svd");
    compare("r2 split by relative weights", &found, &expected, 1e-8, 0);
    check(vem_correlation_split(backend, &truth, &stacked, spaces, &found), "vem_correlation_split");
    expected = get(&file, "out_corr_split");
    compare("correlation split", &found, &expected, 1e-8, 0);
}

static void kernels(void)
{
    npz_file file = open_case("kernels");
    static const struct {
        const char *name;
        double gamma, coef0;
    } kinds[] = {{"linear", NAN, 1}, {"poly", 0.2, 1}, {"rbf", 0.1, 1}, {"sigmoid", 0.05, 0.5}, {"cosine", NAN, 1}};
    vem_matrix A = get(&file, "in_A"), B = get(&file, "in_B"), K = fresh(A.rows, B.rows), expected;
    vem_matrix train = fresh(A.rows, A.rows), test = fresh(B.rows, A.rows), means = fresh(1, A.rows);
    int i;
    for (i = 0; i < 5; ++i) {
        char name[32];
        vem_kernel_parameters parameters;
        check(vem_kernel_parameters_init(&parameters, sizeof parameters), "init");
        parameters.gamma = kinds[i].gamma;
        parameters.coef0 = kinds[i].coef0;
        check(vem_pairwise_kernel(backend, kinds[i].name, &parameters, &A, &B, &K, NULL), "vem_pairwise_kernel");
        snprintf(name, sizeof name, "out_%s", kinds[i].name);
        expected = get(&file, name);
        compare(name, &K, &expected, 1e-8, 0);
    }
    check(vem_pairwise_kernel(backend, "linear", NULL, &A, NULL, &train, NULL), "vem_pairwise_kernel");
    check(vem_pairwise_kernel(backend, "linear", NULL, &B, &A, &test, NULL), "vem_pairwise_kernel");
    check(vem_kernel_means(backend, &train, &means), "vem_kernel_means");
    check(vem_kernel_centre(backend, &means, &train), "vem_kernel_centre");
    check(vem_kernel_centre(backend, &means, &test), "vem_kernel_centre");
    expected = get(&file, "out_centered_train");
    compare("centred kernel", &train, &expected, 1e-8, 0);
    expected = get(&file, "out_centered_test");
    compare("centred kernel of new samples", &test, &expected, 1e-8, 0);
}

static void lipschitz(void)
{
    npz_file file = open_case("lipschitz");
    vem_matrix Ks[3], found = fresh(1, 3), expected;
    int64_t count = get_stack(&file, "in_Ks", Ks);
    check(vem_lipschitz_constants(backend, Ks, count, VEM_LIPSCHITZ_XTX, 3, found.data), "vem_lipschitz_constants");
    expected = get(&file, "out_XTX");
    compare("Lipschitz constants", &found, &expected, 1e-8, 0);
}

static void candidates(void)
{
    npz_file file = open_case("dirichlet_5_4");
    const double concentration = 1;
    vem_matrix expected = get(&file, "out_gammas"), gammas = fresh(expected.rows, expected.columns);
    check(vem_dirichlet_samples(&concentration, 1, 5, &gammas), "vem_dirichlet_samples");
    compare("Dirichlet samples", &gammas, &expected, 1e-12, 0);
}

int main(int argc, char **argv)
{
    if (argc < 2)
        return 1;
    folder = argv[1];
    check(vem_backend_create(argc > 2 ? argv[2] : "simd", 0, &backend), "vem_backend_create");
    ridge();
    ridge_cv();
    banded_ridge();
    kernel_ridge();
    kernel_ridge_cv();
    weighted_kernel_ridge();
    multiple_kernel_ridge();
    hyper_gradient();
    lasso();
    lasso_cv();
    predictions();
    scores();
    kernels();
    lipschitz();
    candidates();
    check(vem_backend_free(backend), "vem_backend_free");
    printf("%d arrays as the reference has them\n", compared);
    return 0;
}
