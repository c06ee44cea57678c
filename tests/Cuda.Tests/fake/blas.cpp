// The functions of cuBLAS that are used, written as their documentation defines them: column-major, in double inside.

#include "fake.h"

#include <vector>

#define EXPORT extern "C" __attribute__((visibility("default")))
#define CALL(name) do { if (int code = fake_outcome(name)) return code; } while (0)

enum { SUCCESS = 0, INVALID_VALUE = 7 };

struct Handle { void *stream; };

EXPORT const char *cublasGetStatusString(int code)
{
    return code == 3 ? "CUBLAS_STATUS_ALLOC_FAILED" : code == 13 ? "CUBLAS_STATUS_EXECUTION_FAILED"
        : "CUBLAS_STATUS_INVALID_VALUE";
}

EXPORT int cublasCreate_v2(Handle **handle)
{
    CALL("cublasCreate");
    fake_count("blas", 1);
    *handle = new Handle{ nullptr };
    return SUCCESS;
}

EXPORT int cublasDestroy_v2(Handle *handle)
{
    fake_count("blas", -1);
    delete handle;
    return SUCCESS;
}

EXPORT int cublasSetStream_v2(Handle *handle, void *stream) { handle->stream = stream; return SUCCESS; }
EXPORT int cublasGetVersion_v2(Handle *, int *version) { *version = 12040; return SUCCESS; }

// op(A) of a column-major matrix, as rows x columns, row-major and in double.
template <class T>
static std::vector<double> rows_of(const T *a, int lda, int operation, int rows, int columns)
{
    std::vector<double> out((size_t)rows * columns);
    for (int i = 0; i < rows; i++)
    {
        for (int j = 0; j < columns; j++)
        {
            out[(size_t)i * columns + j] = operation == 0 ? a[i + (size_t)j * lda] : a[j + (size_t)i * lda];
        }
    }

    return out;
}

template <class T>
static void multiply(int ta, int tb, int m, int n, int k, T alpha, const T *a, int lda, const T *b, int ldb, T beta, T *c,
    int ldc)
{
    std::vector<double> left = rows_of(a, lda, ta, m, k), right = rows_of(b, ldb, 1 - tb, n, k);
    for (int j = 0; j < n; j++)
    {
        for (int i = 0; i < m; i++)
        {
            double sum = 0;
            const double *x = &left[(size_t)i * k], *y = &right[(size_t)j * k];
            for (int p = 0; p < k; p++)
            {
                sum += x[p] * y[p];
            }

            T *at = c + i + (size_t)j * ldc;
            *at = (T)(beta == 0 ? alpha * sum : alpha * sum + (double)beta * *at);
        }
    }
}

template <class T>
static int gemm(Handle *h, int ta, int tb, int m, int n, int k, const T *alpha, const T *a, int lda, long sa, const T *b,
    int ldb, long sb, const T *beta, T *c, int ldc, long sc, int count)
{
    if (!h->stream || lda < (ta ? k : m) || ldb < (tb ? n : k) || ldc < m)
    {
        return INVALID_VALUE;
    }

    T x = *alpha, y = *beta;
    fake_enqueue(h->stream, false, [=] {
        for (int i = 0; i < count; i++)
        {
            multiply(ta, tb, m, n, k, x, a + i * sa, lda, b + i * sb, ldb, y, c + i * sc, ldc);
        }
    });
    return SUCCESS;
}

#define GEMM(P, T)                                                                                                     \
    EXPORT int cublas##P##gemm_v2(Handle *h, int ta, int tb, int m, int n, int k, const T *alpha, const T *a, int lda, \
        const T *b, int ldb, const T *beta, T *c, int ldc)                                                             \
    {                                                                                                                  \
        CALL("cublas" #P "gemm");                                                                                      \
        return gemm<T>(h, ta, tb, m, n, k, alpha, a, lda, 0, b, ldb, 0, beta, c, ldc, 0, 1);                           \
    }                                                                                                                  \
    EXPORT int cublas##P##gemmStridedBatched(Handle *h, int ta, int tb, int m, int n, int k, const T *alpha,           \
        const T *a, int lda, long sa, const T *b, int ldb, long sb, const T *beta, T *c, int ldc, long sc, int count)  \
    {                                                                                                                  \
        CALL("cublas" #P "gemmStridedBatched");                                                                        \
        return gemm<T>(h, ta, tb, m, n, k, alpha, a, lda, sa, b, ldb, sb, beta, c, ldc, sc, count);                    \
    }
GEMM(S, float)
GEMM(D, double)

template <class T>
static int syrk(Handle *h, int uplo, int trans, int n, int k, const T *alpha, const T *a, int lda, const T *beta, T *c,
    int ldc)
{
    if (!h->stream || lda < (trans ? k : n) || ldc < n)
    {
        return INVALID_VALUE;
    }

    T x = *alpha, y = *beta;
    fake_enqueue(h->stream, false, [=] {
        std::vector<double> rows = rows_of(a, lda, trans, n, k);
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                if (uplo == 0 ? i < j : i > j)
                {
                    continue;
                }

                double sum = 0;
                for (int p = 0; p < k; p++)
                {
                    sum += rows[(size_t)i * k + p] * rows[(size_t)j * k + p];
                }

                T *at = c + i + (size_t)j * ldc;
                *at = (T)(y == 0 ? x * sum : x * sum + (double)y * *at);
            }
        }
    });
    return SUCCESS;
}

EXPORT int cublasSsyrk_v2(Handle *h, int u, int t, int n, int k, const float *alpha, const float *a, int lda,
    const float *beta, float *c, int ldc)
{
    CALL("cublasSsyrk");
    return syrk(h, u, t, n, k, alpha, a, lda, beta, c, ldc);
}

EXPORT int cublasDsyrk_v2(Handle *h, int u, int t, int n, int k, const double *alpha, const double *a, int lda,
    const double *beta, double *c, int ldc)
{
    CALL("cublasDsyrk");
    return syrk(h, u, t, n, k, alpha, a, lda, beta, c, ldc);
}

// op(A) X = alpha B on the left, X op(A) = alpha B on the right; B is m x n.
template <class T>
static int trsm(Handle *h, int side, int uplo, int trans, int unit, int m, int n, const T *alpha, const T *a, int lda,
    T *b, int ldb)
{
    int order = side == 0 ? m : n;
    if (!h->stream || lda < order || ldb < m)
    {
        return INVALID_VALUE;
    }

    T x = *alpha;
    fake_enqueue(h->stream, false, [=] {
        // Whether the matrix that is divided by, from the left, is lower triangular: X A = B is A' X' = B'.
        bool transposed = (trans != 0) != (side == 1), lower = (uplo == 0) != transposed;
        auto at = [&](int i, int j) -> double { return transposed ? a[j + (size_t)i * lda] : a[i + (size_t)j * lda]; };
        int systems = side == 0 ? n : m;
        size_t step = side == 0 ? 1 : ldb, next = side == 0 ? ldb : 1;
        for (int s = 0; s < systems; s++)
        {
            T *column = b + s * next;
            for (int q = 0; q < order; q++)
            {
                int i = lower ? q : order - 1 - q;
                double value = (double)x * column[i * step];
                for (int p = lower ? 0 : i + 1; p < (lower ? i : order); p++)
                {
                    value -= at(i, p) * column[p * step];
                }

                column[i * step] = (T)(unit ? value : value / at(i, i));
            }
        }
    });
    return SUCCESS;
}

EXPORT int cublasStrsm_v2(Handle *h, int s, int u, int t, int d, int m, int n, const float *alpha, const float *a, int lda,
    float *b, int ldb)
{
    CALL("cublasStrsm");
    return trsm(h, s, u, t, d, m, n, alpha, a, lda, b, ldb);
}

EXPORT int cublasDtrsm_v2(Handle *h, int s, int u, int t, int d, int m, int n, const double *alpha, const double *a,
    int lda, double *b, int ldb)
{
    CALL("cublasDtrsm");
    return trsm(h, s, u, t, d, m, n, alpha, a, lda, b, ldb);
}
