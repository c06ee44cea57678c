/* What the tests of device memory have in common: one problem, and every solver family on it with its inputs wherever
 * they lie. */
#ifndef DEVICE_H
#define DEVICE_H

#include <math.h>

#include "common.h"

enum { SAMPLES = 40, FEATURES = 7, TARGETS = 60, SPACES = 2, FOLDS = 4, CANDIDATES = 3, MATRICES = 10, FAMILIES = 15 };

typedef struct problem {
    vem_matrix X[SPACES], K[SPACES], Y, dual, primal; /* inputs */
} problem;

typedef struct outcome {
    float values[FAMILIES][SAMPLES * TARGETS];
} outcome;

static float host_X[SPACES][SAMPLES * FEATURES], host_K[SPACES][SAMPLES * SAMPLES], host_Y[SAMPLES * TARGETS];
static float host_dual[SAMPLES * TARGETS], host_primal[FEATURES * TARGETS];
static double gammas[CANDIDATES * SPACES] = {0.5, 0.5, 0.9, 0.1, 0.1, 0.9};
static float deltas[SPACES] = {-0.5f, 0.25f};

static problem host_problem(void)
{
    problem p;
    int s, i, j, k;
    for (s = 0; s < SPACES; ++s) {
        for (i = 0; i < SAMPLES * FEATURES; ++i)
            host_X[s][i] = draw();
        for (i = 0; i < SAMPLES; ++i)
            for (j = 0; j < SAMPLES; ++j) {
                double sum = 0;
                for (k = 0; k < FEATURES; ++k)
                    sum += (double)host_X[s][i * FEATURES + k] * host_X[s][j * FEATURES + k];
                host_K[s][i * SAMPLES + j] = (float)sum;
            }
        p.X[s] = describe(host_X[s], VEM_FLOAT32, SAMPLES, FEATURES);
        p.K[s] = describe(host_K[s], VEM_FLOAT32, SAMPLES, SAMPLES);
    }
    for (i = 0; i < SAMPLES * TARGETS; ++i) {
        host_Y[i] = host_X[0][i / TARGETS * FEATURES + i % FEATURES] + 0.5f * draw();
        host_dual[i] = draw();
    }
    for (i = 0; i < FEATURES * TARGETS; ++i)
        host_primal[i] = draw();
    p.Y = describe(host_Y, VEM_FLOAT32, SAMPLES, TARGETS);
    p.dual = describe(host_dual, VEM_FLOAT32, SAMPLES, TARGETS);
    p.primal = describe(host_primal, VEM_FLOAT32, FEATURES, TARGETS);
    return p;
}

static vem_splits folds(void)
{
    static int64_t train[FOLDS * SAMPLES], train_ends[FOLDS], validation[SAMPLES], validation_ends[FOLDS];
    vem_splits splits = {sizeof splits, FOLDS, train, train_ends, validation, validation_ends};
    int64_t a = 0, b = 0, k, i;
    for (k = 0; k < FOLDS; ++k) {
        for (i = 0; i < SAMPLES; ++i)
            if (i % FOLDS == k)
                validation[b++] = i;
            else
                train[a++] = i;
        train_ends[k] = a;
        validation_ends[k] = b;
    }
    return splits;
}

/* Everything that takes large inputs, to the host's memory. */
static void run_all(vem_backend backend, const problem *p, outcome *out)
{
    static const double grid[] = {0.1, 1, 10};
    vem_splits splits = folds();
    vem_matrix candidates = describe(gammas, VEM_FLOAT64, CANDIDATES, SPACES),
               logs = describe(deltas, VEM_FLOAT32, SPACES, 1);
    vem_matrix candidate = describe(gammas, VEM_FLOAT64, 1, SPACES);
    vem_random_search_options search;
    vem_random_search_results found;
    vem_hyper_gradient_options descent;
    vem_hyper_gradient_results descended;
    vem_sparse_group_lasso_options lasso;
    vem_sparse_group_lasso_results sparse;
    int f = 0;
    memset(out, 0, sizeof *out);
#define OUT(rows, columns) describe(out->values[f++], VEM_FLOAT32, rows, columns)
    check(vem_random_search_options_init(&search, sizeof search), "init");
    search.alphas = grid;
    search.alphas_count = 3;

    vem_matrix w = OUT(FEATURES, TARGETS);
    check(vem_ridge(backend, &p->X[0], &p->Y, NULL, &w, NULL, NULL, NULL), "vem_ridge");

    check(vem_random_search_results_init(&found, sizeof found), "init");
    found.primal_weights = OUT(FEATURES, TARGETS);
    check(vem_ridge_cv(backend, &p->X[0], &p->Y, &splits, &search, &found, NULL), "vem_ridge_cv");

    /* with an intercept: responses are centred in a copy */
    check(vem_random_search_results_init(&found, sizeof found), "init");
    found.dual_weights = OUT(SAMPLES, TARGETS);
    found.intercept = OUT(1, TARGETS);
    search.fit_intercept = 1;
    check(vem_banded_ridge(backend, p->X, SPACES, &p->Y, &candidates, &splits, &search, &found, NULL),
        "vem_banded_ridge");
    search.fit_intercept = 0;

    w = OUT(SAMPLES, TARGETS);
    check(vem_kernel_ridge(backend, &p->K[0], &p->Y, NULL, NULL, &w, NULL, NULL, NULL), "vem_kernel_ridge");

    check(vem_random_search_results_init(&found, sizeof found), "init");
    found.dual_weights = OUT(SAMPLES, TARGETS);
    check(vem_kernel_ridge_cv(backend, &p->K[0], &p->Y, &splits, &search, &found, NULL), "vem_kernel_ridge_cv");

    w = OUT(SAMPLES, TARGETS);
    check(vem_weighted_kernel_ridge(backend, p->K, SPACES, &p->Y, &logs, NULL, NULL, &w, NULL, NULL, NULL),
        "vem_weighted_kernel_ridge");

    check(vem_random_search_results_init(&found, sizeof found), "init");
    found.primal_weights = OUT(SPACES * FEATURES, TARGETS);
    check(vem_multiple_kernel_ridge(backend, p->K, SPACES, &p->Y, &candidate, &splits, &search, p->X, &found, NULL),
        "vem_multiple_kernel_ridge");

    check(vem_hyper_gradient_options_init(&descent, sizeof descent), "init");
    check(vem_hyper_gradient_results_init(&descended, sizeof descended), "init");
    descent.max_iterations = 2;
    descent.seed = 0;
    descended.primal_weights = OUT(SPACES * FEATURES, TARGETS);
    check(vem_hyper_gradient(backend, p->K, SPACES, &p->Y, &splits, &descent, NULL, NULL, p->X, &descended, NULL),
        "vem_hyper_gradient");

    check(vem_sparse_group_lasso_options_init(&lasso, sizeof lasso), "init");
    check(vem_sparse_group_lasso_results_init(&sparse, sizeof sparse), "init");
    lasso.max_iterations = 20;
    sparse.weights = OUT(FEATURES, TARGETS);
    check(vem_sparse_group_lasso(backend, &p->X[0], &p->Y, &lasso, NULL, &sparse, NULL), "vem_sparse_group_lasso");

    vem_matrix predicted = OUT(SAMPLES, TARGETS);
    check(vem_predict(backend, p->K, SPACES, &p->dual, &logs, NULL, &predicted, NULL), "vem_predict");

    vem_matrix primal = OUT(SAMPLES, TARGETS);
    check(vem_predict_primal(backend, &p->X[0], &p->primal, NULL, &primal, NULL), "vem_predict_primal");

    vem_matrix r2 = OUT(1, TARGETS);
    check(vem_predict_and_score(backend, p->K, SPACES, &p->dual, &logs, &p->Y, &r2, NULL, NULL, NULL),
        "vem_predict_and_score");

    vem_matrix score = OUT(1, TARGETS);
    check(vem_score_predictions(backend, VEM_SCORE_CORRELATION, &p->Y, &p->dual, &score), "vem_score_predictions");

    vem_matrix features[SPACES] = {OUT(FEATURES, TARGETS)};
    check(vem_primal_weights(backend, &p->dual, NULL, &p->X[0], 1, features, NULL), "vem_primal_weights");
#undef OUT
    require(f == FAMILIES, "the number of results");
}

static void compare(const outcome *there, const outcome *here)
{
    int f, i;
    for (f = 0; f < FAMILIES; ++f) {
        double sum = 0;
        for (i = 0; i < SAMPLES * TARGETS; ++i)
            sum += fabs(here->values[f][i]);
        require(sum > 0, "there are results");
        if (memcmp(there->values[f], here->values[f], sizeof there->values[f]) != 0) {
            fprintf(stderr, "result %d of inputs in device memory is another than of inputs in the host's\n", f);
            exit(1);
        }
    }
}

#endif
