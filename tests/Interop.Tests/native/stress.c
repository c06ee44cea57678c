/* Ten threads at once, a fit that another thread stops, and ten thousand small fits, on the library as it is delivered.
 */
#include <pthread.h>
#include <time.h>
#include <unistd.h>

#include "common.h"

enum {
    SAMPLES = 30,
    FEATURES = 6,
    TARGETS = 20,
    THREADS = 10,
    FITS = 20,
    MANY = 10000,
    LARGE = 1500,
    LARGE_TARGETS = 4000
};

static vem_backend backend;
static float X[SAMPLES * FEATURES], Y[SAMPLES * TARGETS], expected[FEATURES * TARGETS];
static vem_cancellation flag;
static struct timespec raised;

static void fit(float *b)
{
    vem_matrix features = describe(X, VEM_FLOAT32, SAMPLES, FEATURES);
    vem_matrix targets = describe(Y, VEM_FLOAT32, SAMPLES, TARGETS);
    vem_matrix weights = describe(b, VEM_FLOAT32, FEATURES, TARGETS);
    check(vem_ridge(backend, &features, &targets, NULL, &weights, NULL, NULL, NULL), "vem_ridge");
}

static void *several_fits(void *wrong)
{
    float b[FEATURES * TARGETS];
    vem_matrix none = describe(X, VEM_FLOAT32, 0, FEATURES);
    int i;
    for (i = 0; i < FITS; ++i) {
        memset(b, 0, sizeof b);
        fit(b);
        if (memcmp(b, expected, sizeof b) != 0)
            ++*(int *)wrong;

        /* Errors are a thread's own. */
        char text[256] = "";
        if (vem_ridge(backend, &none, &none, NULL, &none, NULL, NULL, NULL) != VEM_INVALID_ARGUMENT ||
            vem_last_error(text, sizeof text) == 0)
            ++*(int *)wrong;
    }
    return NULL;
}

static void *stop_soon(void *unused)
{
    (void)unused;
    const struct timespec pause = {0, 300000000};
    nanosleep(&pause, NULL);
    clock_gettime(CLOCK_MONOTONIC, &raised);
    check(vem_cancellation_cancel(flag), "vem_cancellation_cancel");
    return NULL;
}

/* A search of many seconds, stopped after a third of one. */
static void stopped_fit(void)
{
    static double gammas[200], alphas[20];
    static int64_t train[5 * LARGE], validation[LARGE], train_ends[5], validation_ends[5];
    int64_t i, k, a = 0, b = 0;
    float *large = malloc(sizeof(float) * LARGE * LARGE), *responses = malloc(sizeof(float) * LARGE * LARGE_TARGETS);
    float *best = malloc(sizeof(float) * LARGE_TARGETS);
    pthread_t thread;
    struct timespec ended;
    for (i = 0; i < LARGE * LARGE; ++i)
        large[i] = draw();
    for (i = 0; i < LARGE * LARGE_TARGETS; ++i)
        responses[i] = draw();
    for (i = 0; i < 200; ++i)
        gammas[i] = 1;
    for (i = 0; i < 20; ++i)
        alphas[i] = 1 + (double)i;
    for (k = 0; k < 5; ++k) {
        for (i = 0; i < LARGE; ++i)
            if (i % 5 == k)
                validation[b++] = i;
            else
                train[a++] = i;
        train_ends[k] = a;
        validation_ends[k] = b;
    }
    vem_splits splits = {sizeof splits, 5, train, train_ends, validation, validation_ends};
    vem_matrix features = describe(large, VEM_FLOAT32, LARGE, LARGE);
    vem_matrix targets = describe(responses, VEM_FLOAT32, LARGE, LARGE_TARGETS);
    vem_matrix candidates = describe(gammas, VEM_FLOAT64, 200, 1);
    vem_random_search_options options;
    vem_random_search_results results;
    check(vem_random_search_options_init(&options, sizeof options), "init");
    check(vem_random_search_results_init(&results, sizeof results), "init");
    options.alphas = alphas;
    options.alphas_count = 20;
    options.score = VEM_SCORE_R2;
    results.best_alphas = describe(best, VEM_FLOAT32, 1, LARGE_TARGETS);
    check(vem_cancellation_create(&flag), "vem_cancellation_create");
    vem_call call = {sizeof call, flag, NULL, NULL};
    pthread_create(&thread, NULL, stop_soon, NULL);
    int32_t status = vem_banded_ridge(backend, &features, 1, &targets, &candidates, &splits, &options, &results, &call);
    clock_gettime(CLOCK_MONOTONIC, &ended);
    pthread_join(thread, NULL);
    if (status != VEM_CANCELLED) {
        fprintf(stderr, "the fit was not stopped: status %d\n", status);
        exit(1);
    }
    printf("stopped %.2f s after the flag\n",
        (double)(ended.tv_sec - raised.tv_sec) + 1e-9 * (double)(ended.tv_nsec - raised.tv_nsec));
    check(vem_cancellation_free(flag), "vem_cancellation_free");
    free(large);
    free(responses);
    free(best);
}

static long resident_kilobytes(void)
{
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file == NULL || fscanf(file, "%*d %ld", &pages) != 1)
        exit(1);
    fclose(file);
    return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

int main(void)
{
    int i, wrong[THREADS] = {0};
    pthread_t threads[THREADS];
    float b[FEATURES * TARGETS];
    for (i = 0; i < SAMPLES * FEATURES; ++i)
        X[i] = draw();
    for (i = 0; i < SAMPLES * TARGETS; ++i)
        Y[i] = draw();
    check(vem_backend_create("simd", 0, &backend), "vem_backend_create");
    fit(expected);
    for (i = 0; i < THREADS; ++i)
        if (pthread_create(&threads[i], NULL, several_fits, &wrong[i]) != 0)
            return 1;
    for (i = 0; i < THREADS; ++i) {
        pthread_join(threads[i], NULL);
        if (wrong[i] > 0) {
            fprintf(stderr, "thread %d: %d wrong results\n", i, wrong[i]);
            return 1;
        }
    }

    for (i = 0; i < MANY; ++i)
        fit(b);
    const long before = resident_kilobytes();
    for (i = 0; i < MANY; ++i)
        fit(b);
    const long grown = resident_kilobytes() - before;
    printf("%d more fits: %ld KiB more\n", MANY, grown);
    if (grown > 8 * 1024)
        return 1;

    /* Ten thousand backends and flags: handles and threads are given back. */
    for (i = 0; i < MANY; ++i) {
        vem_cancellation one;
        check(vem_cancellation_create(&one), "vem_cancellation_create");
        check(vem_cancellation_free(one), "vem_cancellation_free");
    }

    stopped_fit();
    fit(b);
    check(vem_backend_free(backend), "vem_backend_free");
    return memcmp(b, expected, sizeof b) == 0 ? 0 : 1;
}
