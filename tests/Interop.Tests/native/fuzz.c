/* Calls with arguments that are mostly wrong: sizes, strides, types, nulls, handles, structure sizes, values. Every call must return a
 * status, with a text where it is not VEM_OK; that the process lives to its end is the test.
 *
 *     fuzz SECONDS SEED
 *
 * What is wrong is such that a library can know it: addresses point into one large block of memory, from whose middle no size and
 * stride used here leads outside. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "vemkernels.h"

enum { BLOCK = 1 << 20, MIDDLE = BLOCK / 2 };

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
    if (one_in(12))
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
    if (one_in(15))
        *(int64_t *)structure = odd_number();
}

static const double *list(int64_t *count)
{
    *count = one_in(10) ? odd_number() : (int64_t)(next() % 4);
    if (*count > 1000)
        *count = 1000;
    return one_in(20) ? NULL : block + MIDDLE / 4;
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

int main(int argc, char **argv)
{
    const double seconds = argc > 1 ? atof(argv[1]) : 5;
    const time_t end = time(NULL) + (time_t)seconds;
    long calls = 0, succeeded = 0;
    vem_backend good, backend;
    state = argc > 2 ? strtoull(argv[2], NULL, 10) * 2654435761u + 1 : 88172645463325252u;
    block = malloc(BLOCK * sizeof *block);
    if (block == NULL || vem_backend_create("simd", 2, &good) != VEM_OK)
        return 1;
    fill();

    while (time(NULL) < end) {
        const int64_t n = 4 + next() % 9, p = 1 + next() % 6, t = 1 + next() % 9, c = 1 + next() % 4;
        const int32_t type = one_in(2) ? VEM_FLOAT32 : VEM_FLOAT64;
        int64_t train[64], train_ends[4], validation[64], validation_ends[4], i, k, a = 0, b = 0;
        for (k = 0; k < 3; ++k) {
            for (i = 0; i < n; ++i) {
                int64_t sample = one_in(200) ? odd_number() : i;
                if (i % 3 == k)
                    validation[b++] = sample;
                else
                    train[a++] = sample;
            }
            train_ends[k] = one_in(50) ? (int64_t)(next() % 40) : a;
            validation_ends[k] = one_in(50) ? (int64_t)(next() % 20) : b;
        }
        vem_splits splits = {sizeof splits, 3, train, train_ends, validation, validation_ends};
        vem_matrix spaces[2] = {matrix(n, p, type), matrix(n, 2, type)};
        vem_matrix kernels[2] = {matrix(n, n, type), matrix(n, n, type)};
        vem_matrix y = matrix(n, t, type), gammas = matrix(c, 2, VEM_FLOAT64), w = matrix(p, t, type), dual = matrix(n, t, type);
        vem_matrix deltas = matrix(2, t, type), row = matrix(1, t, type), other = matrix(1, t, type), wide = matrix(1, t, VEM_FLOAT64);
        vem_call call = {sizeof call, one_in(20) ? next() : 0, NULL, NULL};
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
        if (one_in(6))
            (&options.score)[next() % 10] = odd_int();
        if (one_in(6))
            (&ridge.solver)[next() % 4] = odd_int();
        if (one_in(6))
            (&lasso.momentum)[next() % 7] = odd_int();
        if (one_in(6))
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
        backend = one_in(20) ? ((uint64_t)next() << 32 | next()) : good;
#define MAYBE(x) (one_in(30) ? NULL : &(x))
        switch (next() % 16) {
        case 0: status = vem_ridge(backend, MAYBE(spaces[0]), MAYBE(y), MAYBE(ridge), MAYBE(w), NULL, integers, MAYBE(call)); break;
        case 1: status = vem_banded_ridge(backend, spaces, one_in(30) ? -1 : 2, MAYBE(y), MAYBE(gammas), MAYBE(splits), MAYBE(options), MAYBE(results), MAYBE(call)); break;
        case 2: status = vem_multiple_kernel_ridge(backend, kernels, one_in(30) ? 0 : 2, MAYBE(y), MAYBE(gammas), MAYBE(splits), MAYBE(options), NULL, MAYBE(results), MAYBE(call)); break;
        case 3: status = vem_kernel_ridge(backend, MAYBE(kernels[0]), MAYBE(y), NULL, NULL, MAYBE(dual), NULL, NULL, MAYBE(call)); break;
        case 4: status = vem_weighted_kernel_ridge(backend, kernels, 2, MAYBE(y), MAYBE(deltas), NULL, NULL, MAYBE(dual), NULL, integers, MAYBE(call)); break;
        case 5: status = vem_sparse_group_lasso(backend, MAYBE(spaces[0]), MAYBE(y), MAYBE(lasso), NULL, MAYBE(found), MAYBE(call)); break;
        case 6: status = vem_hyper_gradient(backend, kernels, 2, MAYBE(y), MAYBE(splits), MAYBE(descent), NULL, NULL, NULL, MAYBE(descended), MAYBE(call)); break;
        case 7: status = vem_predict(backend, kernels, 2, MAYBE(dual), MAYBE(deltas), one_in(2) ? NULL : &row, MAYBE(y), MAYBE(call)); break;
        case 8: status = vem_predict_and_score(backend, kernels, 2, MAYBE(dual), MAYBE(deltas), MAYBE(y), MAYBE(row), MAYBE(other), NULL, MAYBE(call)); break;
        case 9: status = vem_pairwise_kernel(backend, one_in(10) ? NULL : one_in(2) ? "rbf" : "sigmoid", NULL, MAYBE(spaces[0]), NULL, MAYBE(kernels[1]), MAYBE(call)); break;
        case 10: status = vem_score_predictions(backend, one_in(5) ? odd_int() : 1, MAYBE(y), MAYBE(dual), MAYBE(row)); break;
        case 11: status = vem_dirichlet_samples(NULL, 0, one_in(3) ? odd_number() : 3, MAYBE(gammas)); break;
        case 12: status = vem_symmetric_eigen(backend, MAYBE(kernels[0]), MAYBE(row), one_in(3) ? odd_number() : 1, MAYBE(call)); break;
        case 13: status = vem_svd(backend, MAYBE(spaces[0]), MAYBE(dual), MAYBE(row), MAYBE(w), one_in(3) ? odd_number() : 1, MAYBE(call)); break;
        case 14: status = vem_cholesky(backend, MAYBE(kernels[0]), one_in(3) ? odd_number() : 1, MAYBE(call)); break;
        default: status = vem_explainable_variance(kernels, one_in(5) ? 1 : 2, one_in(5) ? odd_int() : 1, 1, 0, MAYBE(wide), MAYBE(call)); break;
        }
        ++calls;
        if (status < VEM_OK || status > VEM_INTERNAL) {
            fprintf(stderr, "status %d\n", status);
            return 2;
        }
        if (status == VEM_OK)
            ++succeeded;
        else if (vem_last_error(NULL, 0) == 0) {
            fprintf(stderr, "status %d without a text\n", status);
            return 3;
        }
        if (calls % 500 == 0)
            fill();
    }
    printf("%ld calls, %ld succeeded\n", calls, succeeded);
    return succeeded > 0 && succeeded < calls ? 0 : 4;
}
