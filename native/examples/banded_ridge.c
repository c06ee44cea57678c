/* Banded ridge on two feature spaces, its predictions, a cancelled fit, and a batch of eigendecompositions.
 *
 *     cc banded_ridge.c $(pkg-config --cflags --libs vemkernels) -lm -o banded_ridge && ./banded_ridge
 *
 * Exits with 0 where all is as it should be. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vemkernels.h"

enum { SAMPLES = 60, TEST = 20, FEATURES = 8, TARGETS = 30, SPACES = 2, CANDIDATES = 10, FOLDS = 5 };
enum { MATRICES = 100, ORDER = 6 };

static void check(int32_t status, const char *what)
{
    if (status != VEM_OK) {
        char text[1024];
        vem_last_error(text, sizeof text);
        fprintf(stderr, "%s: status %d: %s\n", what, status, text);
        exit(1);
    }
}

static void require(int condition, const char *what)
{
    if (!condition) {
        fprintf(stderr, "not as it should be: %s\n", what);
        exit(1);
    }
}

/* A row-major matrix of floats or doubles. */
static vem_matrix matrix(void *data, int32_t type, int64_t rows, int64_t columns)
{
    vem_matrix m;
    memset(&m, 0, sizeof m);
    m.data = data;
    m.type = type;
    m.rows = rows;
    m.columns = columns;
    m.row_stride = columns;
    m.column_stride = 1;
    return m;
}

/* Numbers that look random enough, the same everywhere. */
static float draw(void)
{
    static uint32_t state = 12345;
    state = state * 1664525u + 1013904223u;
    return (float)(state >> 8) / (1 << 23) - 1.0f;
}

static int32_t stop_at_once(void *user, const char *stage, double fraction)
{
    int *calls = user;
    (void)stage;
    (void)fraction;
    ++*calls;
    return 1;
}

int main(void)
{
    static float words[(SAMPLES + TEST) * FEATURES], motion[(SAMPLES + TEST) * FEATURES];
    static float responses[(SAMPLES + TEST) * TARGETS], predictions[TEST * TARGETS], r2[TARGETS];
    static float deltas[SPACES * TARGETS], alphas[TARGETS], weights[SPACES * FEATURES * TARGETS];
    static double gammas[CANDIDATES * SPACES], stack[MATRICES * ORDER * ORDER], eigenvalues[MATRICES * ORDER];
    static int64_t train[(FOLDS - 1) * SAMPLES], train_ends[FOLDS], validation[SAMPLES], validation_ends[FOLDS];
    int i, j, k, calls = 0;

    if (vem_abi_version() != VEM_ABI_VERSION) {
        fprintf(stderr, "the library is of ABI version %d, the header of %d\n", vem_abi_version(), VEM_ABI_VERSION);
        return 1;
    }

    /* Responses follow the words; motion is noise to them. */
    for (i = 0; i < (SAMPLES + TEST) * FEATURES; ++i) {
        words[i] = draw();
        motion[i] = draw();
    }
    for (i = 0; i < SAMPLES + TEST; ++i)
        for (j = 0; j < TARGETS; ++j) {
            responses[i * TARGETS + j] = 0.1f * draw();
            for (k = 0; k < FEATURES; ++k)
                responses[i * TARGETS + j] += words[i * FEATURES + k] * ((j + k) % 3 - 1);
        }

    check(vem_k_fold(SAMPLES, FOLDS, -1, train, train_ends, validation, validation_ends), "vem_k_fold");

    vem_backend backend;
    check(vem_backend_create("simd", 2, &backend), "vem_backend_create");
    vem_backend_information information;
    memset(&information, 0, sizeof information);
    information.size = sizeof information;
    check(vem_backend_info(backend, &information), "vem_backend_info");
    printf("vemkernels %s on %s (%s)\n", vem_version_string(), information.name, information.instruction_set);

    vem_matrix spaces[SPACES] = {
        matrix(words, VEM_FLOAT32, SAMPLES, FEATURES), matrix(motion, VEM_FLOAT32, SAMPLES, FEATURES)};
    vem_matrix targets = matrix(responses, VEM_FLOAT32, SAMPLES, TARGETS);
    vem_matrix candidates = matrix(gammas, VEM_FLOAT64, CANDIDATES, SPACES);
    vem_splits splits = {sizeof splits, FOLDS, train, train_ends, validation, validation_ends};
    const double grid[] = {0.1, 1, 10, 100};
    check(vem_dirichlet_samples(NULL, 0, 0, &candidates), "vem_dirichlet_samples");

    vem_random_search_options options;
    check(vem_random_search_options_init(&options, sizeof options), "vem_random_search_options_init");
    options.alphas = grid;
    options.alphas_count = sizeof grid / sizeof *grid;
    vem_random_search_results results;
    check(vem_random_search_results_init(&results, sizeof results), "vem_random_search_results_init");
    results.deltas = matrix(deltas, VEM_FLOAT32, SPACES, TARGETS);
    results.best_alphas = matrix(alphas, VEM_FLOAT32, 1, TARGETS);
    results.primal_weights = matrix(weights, VEM_FLOAT32, SPACES * FEATURES, TARGETS);
    check(vem_banded_ridge(backend, spaces, SPACES, &targets, &candidates, &splits, &options, &results, NULL),
        "vem_banded_ridge");
    for (j = 0; j < TARGETS; ++j)
        require(deltas[j] > deltas[TARGETS + j], "words weigh more than motion");

    /* Predictions of new samples are a product; both spaces lie side by side in the weights. */
    static float both[TEST * SPACES * FEATURES];
    for (i = 0; i < TEST; ++i) {
        memcpy(both + i * SPACES * FEATURES, words + (SAMPLES + i) * FEATURES, FEATURES * sizeof(float));
        memcpy(both + i * SPACES * FEATURES + FEATURES, motion + (SAMPLES + i) * FEATURES, FEATURES * sizeof(float));
    }
    vem_matrix features = matrix(both, VEM_FLOAT32, TEST, SPACES * FEATURES);
    vem_matrix predicted = matrix(predictions, VEM_FLOAT32, TEST, TARGETS);
    vem_matrix truth = matrix(responses + SAMPLES * TARGETS, VEM_FLOAT32, TEST, TARGETS);
    vem_matrix scores = matrix(r2, VEM_FLOAT32, 1, TARGETS);
    check(vem_predict_primal(backend, &features, &results.primal_weights, NULL, &predicted, NULL),
        "vem_predict_primal");
    check(vem_score_predictions(backend, VEM_SCORE_R2, &truth, &predicted, &scores), "vem_score_predictions");
    for (j = 0; j < TARGETS; ++j)
        require(r2[j] > 0.9f, "r2 over 0.9");
    printf("r2 of the first target: %.3f\n", r2[0]);

    /* A progress function that says stop. */
    vem_call call = {sizeof call, 0, stop_at_once, &calls};
    require(vem_banded_ridge(backend, spaces, SPACES, &targets, &candidates, &splits, &options, &results, &call) ==
            VEM_CANCELLED,
        "a fit is cancelled");
    require(calls > 0, "the progress function was called");

    /* A flag, raised before the call. */
    vem_cancellation flag;
    check(vem_cancellation_create(&flag), "vem_cancellation_create");
    check(vem_cancellation_cancel(flag), "vem_cancellation_cancel");
    vem_call flagged = {sizeof flagged, flag, NULL, NULL};
    require(vem_banded_ridge(backend, spaces, SPACES, &targets, &candidates, &splits, &options, &results, &flagged) ==
            VEM_CANCELLED,
        "a flag stops a fit");
    check(vem_cancellation_free(flag), "vem_cancellation_free");
    require(vem_cancellation_cancel(flag) == VEM_INVALID_HANDLE, "a freed handle is refused");

    /* Many small symmetric matrices at once: the eigenvalues add up to the trace. */
    static double traces[MATRICES];
    for (k = 0; k < MATRICES; ++k)
        for (i = 0; i < ORDER; ++i) {
            for (j = 0; j <= i; ++j)
                stack[(k * ORDER + i) * ORDER + j] = stack[(k * ORDER + j) * ORDER + i] = draw();
            traces[k] += stack[(k * ORDER + i) * ORDER + i];
        }
    vem_matrix symmetric = matrix(stack, VEM_FLOAT64, MATRICES * ORDER, ORDER);
    vem_matrix values = matrix(eigenvalues, VEM_FLOAT64, MATRICES, ORDER);
    check(vem_symmetric_eigen(backend, &symmetric, &values, MATRICES, NULL), "vem_symmetric_eigen");
    for (k = 0; k < MATRICES; ++k) {
        double sum = 0;
        for (i = 0; i < ORDER; ++i)
            sum += eigenvalues[k * ORDER + i];
        require(fabs(sum - traces[k]) < 1e-12, "eigenvalues add up to the trace");
    }

    check(vem_backend_free(backend), "vem_backend_free");
    require(vem_backend_free(backend) == VEM_INVALID_HANDLE, "a backend is freed once");
    printf("all as it should be\n");
    return 0;
}
