// The functions of cuSOLVER that are used, by the plainest methods, in double inside.

#include "fake.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#define EXPORT extern "C" __attribute__((visibility("default")))
#define CALL(name) do { if (int code = fake_outcome(name)) return code; } while (0)

enum { SUCCESS = 0, INVALID_VALUE = 3 };

// The workspace is not needed; that it is there, and as large as was said, is checked by writing it.
static const int WORK = 64;

struct Handle { void *stream; };
typedef std::vector<double> Matrix;

EXPORT int cusolverDnCreate(Handle **handle)
{
    CALL("cusolverDnCreate");
    fake_count("solver", 1);
    *handle = new Handle{ nullptr };
    return SUCCESS;
}

EXPORT int cusolverDnDestroy(Handle *handle)
{
    fake_count("solver", -1);
    delete handle;
    return SUCCESS;
}

EXPORT int cusolverDnSetStream(Handle *handle, void *stream) { handle->stream = stream; return SUCCESS; }

template <class T>
static void use(T *work) { std::fill(work, work + WORK, (T)NAN); }

// A = U'U, the upper triangle of a column-major matrix.
template <class T>
static int potrf(int n, T *a, int lda)
{
    for (int j = 0; j < n; j++)
    {
        for (int i = 0; i <= j; i++)
        {
            double sum = a[i + (size_t)j * lda];
            for (int p = 0; p < i; p++)
            {
                sum -= (double)a[p + (size_t)i * lda] * a[p + (size_t)j * lda];
            }

            if (i == j && !(sum > 0))
            {
                a[i + (size_t)j * lda] = (T)sum;
                return j + 1;
            }

            a[i + (size_t)j * lda] = (T)(i == j ? std::sqrt(sum) : sum / a[i + (size_t)i * lda]);
        }
    }

    return 0;
}

template <class T>
static int potri(int n, T *a, int lda)
{
    // The inverse of U, then its product with its transpose.
    Matrix inverse((size_t)n * n);
    for (int j = 0; j < n; j++)
    {
        for (int i = j; i >= 0; i--)
        {
            double sum = i == j;
            for (int p = i + 1; p <= j; p++)
            {
                sum -= (double)a[i + (size_t)p * lda] * inverse[p + (size_t)j * n];
            }

            inverse[i + (size_t)j * n] = sum / a[i + (size_t)i * lda];
        }
    }

    for (int j = 0; j < n; j++)
    {
        for (int i = 0; i <= j; i++)
        {
            double sum = 0;
            for (int p = j; p < n; p++)
            {
                sum += inverse[i + (size_t)p * n] * inverse[j + (size_t)p * n];
            }

            a[i + (size_t)j * lda] = (T)sum;
        }
    }

    return 0;
}

// Cyclic Jacobi; the upper triangle is read.
template <class T>
static int syevd(int n, T *a, int lda, T *w)
{
    Matrix s((size_t)n * n), q((size_t)n * n);
    double size = 0;
    for (int j = 0; j < n; j++)
    {
        q[j + (size_t)j * n] = 1;
        for (int i = 0; i <= j; i++)
        {
            s[i + (size_t)j * n] = s[j + (size_t)i * n] = a[i + (size_t)j * lda];
            size += s[i + (size_t)j * n] * s[i + (size_t)j * n] * (i == j ? 1 : 2);
        }
    }

    for (int sweep = 0, rotated = 1; rotated && sweep < 60; sweep++)
    {
        rotated = 0;
        for (int i = 0; i < n; i++)
        {
            for (int j = i + 1; j < n; j++)
            {
                double off = s[i + (size_t)j * n];
                if (off * off <= 1e-32 * size / n / n)
                {
                    continue;
                }

                rotated = 1;
                double tau = (s[j + (size_t)j * n] - s[i + (size_t)i * n]) / (2 * off);
                double t = (tau < 0 ? -1 : 1) / (std::fabs(tau) + std::sqrt(1 + tau * tau));
                double c = 1 / std::sqrt(1 + t * t), r = t * c;
                for (int p = 0; p < n; p++)
                {
                    double x = s[p + (size_t)i * n], y = s[p + (size_t)j * n];
                    s[p + (size_t)i * n] = c * x - r * y;
                    s[p + (size_t)j * n] = r * x + c * y;
                    x = q[p + (size_t)i * n], y = q[p + (size_t)j * n];
                    q[p + (size_t)i * n] = c * x - r * y;
                    q[p + (size_t)j * n] = r * x + c * y;
                }

                for (int p = 0; p < n; p++)
                {
                    double x = s[i + (size_t)p * n], y = s[j + (size_t)p * n];
                    s[i + (size_t)p * n] = c * x - r * y;
                    s[j + (size_t)p * n] = r * x + c * y;
                }
            }
        }
    }

    std::vector<int> by(n);
    std::iota(by.begin(), by.end(), 0);
    std::sort(by.begin(), by.end(), [&](int x, int y) { return s[x + (size_t)x * n] < s[y + (size_t)y * n]; });
    for (int j = 0; j < n; j++)
    {
        w[j] = (T)s[by[j] + (size_t)by[j] * n];
        for (int i = 0; i < n; i++)
        {
            a[i + (size_t)j * lda] = (T)q[i + (size_t)by[j] * n];
        }
    }

    return 0;
}

// One-sided Jacobi; columns of U that belong to singular values of zero are completed by Gram and Schmidt.
template <class T>
static int gesvd(int m, int n, T *a, int lda, T *values, T *u, int ldu, T *vt, int ldvt)
{
    Matrix x((size_t)m * n), v((size_t)n * n), length(n);
    for (int j = 0; j < n; j++)
    {
        v[j + (size_t)j * n] = 1;
        for (int i = 0; i < m; i++)
        {
            x[i + (size_t)j * m] = a[i + (size_t)j * lda];
        }
    }

    auto dot = [&](const double *p, const double *q) { double d = 0; for (int i = 0; i < m; i++) d += p[i] * q[i]; return d; };
    double total = 0;
    for (double value : x)
    {
        total += value * value;
    }

    for (int sweep = 0, rotated = 1; rotated && sweep < 60; sweep++)
    {
        rotated = 0;
        for (int i = 0; i < n; i++)
        {
            for (int j = i + 1; j < n; j++)
            {
                double *p = &x[(size_t)i * m], *q = &x[(size_t)j * m];
                double alpha = dot(p, p), beta = dot(q, q), gamma = dot(p, q);
                if (std::fabs(gamma) <= 1e-15 * std::sqrt(alpha * beta) || std::min(alpha, beta) <= 1e-34 * total)
                {
                    continue;
                }

                rotated = 1;
                double zeta = (beta - alpha) / (2 * gamma);
                double t = (zeta < 0 ? -1 : 1) / (std::fabs(zeta) + std::sqrt(1 + zeta * zeta));
                double c = 1 / std::sqrt(1 + t * t), r = t * c;
                for (int k = 0; k < m; k++)
                {
                    double y = p[k], z = q[k];
                    p[k] = c * y - r * z;
                    q[k] = r * y + c * z;
                }

                for (int k = 0; k < n; k++)
                {
                    double y = v[k + (size_t)i * n], z = v[k + (size_t)j * n];
                    v[k + (size_t)i * n] = c * y - r * z;
                    v[k + (size_t)j * n] = r * y + c * z;
                }
            }
        }
    }

    std::vector<int> by(n);
    std::iota(by.begin(), by.end(), 0);
    for (int j = 0; j < n; j++)
    {
        length[j] = std::sqrt(dot(&x[(size_t)j * m], &x[(size_t)j * m]));
    }

    std::sort(by.begin(), by.end(), [&](int p, int q) { return length[p] > length[q]; });
    Matrix left((size_t)m * n);
    for (int j = 0; j < n; j++)
    {
        double *column = &left[(size_t)j * m], norm = length[by[j]];
        values[j] = (T)norm;
        for (int k = 0; k < n; k++)
        {
            vt[j + (size_t)k * ldvt] = (T)v[k + (size_t)by[j] * n];
        }

        for (int i = 0; i < m; i++)
        {
            column[i] = norm > 1e-15 * length[by[0]] && norm > 0 ? x[i + (size_t)by[j] * m] / norm : 0;
        }

        for (int axis = 0; dot(column, column) < 0.5 && axis < m; axis++)
        {
            std::fill(column, column + m, 0.0);
            column[axis] = 1;
            for (int pass = 0; pass < 2; pass++)
            {
                for (int k = 0; k < j; k++)
                {
                    double d = dot(column, &left[(size_t)k * m]);
                    for (int i = 0; i < m; i++)
                    {
                        column[i] -= d * left[i + (size_t)k * m];
                    }
                }
            }

            double rest = std::sqrt(dot(column, column));
            for (int i = 0; i < m && rest > 1e-3; i++)
            {
                column[i] /= rest;
            }
        }

        for (int i = 0; i < m; i++)
        {
            u[i + (size_t)j * ldu] = (T)column[i];
        }
    }

    return 0;
}

#define FACTOR(P, T, f)                                                                                                \
    EXPORT int cusolverDn##P##f##_bufferSize(Handle *, int, int, T *, int, int *size)                                  \
    {                                                                                                                  \
        CALL("cusolverDn" #P #f "_bufferSize");                                                                        \
        *size = WORK;                                                                                                  \
        return SUCCESS;                                                                                                \
    }                                                                                                                  \
    EXPORT int cusolverDn##P##f(Handle *h, int uplo, int n, T *a, int lda, T *work, int size, int *info)               \
    {                                                                                                                  \
        CALL("cusolverDn" #P #f);                                                                                      \
        if (!h->stream || uplo != 1 || size < WORK || lda < n)                                                         \
        {                                                                                                              \
            return INVALID_VALUE;                                                                                      \
        }                                                                                                              \
        fake_enqueue(h->stream, false, [=] { use(work); *info = f(n, a, lda); });                                      \
        return SUCCESS;                                                                                                \
    }
FACTOR(S, float, potrf)
FACTOR(D, double, potrf)
FACTOR(S, float, potri)
FACTOR(D, double, potri)

#define DECOMPOSE(P, T)                                                                                                \
    EXPORT int cusolverDn##P##syevd_bufferSize(Handle *, int, int, int, T *, int, T *, int *size)                      \
    {                                                                                                                  \
        CALL("cusolverDn" #P "syevd_bufferSize");                                                                      \
        *size = WORK;                                                                                                  \
        return SUCCESS;                                                                                                \
    }                                                                                                                  \
    EXPORT int cusolverDn##P##syevd(Handle *h, int vectors, int uplo, int n, T *a, int lda, T *w, T *work, int size,   \
        int *info)                                                                                                     \
    {                                                                                                                  \
        CALL("cusolverDn" #P "syevd");                                                                                 \
        if (!h->stream || vectors != 1 || uplo != 1 || size < WORK || lda < n)                                         \
        {                                                                                                              \
            return INVALID_VALUE;                                                                                      \
        }                                                                                                              \
        fake_enqueue(h->stream, false, [=] { use(work); *info = syevd(n, a, lda, w); });                               \
        return SUCCESS;                                                                                                \
    }                                                                                                                  \
    EXPORT int cusolverDn##P##gesvd_bufferSize(Handle *, int m, int n, int *size)                                      \
    {                                                                                                                  \
        CALL("cusolverDn" #P "gesvd_bufferSize");                                                                      \
        *size = WORK;                                                                                                  \
        return m < n ? INVALID_VALUE : SUCCESS;                                                                        \
    }                                                                                                                  \
    EXPORT int cusolverDn##P##gesvd(Handle *h, signed char ju, signed char jv, int m, int n, T *a, int lda, T *s, T *u,\
        int ldu, T *vt, int ldvt, T *work, int size, T *, int *info)                                                   \
    {                                                                                                                  \
        CALL("cusolverDn" #P "gesvd");                                                                                 \
        if (!h->stream || ju != 'S' || jv != 'S' || m < n || size < WORK || lda < m || ldu < m || ldvt < n)            \
        {                                                                                                              \
            return INVALID_VALUE;                                                                                      \
        }                                                                                                              \
        fake_enqueue(h->stream, false, [=] { use(work); *info = gesvd(m, n, a, lda, s, u, ldu, vt, ldvt); });          \
        return SUCCESS;                                                                                                \
    }
DECOMPOSE(S, float)
DECOMPOSE(D, double)
