/* Peak memory of a random search from C: the program of bench/peak_memory.py, which see.
 *
 *     peak_memory SAMPLES TARGETS
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <vemkernels.h>

enum { KERNELS = 2, CANDIDATES = 4, FOLDS = 5 };

static void require(int condition, const char *what)
{
    if (!condition) {
        char text[1024];
        vem_last_error(text, sizeof text);
        fprintf(stderr, "%s: %s\n", what, text);
        exit(1);
    }
}

/* A line of /proc/self/status, in KiB. */
static long status(const char *name)
{
    char line[256];
    long value = -1;
    FILE *file = fopen("/proc/self/status", "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL)
        if (strncmp(line, name, strlen(name)) == 0)
            value = atol(line + strlen(name) + 1);
    require(file != NULL && fclose(file) == 0 && value >= 0, name);
    return value;
}

static vem_matrix matrix(void *data, int32_t type, int64_t rows, int64_t columns)
{
    const vem_matrix m = {data, type, VEM_HOST, rows, columns, columns, 1, NULL, 0};
    return m;
}

static void *memory(int64_t count, size_t bytes)
{
    void *found = malloc((size_t)count * bytes);
    require(found != NULL, "malloc");
    return found;
}

static long fit(vem_backend backend, int64_t samples, int64_t targets, long *peak)
{
    const double alphas[] = {0.1, 1, 10, 100};
    float *K = memory(KERNELS * samples * samples, sizeof *K), *Y = memory(samples * targets, sizeof *Y);
    float *w = memory(samples * targets, sizeof *w), *deltas = memory(KERNELS * targets, sizeof *deltas);
    float *best = memory(targets, sizeof *best), *scores = memory(CANDIDATES * targets, sizeof *scores);
    double *gammas = memory(CANDIDATES * KERNELS, sizeof *gammas);
    int64_t *train = memory((FOLDS - 1) * samples, sizeof *train), *held_out = memory(samples, sizeof *held_out);
    int64_t train_ends[FOLDS], held_out_ends[FOLDS], i, j;
    vem_matrix kernels[KERNELS] = {matrix(K, VEM_FLOAT32, samples, samples),
        matrix(K + samples * samples, VEM_FLOAT32, samples, samples)};
    vem_matrix responses = matrix(Y, VEM_FLOAT32, samples, targets);
    vem_matrix candidates = matrix(gammas, VEM_FLOAT64, CANDIDATES, KERNELS);
    vem_splits splits = {sizeof splits, FOLDS, train, train_ends, held_out, held_out_ends};
    vem_random_search_options options;
    vem_random_search_results results;
    FILE *peaks;
    long before;
    for (i = 0; i < samples; ++i) {
        for (j = 0; j < samples; ++j) {
            K[i * samples + j] = 1.0f / (float)(1 + llabs(i - j));
            K[(samples + i) * samples + j] = expf(-(float)llabs(i - j) / 5.0f);
        }
        for (j = 0; j < targets; ++j)
            Y[i * targets + j] = (float)((i * 7919 + j * 104729) % 1009) / 504.5f - 1;
    }
    memset(w, 0, (size_t)(samples * targets) * sizeof *w);
    require(vem_dirichlet_samples(NULL, 0, 0, &candidates) == VEM_OK, "vem_dirichlet_samples");
    require(vem_k_fold(samples, FOLDS, -1, train, train_ends, held_out, held_out_ends) == VEM_OK, "vem_k_fold");
    vem_random_search_options_init(&options, sizeof options);
    vem_random_search_results_init(&results, sizeof results);
    options.alphas = alphas;
    options.alphas_count = 4;
    results.deltas = matrix(deltas, VEM_FLOAT32, KERNELS, targets);
    results.best_alphas = matrix(best, VEM_FLOAT32, 1, targets);
    results.cv_scores = matrix(scores, VEM_FLOAT32, CANDIDATES, targets);
    results.dual_weights = matrix(w, VEM_FLOAT32, samples, targets);
    peaks = fopen("/proc/self/clear_refs", "w"); /* the peak starts again from what is resident now */
    require(peaks != NULL && fputs("5", peaks) >= 0 && fclose(peaks) == 0, "clear_refs");
    before = status("VmRSS:");
    require(vem_multiple_kernel_ridge(backend, kernels, KERNELS, &responses, &candidates, &splits, &options, NULL,
                &results, NULL) == VEM_OK, "vem_multiple_kernel_ridge");
    *peak = status("VmHWM:");
    free(K), free(Y), free(w), free(deltas), free(best), free(scores), free(gammas), free(train), free(held_out);
    return *peak - before;
}

int main(int argc, char **argv)
{
    vem_backend backend;
    long added, peak;
    require(argc == 3, "peak_memory SAMPLES TARGETS");
    require(vem_backend_create("simd", 0, &backend) == VEM_OK, "vem_backend_create");
    fit(backend, 100, 300, &peak);
    added = fit(backend, atoll(argv[1]), atoll(argv[2]), &peak);
    printf("%.1f %.1f\n", (double)added / 1024, (double)peak / 1024);
    return vem_backend_free(backend);
}
