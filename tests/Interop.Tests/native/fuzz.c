/* Calls of every function with arguments that are mostly wrong: sizes, strides, types, nulls, handles that were freed
 * or are of another kind, structure sizes, values, outputs that overlap. Every call must return a status, with a text
 * where it is not VEM_OK; that the process lives to its end is the test, and that every function succeeded and failed
 * at least once where the time is enough for that.
 *
 *     fuzz SECONDS SEED
 *
 * What is wrong is such that a library can know it: addresses point into one large block of memory, from whose middle
 * no size and stride used here leads outside. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "vemkernels.h"

enum { BLOCK = 1 << 20, MIDDLE = BLOCK / 2, FUNCTIONS = 41 };

static uint64_t state;
static double *block;

static uint32_t next(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 16);
}

static int one_in(int n) { return next() % (uint32_t)n == 0; }

/* Now and then a call with nothing wrong at all. */
static int calm;
static int wrong_in(int n) { return !calm && one_in(n); }

static int64_t odd_number(void)
{
    static const int64_t numbers[] = {-1, 0, 1, 2, 3, 17, INT64_MAX, INT64_MIN, INT64_MAX / 2, -20};
    return numbers[next() % (sizeof numbers / sizeof *numbers)];
}

static int32_t odd_int(void)
{
    static const int32_t numbers[] = {-1, 0, 1, 2, 3, 4, 99, INT32_MAX, INT32_MIN};
    return numbers[next() % (sizeof numbers / sizeof *numbers)];
}

/* Mostly a good matrix in a place of its own. */
static vem_matrix matrix(int64_t rows, int64_t columns, int32_t type)
{
    static int slot;
    vem_matrix m;
    memset(&m, 0, sizeof m);
    slot = (slot + 1) % 64;
    m.data = block + MIDDLE / 2 + slot * 8192;
    m.type = type;
    m.rows = rows;
    m.columns = columns;
    m.row_stride = columns;
    m.column_stride = 1;
    if (wrong_in(12))
        switch (next() % 10) {
        case 0: m.data = NULL; break;
        case 1: m.type = odd_int(); break;
        case 2: m.memory = odd_int(); break;
        case 3: m.rows = odd_number(); break;
        case 4: m.columns = odd_number(); break;
        case 5: m.row_stride = odd_number(); break;
        case 6: m.column_stride = odd_number(); break;
        case 7: m.reserved = odd_number(); break;
        case 8: m.data = (char *)m.data + next() % 64; break;
        default: m.data = block + MIDDLE / 2; break;
        }
    return m;
}

/* Now and then a structure says that it has another size. */
static void spoil(void *structure)
{
    if (wrong_in(15))
        *(int64_t *)structure = odd_number();
}

static int is_plain(const vem_matrix *m)
{
    return m->data != NULL && m->memory == VEM_HOST && m->rows > 0 && m->rows < 32 && m->columns > 0 &&
           m->columns < 32 && m->row_stride == m->columns && m->column_stride == 1 &&
           (m->type == VEM_FLOAT32 || m->type == VEM_FLOAT64) && (uintptr_t)m->data % 8 == 0;
}

/* Numbers that a kernel could have: symmetric, the diagonal far above the rest. */
static void make_kernel(vem_matrix *m)
{
    int64_t i, j;
    for (i = 0; is_plain(m) && i < m->rows; ++i)
        for (j = 0; j < m->columns; ++j) {
            double value = i == j ? 20 + (double)i : 1.0 / (double)(1 + i + j);
            if (m->type == VEM_FLOAT32)
                ((float *)m->data)[i * m->columns + j] = (float)value;
            else
                ((double *)m->data)[i * m->columns + j] = value;
        }
}

static void make_positive(vem_matrix *m)
{
    int64_t i;
    for (i = 0; is_plain(m) && m->type == VEM_FLOAT64 && i < m->rows * m->columns; ++i)
        ((double *)m->data)[i] = 0.1 + 0.1 * (double)i;
}

static const double *list(int64_t *count)
{
    if (calm) { /* alphas that are positive */
        *count = 0;
        return NULL;
    }
    *count = wrong_in(10) ? odd_number() : (int64_t)(next() % 4);
    if (*count > 1000)
        *count = 1000;
    return wrong_in(20) ? NULL : block + MIDDLE / 4;
}

static void fill(void)
{
    int i;
    for (i = 0; i < BLOCK; ++i)
        block[i] = (double)(int32_t)next() / INT32_MAX;
    if (one_in(4))
        for (i = 0; i < 50; ++i)
            block[next() % BLOCK] = one_in(2) ? NAN : one_in(2) ? INFINITY : 1e-310;
}

static int32_t score(void *user, const vem_matrix *truth, const vem_matrix *predictions, double *scores)
{
    int64_t j;
    (void)user;
    (void)predictions;
    for (j = 0; j < truth->columns; ++j)
        scores[j] = one_in(50) ? NAN : ((double *)truth->data)[j];
    return one_in(20);
}

static int32_t progress(void *user, const char *stage, double fraction)
{
    (void)user;
    (void)stage;
    (void)fraction;
    return one_in(40);
}

int main(int argc, char **argv)
{
    const double seconds = argc > 1 ? atof(argv[1]) : 5;
    const time_t end = time(NULL) + (time_t)seconds;
    long calls = 0, done[FUNCTIONS] = {0}, refused[FUNCTIONS] = {0};
    vem_backend good, backend, freed;
    vem_cancellation flag, gone;
    int which;
    state = argc > 2 ? strtoull(argv[2], NULL, 10) * 2654435761u + 1 : 88172645463325252u;
    block = malloc(BLOCK * sizeof *block);
    if (block == NULL || vem_backend_create("simd", 2, &good) != VEM_OK ||
        vem_backend_create("simd", 1, &freed) != VEM_OK || vem_backend_free(freed) != VEM_OK ||
        vem_cancellation_create(&flag) != VEM_OK || vem_cancellation_create(&gone) != VEM_OK ||
        vem_cancellation_free(gone) != VEM_OK)
        return 1;
    fill();

    while (time(NULL) < end) {
        calm = one_in(4);
        const int64_t n = 4 + next() % 9, p = 1 + next() % 6, t = 1 + next() % 9, c = 1 + next() % 4;
        const int32_t type = one_in(2) ? VEM_FLOAT32 : VEM_FLOAT64;
        int64_t train[64], train_ends[4], validation[64], validation_ends[4], i, k, a = 0, b = 0;
        for (k = 0; k < 3; ++k) {
            for (i = 0; i < n; ++i) {
                int64_t sample = wrong_in(200) ? odd_number() : i;
                if (i % 3 == k)
                    validation[b++] = sample;
                else
                    train[a++] = sample;
            }
            train_ends[k] = wrong_in(50) ? (int64_t)(next() % 40) : a;
            validation_ends[k] = wrong_in(50) ? (int64_t)(next() % 20) : b;
        }
        vem_splits splits = {sizeof splits, 3, train, train_ends, validation, validation_ends};
        vem_matrix spaces[2] = {matrix(n, p, type), matrix(n, 2, type)};
        vem_matrix kernels[2] = {matrix(n, n, type), matrix(n, n, type)};
        vem_matrix y = matrix(n, t, type), gammas = matrix(c, 2, VEM_FLOAT64), w = matrix(p, t, type),
                   dual = matrix(n, t, type);
        vem_matrix deltas = matrix(2, t, type), row = matrix(1, t, type), other = matrix(1, t, type),
                   wide = matrix(1, t, VEM_FLOAT64);
        vem_call call = {sizeof call,
            wrong_in(20)   ? next()
            : wrong_in(20) ? good
            : wrong_in(20) ? gone
            : one_in(2)    ? flag
                           : 0,
            wrong_in(3) ? progress : NULL, NULL};
        int32_t integers[64], status = VEM_OK;
        vem_random_search_options options;
        vem_random_search_results results;
        vem_ridge_options ridge;
        vem_sparse_group_lasso_options lasso;
        vem_sparse_group_lasso_results found;
        vem_hyper_gradient_options descent;
        vem_hyper_gradient_results descended;
        vem_random_search_options_init(&options, sizeof options);
        vem_random_search_results_init(&results, sizeof results);
        vem_ridge_options_init(&ridge, sizeof ridge);
        vem_sparse_group_lasso_options_init(&lasso, sizeof lasso);
        vem_sparse_group_lasso_results_init(&found, sizeof found);
        vem_hyper_gradient_options_init(&descent, sizeof descent);
        vem_hyper_gradient_results_init(&descended, sizeof descended);
        options.alphas = list(&options.alphas_count);
        ridge.alphas = list(&ridge.alphas_count);
        lasso.max_iterations = 20;
        if (wrong_in(4))
            options.score_function = score;
        if (one_in(3) && one_in(2))
            results.dual_weights = dual;
        if (wrong_in(6))
            results.primal_weights = w;
        if (wrong_in(4))
            results.intercept = other;
        if (wrong_in(4))
            results.best_candidates = wrong_in(6) ? (int32_t *)row.data : integers;
        if (wrong_in(6))
            (&options.score)[next() % 10] = odd_int();
        if (wrong_in(6))
            (&ridge.solver)[next() % 4] = odd_int();
        if (wrong_in(6))
            (&lasso.momentum)[next() % 7] = odd_int();
        if (wrong_in(6))
            (&descent.method)[next() % 6] = odd_int();
        results.deltas = deltas;
        results.best_alphas = row;
        found.weights = w;
        descended.deltas = deltas;
        spoil(&splits);
        spoil(&options);
        spoil(&results);
        spoil(&ridge);
        spoil(&lasso);
        spoil(&descent);
        spoil(&call);
        backend = wrong_in(60) ? ((uint64_t)next() << 32 | next()) : wrong_in(60) ? freed : wrong_in(60) ? flag : good;
        if (wrong_in(15)) /* an output on an input, or on another output */
            switch (next() % 4) {
            case 0: w.data = spaces[0].data; break;
            case 1: row.data = deltas.data; break;
            case 2: dual.data = (char *)y.data + 8 * (next() % 4); break;
            default: kernels[1].data = kernels[0].data; break;
            }
        vem_matrix stacked = matrix(2 * n, t, type), split = matrix(2, t, type),
                   primal[2] = {matrix(p, t, type), matrix(2, t, type)};
        vem_matrix means = matrix(1, n, VEM_FLOAT64), product = matrix(n, t, type), delayed = matrix(n, 2 * p, type);
        vem_matrix square = matrix(n, n, type), U = matrix(n, n < p ? n : p, type), s = matrix(1, n < p ? n : p, type);
        vem_matrix Vt = matrix(n < p ? n : p, p, type), column_values = matrix(1, n, type);
        const int32_t shifts[32] = {wrong_in(9) ? odd_int() : 1, wrong_in(9) ? odd_int() : -2};
        int32_t labels[64];
        double constants[4];
        vem_matrix means_square = matrix(2, 2, VEM_FLOAT64);
        for (i = 0; i < n; ++i)
            labels[i] = i < n / 2 ? 3 : wrong_in(30) ? odd_int() : 5;
        for (k = 0; k < 2; ++k)
            if (!wrong_in(4))
                make_kernel(&kernels[k]);
        if (!wrong_in(4))
            make_kernel(&square);
        if (!wrong_in(4))
            make_positive(&gammas);
        const int64_t one = wrong_in(9) ? odd_number() : 1, two = wrong_in(15) ? one_in(2) ? -1 : 0 : 2;
        /* At most an entry a row, so that the lists end with it. */
        int32_t pointers[64], sparse_columns[64];
        for (i = 0; i < 64; ++i) {
            pointers[i] = wrong_in(200) ? odd_int() : (int32_t)i;
            sparse_columns[i] = wrong_in(200) ? odd_int() : (int32_t)(next() % (uint32_t)p);
        }
        vem_csr sparse = {sizeof sparse, wrong_in(40) ? odd_number() % 20 : n, wrong_in(40) ? odd_number() : p,
            wrong_in(40) ? odd_number() % 20 : n, wrong_in(40) ? NULL : block, wrong_in(40) ? NULL : sparse_columns,
            wrong_in(40) ? NULL : pointers, wrong_in(40) ? odd_int() : type, wrong_in(40) ? odd_int() : 0};
        spoil(&sparse);
#define MAYBE(x) (wrong_in(30) ? NULL : &(x))
        which = (int)(next() % FUNCTIONS);
        switch (which) {
        case 0:
            status =
                vem_ridge(backend, MAYBE(spaces[0]), MAYBE(y), MAYBE(ridge), MAYBE(w), NULL, integers, MAYBE(call));
            break;
        case 1:
            status = vem_banded_ridge(backend, spaces, two, MAYBE(y), MAYBE(gammas), MAYBE(splits), MAYBE(options),
                MAYBE(results), MAYBE(call));
            break;
        case 2:
            status = vem_multiple_kernel_ridge(backend, kernels, two, MAYBE(y), MAYBE(gammas), MAYBE(splits),
                MAYBE(options), one_in(3) ? spaces : NULL, MAYBE(results), MAYBE(call));
            break;
        case 3:
            status = vem_kernel_ridge(backend, MAYBE(kernels[0]), MAYBE(y), NULL, wrong_in(5) ? &product : NULL,
                MAYBE(dual), NULL, NULL, MAYBE(call));
            break;
        case 4:
            status = vem_weighted_kernel_ridge(
                backend, kernels, two, MAYBE(y), MAYBE(deltas), NULL, NULL, MAYBE(dual), NULL, integers, MAYBE(call));
            break;
        case 5:
            status = vem_sparse_group_lasso(
                backend, MAYBE(spaces[0]), MAYBE(y), MAYBE(lasso), NULL, MAYBE(found), MAYBE(call));
            break;
        case 6:
            status = vem_hyper_gradient(backend, kernels, two, MAYBE(y), MAYBE(splits), MAYBE(descent), NULL, NULL,
                NULL, MAYBE(descended), MAYBE(call));
            break;
        case 7:
            status = vem_predict(
                backend, kernels, two, MAYBE(dual), MAYBE(deltas), one_in(2) ? NULL : &row, MAYBE(y), MAYBE(call));
            break;
        case 8:
            status = vem_predict_and_score(backend, kernels, two, MAYBE(dual), MAYBE(deltas), MAYBE(y), MAYBE(row),
                MAYBE(other), NULL, MAYBE(call));
            break;
        case 9:
            status = vem_pairwise_kernel(backend,
                wrong_in(10) ? NULL
                : one_in(2)  ? "rbf"
                             : "sigmoid",
                NULL, MAYBE(spaces[0]), NULL, MAYBE(kernels[1]), MAYBE(call));
            break;
        case 10:
            status = vem_score_predictions(backend, wrong_in(5) ? odd_int() : 1, MAYBE(y), MAYBE(dual), MAYBE(row));
            break;
        case 11: status = vem_dirichlet_samples(NULL, 0, wrong_in(3) ? odd_number() : 3, MAYBE(gammas)); break;
        case 12:
            status = vem_symmetric_eigen(backend, MAYBE(kernels[0]), MAYBE(column_values), one, MAYBE(call));
            break;
        case 13: status = vem_svd(backend, MAYBE(spaces[0]), MAYBE(U), MAYBE(s), MAYBE(Vt), one, MAYBE(call)); break;
        case 14: status = vem_cholesky(backend, MAYBE(kernels[0]), one, MAYBE(call)); break;
        case 15:
            status = vem_explainable_variance(
                kernels, wrong_in(5) ? 1 : 2, wrong_in(5) ? odd_int() : 1, 1, 0, MAYBE(column_values), MAYBE(call));
            break;
        case 16:
            results.deltas.rows = 1;
            status = vem_ridge_cv(
                backend, MAYBE(spaces[0]), MAYBE(y), MAYBE(splits), MAYBE(options), MAYBE(results), MAYBE(call));
            break;
        case 17:
            results.deltas.rows = 1;
            status = vem_kernel_ridge_cv(
                backend, MAYBE(kernels[0]), MAYBE(y), MAYBE(splits), MAYBE(options), MAYBE(results), MAYBE(call));
            break;
        case 18:
            found.cv_scores = matrix(1, t, type);
            status = vem_sparse_group_lasso_cv(
                backend, MAYBE(spaces[0]), MAYBE(y), MAYBE(splits), MAYBE(lasso), MAYBE(found), MAYBE(call));
            break;
        case 19:
            status = vem_predict_split(backend, kernels, two, MAYBE(dual), MAYBE(deltas), MAYBE(stacked), MAYBE(call));
            break;
        case 20:
            status = vem_predict_primal(backend, MAYBE(spaces[0]), MAYBE(w), NULL, MAYBE(product), MAYBE(call));
            break;
        case 21:
            status = vem_predict_and_score_custom(backend, kernels, two, MAYBE(dual), MAYBE(deltas), NULL, MAYBE(y),
                wrong_in(20) ? NULL : score, NULL, MAYBE(wide), MAYBE(call));
            break;
        case 22:
            status = vem_primal_weights(backend, MAYBE(dual), MAYBE(deltas), spaces, two, primal, MAYBE(call));
            break;
        case 23: status = vem_kernel_means(backend, MAYBE(kernels[0]), MAYBE(means)); break;
        case 24: status = vem_kernel_centre(backend, MAYBE(means), MAYBE(kernels[0])); break;
        case 25:
            status = vem_r2_split(backend, MAYBE(y), MAYBE(stacked), two, wrong_in(9) ? odd_int() : 1, MAYBE(split));
            break;
        case 26: status = vem_r2_split_relative_weights(backend, MAYBE(y), MAYBE(stacked), two, MAYBE(split)); break;
        case 27: status = vem_correlation_split(backend, MAYBE(y), MAYBE(stacked), two, MAYBE(split)); break;
        case 28:
            status = vem_lipschitz_constants(backend, kernels, two, wrong_in(9) ? odd_int() : 0,
                wrong_in(9) ? odd_number() : 0, wrong_in(30) ? NULL : constants);
            break;
        case 29:
            status = vem_delays(
                MAYBE(spaces[0]), shifts, wrong_in(15) ? odd_number() : 2, one_in(3) ? NULL : labels, MAYBE(delayed));
            break;
        case 30: status = vem_zscore_runs(MAYBE(y), one_in(3) ? NULL : labels); break;
        case 31:
            status = vem_noise_ceiling(
                MAYBE(row), wrong_in(5) ? odd_number() : 4, wrong_in(5) ? odd_int() : 1, MAYBE(other));
            break;
        case 32:
            status = vem_gemm(
                backend, 0.5, MAYBE(kernels[0]), MAYBE(y), one_in(2) ? 0 : 2, MAYBE(product), one, MAYBE(call));
            break;
        case 33: status = vem_cholesky_inverse(backend, MAYBE(square), one, MAYBE(call)); break;
        case 34:
            status = vem_tikhonov_kernel(
                backend, one_in(2) ? NULL : &gammas, NULL, MAYBE(spaces[0]), NULL, MAYBE(square));
            break;
        case 35:
            status = vem_tikhonov_weights(
                backend, NULL, one_in(2) ? NULL : &gammas, MAYBE(y), MAYBE(dual), MAYBE(call));
            break;
        case 36:
            status = one_in(2)
                ? vem_smoothness_covariance(
                      backend, wrong_in(4) ? odd_int() : 1, wrong_in(4) ? -1 : 0.5, MAYBE(means_square))
                : vem_haemodynamic_covariance(
                      backend, shifts, wrong_in(4) ? odd_number() : 2, wrong_in(4) ? NAN : 2, 0.1, MAYBE(means_square));
            break;
        case 37: {
            const vem_csr *other = one_in(2) ? NULL : &sparse;
            if (one_in(2))
                status = vem_csr_kernel(MAYBE(sparse), other, MAYBE(square), MAYBE(call));
            else
                status = vem_csr_dense_kernel(MAYBE(sparse), MAYBE(spaces[0]), MAYBE(square), MAYBE(call));
            break;
        }
        case 38: status = vem_csr_primal_weights(MAYBE(sparse), MAYBE(dual), MAYBE(w), MAYBE(call)); break;
        case 39: {
            static int64_t lists[4][400];
            int64_t *given[4];
            for (k = 0; k < 4; ++k)
                given[k] = wrong_in(20) ? NULL : lists[wrong_in(20) ? 0 : k];
            if (one_in(2))
                status = vem_k_fold(wrong_in(6) ? odd_number() : n, wrong_in(9) ? odd_number() : 3,
                    wrong_in(9) ? odd_number() : -1, given[0], given[1], given[2], given[3]);
            else if (one_in(2))
                status = vem_leave_one_run_out(
                    wrong_in(9) ? NULL : labels, wrong_in(9) ? 1 : n, given[0], given[1], given[2], given[3]);
            else
                status = vem_leave_runs_out(wrong_in(9) ? NULL : labels, n, wrong_in(4) ? odd_number() : 1,
                    wrong_in(4) ? odd_number() : 0, given[0], given[1], given[2], given[3]);
            break;
        }
        default: {
            static const char *ids[] = {"simd", "", "simd:0", "opencl:-1", "opencl:x", "nothing", "\xff\xfe"};
            vem_backend_information information;
            vem_backend_handles handles;
            vem_backend made = 0;
            int64_t needed;
            information.size = wrong_in(4) ? odd_number() : (int64_t)sizeof information;
            handles.size = wrong_in(4) ? odd_number() : (int64_t)sizeof handles;
            status =
                one_in(2) ? vem_backend_info(backend, MAYBE(information)) : vem_backend_native(backend, MAYBE(handles));
            if (wrong_in(4) && vem_backend_create(wrong_in(9) ? NULL : ids[next() % 7],
                                   wrong_in(5) ? odd_int() % 64 : 1, MAYBE(made)) == VEM_OK) {
                vem_backend_free(made);
                if (vem_backend_free(made) != VEM_INVALID_HANDLE)
                    return 5;
            }
            vem_backend_list(
                one_in(2) ? NULL : (char *)labels, one_in(2) ? 0 : (int64_t)(next() % sizeof labels), MAYBE(needed));
            vem_cancellation_cancel(one_in(2) ? gone : next());
            vem_cancellation_free(one_in(2) ? gone : good);
            vem_random_search_options_init(MAYBE(options), odd_number());
            vem_hyper_gradient_results_init(MAYBE(descended), odd_number());
            break;
        }
        }
        ++calls;
        if (status < VEM_OK || status > VEM_INTERNAL) {
            fprintf(stderr, "status %d\n", status);
            return 2;
        }
        ++(status == VEM_OK ? done : refused)[which];
        if (status != VEM_OK && vem_last_error(NULL, 0) == 0) {
            fprintf(stderr, "function %d: status %d without a text\n", which, status);
            return 3;
        }
        if (calls % 500 == 0)
            fill();
    }
    for (which = 0; which < FUNCTIONS; ++which)
        if (getenv("VEM_FUZZ_COUNTS") != NULL)
            printf("function %d: %ld calls succeeded, %ld failed\n", which, done[which], refused[which]);
    for (which = 0; which < FUNCTIONS; ++which)
        if (calls > 2000 * FUNCTIONS && (done[which] == 0 || refused[which] == 0)) {
            fprintf(stderr, "function %d: %ld calls succeeded, %ld failed\n", which, done[which], refused[which]);
            return 4;
        }
    printf("%ld calls\n", calls);
    return calls > 0 ? 0 : 4;
}
