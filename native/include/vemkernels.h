/* VemKernels: kernels and solvers for voxelwise encoding models. The C interface.
 *
 *     vem_backend backend;
 *     if (vem_backend_create("auto", 0, &backend) != VEM_OK) { ... vem_last_error(text, sizeof text) ... }
 *     vem_ridge(backend, &features, &targets, NULL, &weights, NULL, NULL, NULL);
 *     vem_backend_free(backend);
 *
 * Conventions
 *
 * - Every function returns a vem_status unless it says otherwise; vem_last_error has the text of the calling thread's
 *   last failure. Nothing is ever printed, and nothing unwinds through a caller.
 * - Matrices are described by a vem_matrix: any strides, so row-major, column-major and transposed memory come in as
 *   they are. The caller allocates every output. Data matrices of one call have one type, float or double, except where
 *   double is named.
 * - An output that may be left out is a null pointer, or in a results structure a vem_matrix of zeros.
 * - Outputs may overlap neither one another nor an input. What a failed or cancelled call leaves in outputs is
 *   undefined.
 * - Structures that begin with `size` can grow: initialise them with their _init function (or set size to sizeof and
 *   every field). A null options pointer stands for the defaults. Every field called reserved is 0.
 * - Matrices in device memory are those of the backend's device (VEM_CUDA: an address of its primary context;
 *   VEM_OPENCL: a cl_mem of its context, see vem_backend_native). Features, kernels, targets, predictions, dual and
 *   primal weights that are read, and the operands of products, factorisations and kernels are used where they lie.
 *   Small inputs (deltas, gammas, means, intercepts), where an iterative solver starts, and outputs of solvers,
 *   predictions and scores go through the host. A CUDA stream is waited for, and made to wait, without the host; the
 *   legacy default stream is (void *)1, that of the thread (void *)2. Another OpenCL queue than the backend's is
 *   finished before the call computes, and results in buffers are ready when it returns.
 * - Handles are numbers, never addresses: one that was freed, or is of another kind, is refused with
 *   VEM_INVALID_HANDLE.
 * - Every function may be called from several threads at once, with the same backend too.
 * - A process that forks after the library was loaded cannot use it in the child: calls return VEM_FORKED.
 * - Signals: the .NET runtime that is compiled in handles SIGSEGV, SIGBUS, SIGFPE, SIGILL and SIGTRAP that its own code
 *   raises and hands all others on; it also uses one real-time signal to suspend its threads. Handlers should be
 *   chained with SA_ONSTACK.
 *
 * Symbols of shapes: n samples, p features, m kernels or feature spaces, t targets, c candidates.
 */
#ifndef VEMKERNELS_H
#define VEMKERNELS_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Goes up when a signature or a structure changes in a way that old callers would notice. */
#define VEM_ABI_VERSION 1

#if defined(_WIN32)
#define VEM_API __declspec(dllimport)
#else
#define VEM_API
#endif

/* ---- status, types ----------------------------------------------------------------------------------------------- */

enum vem_status {
    VEM_OK = 0,
    VEM_INVALID_ARGUMENT = 1,       /* an argument is wrong: the text names it, what came and what was expected */
    VEM_INVALID_HANDLE = 2,         /* a handle stands for nothing, or for another kind of object */
    VEM_OUT_OF_MEMORY = 3,          /* memory, or the memory budget, does not suffice */
    VEM_CANCELLED = 4,              /* a flag or the progress function stopped the call */
    VEM_NOT_POSITIVE_DEFINITE = 5,  /* the text names the matrix and the pivot */
    VEM_NOT_SUPPORTED = 6,          /* this machine, backend or build cannot do it */
    VEM_CALLBACK_FAILED = 7,        /* a callback returned other than 0 */
    VEM_FORKED = 8,                 /* the process is a fork of the one that loaded the library */
    VEM_INTERNAL = 9                /* an error of a driver or of the library; arithmetic that did not converge */
};

enum vem_type { VEM_FLOAT32 = 1, VEM_FLOAT64 = 2 };

enum vem_memory { VEM_HOST = 0, VEM_CUDA = 1, VEM_OPENCL = 2 };

typedef uint64_t vem_backend;       /* a handle */
typedef uint64_t vem_cancellation;  /* a handle */

/* A matrix of the caller's. Element (i, j) is at data + (i * row_stride + j * column_stride) * (4 or 8 bytes). */
typedef struct vem_matrix {
    void *data;             /* address of element (0, 0); for VEM_OPENCL the cl_mem */
    int32_t type;           /* enum vem_type */
    int32_t memory;         /* enum vem_memory: where data lies */
    int64_t rows;
    int64_t columns;
    int64_t row_stride;     /* in elements; may be negative, and 0 for inputs */
    int64_t column_stride;
    void *stream;           /* device memory: the stream or queue that its contents are ordered on; null where they
                               are ready, and results are to be ready when the call returns */
    int64_t reserved;       /* 0 */
} vem_matrix;

/* Splits of cross-validation, as lists of samples one after another. Training samples may repeat (bootstrap). */
typedef struct vem_splits {
    int64_t size;                       /* sizeof(vem_splits) */
    int64_t count;                      /* how many splits, at least 1 */
    const int64_t *train;               /* training samples, split after split, each 0 to n - 1 */
    const int64_t *train_ends;          /* count: where the training samples of each split end */
    const int64_t *validation;
    const int64_t *validation_ends;
} vem_splits;

/* A sparse matrix in compressed rows, in host memory, as scipy's csr_matrix: the entries of row i are those from
 * row_pointers[i] to row_pointers[i + 1]. In a row they may be in any order; entries of one place add up. Used where it
 * lies. */
typedef struct vem_csr {
    int64_t size;                       /* sizeof(vem_csr) */
    int64_t rows;                       /* under 2^31 - 1 */
    int64_t columns;
    int64_t entries;                    /* up to 2^31 - 1 */
    const void *values;                 /* entries, finite */
    const int32_t *column_indices;      /* entries: the column of each, 0 to columns - 1 */
    const int32_t *row_pointers;        /* rows + 1, from 0 to entries, never descending */
    int32_t type;                       /* enum vem_type, of values */
    int32_t reserved;                   /* 0 */
} vem_csr;

/* Told the stage (UTF-8, gone after the call) and the share of the work done, 0 to 1; returns 0 to go on, else the call
 * stops with VEM_CANCELLED. May be called from any thread, never twice at once. */
typedef int32_t (*vem_progress_function)(void *user, const char *stage, double fraction);

/* A caller's own score: writes one number a column, larger is better. Both matrices are double, host memory, rows x
 * tile, gone after the call. Called on the calling thread, never twice at once. Returns 0, or other than 0 for
 * VEM_CALLBACK_FAILED. */
typedef int32_t (*vem_score_function)(
    void *user, const vem_matrix *truth, const vem_matrix *predictions, double *scores);

/* How a long call is watched and stopped; null, or zeros beyond size, for not at all. */
typedef struct vem_call {
    int64_t size;                       /* sizeof(vem_call) */
    vem_cancellation cancellation;      /* a flag that stops the call before its next tile; 0 for none */
    vem_progress_function progress;     /* null for none */
    void *progress_user;
} vem_call;

/* ---- the library ------------------------------------------------------------------------------------------------- */

/* "0.1.0": static memory. */
VEM_API const char *vem_version_string(void);

/* VEM_ABI_VERSION of the library: a header of a lower number still works with it unless the text of a release says
 * otherwise. */
VEM_API int32_t vem_abi_version(void);

/* The text of this thread's last failure, UTF-8, cut to capacity - 1 bytes and ended by 0. Returns the bytes of the
 * whole text without the 0; buffer may be null. */
VEM_API int64_t vem_last_error(char *buffer, int64_t capacity);

/* ---- backends ---------------------------------------------------------------------------------------------------- */

typedef struct vem_backend_information {
    int64_t size;                       /* set to sizeof before the call */
    int64_t memory_bytes;
    int64_t largest_allocation_bytes;
    int32_t threads;                    /* threads, or compute units */
    int32_t preferred_tile;             /* targets at a time that keep it busy */
    int32_t shares_host_memory;
    int32_t reserved;
    char id[64];
    char name[128];
    char instruction_set[64];
} vem_backend_information;

/* Starts a backend: "auto", "simd", "opencl", "opencl:0" ... threads: of the processor, 0 for all. */
VEM_API int32_t vem_backend_create(const char *id, int32_t threads, vem_backend *backend);
/* Ends it, after the calls that use it. */
VEM_API int32_t vem_backend_free(vem_backend backend);
VEM_API int32_t vem_backend_info(vem_backend backend, vem_backend_information *information);
/* A device's own handles, with which another library shares memory and order with a backend. They are the backend's:
 * release none, and use none after vem_backend_free. A buffer made in this context is taken where it lies; what is
 * queued on `queue` before a call is seen by it, and what is queued there after it sees its results. */
typedef struct vem_backend_handles {
    int64_t size;                       /* set to sizeof before the call */
    void *device;                       /* cl_device_id; CUDA: the CUdevice, a number */
    void *context;                      /* cl_context; CUDA: the device's primary CUcontext; null on the processor */
    void *queue;                        /* cl_command_queue, CUstream: in order, where the backend computes */
    int32_t memory;                     /* enum vem_memory: what the backend takes where it lies */
    int32_t reserved;
} vem_backend_handles;

VEM_API int32_t vem_backend_native(vem_backend backend, vem_backend_handles *handles);
/* The ids of the backends that this machine has, a line each ('\n' between), ended by 0. needed (may be null) gets the
 * bytes of the whole text without the 0; buffer may be null where capacity is 0. */
VEM_API int32_t vem_backend_list(char *buffer, int64_t capacity, int64_t *needed);

/* A flag that stops calls from any thread; see vem_call. */
VEM_API int32_t vem_cancellation_create(vem_cancellation *cancellation);
VEM_API int32_t vem_cancellation_cancel(vem_cancellation cancellation);
VEM_API int32_t vem_cancellation_free(vem_cancellation cancellation);

/* ---- options ----------------------------------------------------------------------------------------------------- */

enum vem_score { VEM_SCORE_NEGATIVE_SQUARED_ERROR = 0, VEM_SCORE_R2 = 1, VEM_SCORE_CORRELATION = 2 };
enum vem_search_space { VEM_SPACE_AUTOMATIC = 0, VEM_SPACE_FEATURES = 1, VEM_SPACE_KERNELS = 2 };
enum vem_cv_way { VEM_WAY_AUTOMATIC = 0, VEM_WAY_TRIANGULAR = 1, VEM_WAY_RESOLUTION = 2, VEM_WAY_RESIDUAL = 3 };
enum vem_diagonalization { VEM_DIAGONALIZE_EIGENVALUES = 0, VEM_DIAGONALIZE_SVD = 1 };
enum vem_ridge_solver { VEM_RIDGE_AUTOMATIC = 0, VEM_RIDGE_GRAM = 1, VEM_RIDGE_SVD = 2, VEM_RIDGE_KERNEL = 3 };
enum vem_kernel_ridge_solver {
    VEM_KERNEL_RIDGE_EIGENVALUES = 0, VEM_KERNEL_RIDGE_SVD = 1, VEM_KERNEL_RIDGE_CONJUGATE_GRADIENT = 2,
    VEM_KERNEL_RIDGE_GRADIENT_DESCENT = 3
};
enum vem_negative_eigenvalues { VEM_NEGATIVE_ZEROS = 0, VEM_NEGATIVE_ERROR = 1, VEM_NEGATIVE_NAN = 2 };
enum vem_weighted_solver {
    VEM_WEIGHTED_CONJUGATE_GRADIENT = 0, VEM_WEIGHTED_GRADIENT_DESCENT = 1, VEM_WEIGHTED_NEUMANN_SERIES = 2
};
enum vem_hyper_gradient_method { VEM_HYPER_CONJUGATE_GRADIENT = 0, VEM_HYPER_NEUMANN = 1, VEM_HYPER_DIRECT = 2 };
enum vem_inner_method { VEM_INNER_GRADIENT_DESCENT = 0, VEM_INNER_CONJUGATE_GRADIENT = 1 };
enum vem_initial_deltas { VEM_INITIAL_CONSTANT = 0, VEM_INITIAL_GIVEN = 1, VEM_INITIAL_RIDGE_CV = 2 };
enum vem_negative_groups { VEM_GROUPS_IGNORE = 0, VEM_GROUPS_WITHOUT_PENALTY = 1 };
enum vem_gradient_form { VEM_GRADIENT_AUTOMATIC = 0, VEM_GRADIENT_GRAM = 1, VEM_GRADIENT_FEATURES = 2 };
enum vem_lipschitz_product { VEM_LIPSCHITZ_XTX = 0, VEM_LIPSCHITZ_XXT = 1, VEM_LIPSCHITZ_X = 2 };

/* Fields that all options have alike:
 *   memory_bytes   cap on the workspace beyond inputs and outputs; 0: half of the machine's memory
 *   seed           0 to 2^31 - 1; -1: from the clock
 *   fit_intercept  1: an unpenalised intercept; 0: data should be centred
 *   check_finite   1: NaN and infinity in inputs are found before any work
 * Flags are 0 or 1. A NaN double, where it says so, stands for the default. Lists are an address and a count. */

/* Ridge with given alphas. */
typedef struct vem_ridge_options {
    int64_t size;
    const double *alphas;           /* one for all targets, or one a target; count 0: 1 */
    int64_t alphas_count;
    const double *sample_weights;   /* n weights of squared errors; count 0: ones */
    int64_t sample_weights_count;
    int64_t memory_bytes;
    int32_t solver;                 /* enum vem_ridge_solver */
    int32_t fit_intercept;
    int32_t check_finite;           /* default 1 */
    int32_t reserved;
} vem_ridge_options;

/* Random search over kernel weights, and its one-kernel case, a grid search over alphas. */
typedef struct vem_random_search_options {
    int64_t size;
    const double *alphas;               /* the grid; count 0: 1 */
    int64_t alphas_count;
    vem_score_function score_function;  /* a score of the caller's instead of `score`; null for none */
    void *score_user;
    int64_t memory_bytes;
    int64_t seed;                       /* of jitter_alphas; default -1 */
    double redundant_alpha_tolerance;   /* NaN: 1e-7 (float), 1e-11 (double); 0: every alpha is evaluated */
    int32_t score;                      /* enum vem_score */
    int32_t fit_intercept;
    int32_t local_alpha;                /* default 1: an alpha a target */
    int32_t share_candidate;            /* -1 (default): as himalaya has it */
    int32_t conservative;
    int32_t jitter_alphas;
    int32_t space;                      /* enum vem_search_space */
    int32_t way;                        /* enum vem_cv_way */
    int32_t diagonalization;            /* enum vem_diagonalization */
    int32_t check_finite;               /* default 1 */
} vem_random_search_options;

/* What a random search writes; each may be left out (zeros, null). Of dual and primal weights one at most is given. */
typedef struct vem_random_search_results {
    int64_t size;                       /* sizeof(vem_random_search_results) */
    vem_matrix deltas;                  /* m x t: log(gamma / alpha), minus infinity where gamma is 0 */
    vem_matrix best_alphas;             /* 1 x t */
    vem_matrix cv_scores;               /* c x t: of each candidate's best alpha, averaged over splits, plus
                                           1e-10 log(alpha) */
    vem_matrix dual_weights;            /* n x t: alpha (K + alpha I)^-1 y; predictions are sum_i exp(delta_i) K_i w */
    vem_matrix primal_weights;          /* p x t, the features of all spaces below one another */
    vem_matrix intercept;               /* 1 x t; only with fit_intercept and weights */
    int32_t *best_candidates;           /* t: row of the gammas */
} vem_random_search_results;

/* Kernel ridge with one kernel. */
typedef struct vem_kernel_ridge_options {
    int64_t size;
    const double *alphas;               /* one for all targets, or one a target; count 0: 1 */
    int64_t alphas_count;
    const double *sample_weights;       /* n; count 0: ones */
    int64_t sample_weights_count;
    const double *step_sizes;           /* of gradient descent, one or one a target; count 0: from
                                           lipschitz_constants */
    int64_t step_sizes_count;
    const double *lipschitz_constants;  /* a kernel each; count 0: estimated by power iteration */
    int64_t lipschitz_constants_count;
    double tolerance;                   /* NaN: 1e-3 */
    int64_t max_iterations;             /* -1: 100 */
    int64_t seed;                       /* of the power iteration; default 0 */
    int64_t memory_bytes;
    int32_t solver;                     /* enum vem_kernel_ridge_solver */
    int32_t negative_eigenvalues;       /* enum vem_negative_eigenvalues */
    int32_t fit_intercept;
    int32_t double_k;
    int32_t check_finite;               /* default 1 */
    int32_t reserved;
} vem_kernel_ridge_options;

/* Kernel ridge on a weighted sum of kernels whose log weights are given. */
typedef struct vem_weighted_kernel_ridge_options {
    int64_t size;
    const double *alphas;               /* as above, and so on */
    int64_t alphas_count;
    const double *sample_weights;
    int64_t sample_weights_count;
    const double *step_sizes;
    int64_t step_sizes_count;
    const double *lipschitz_constants;
    int64_t lipschitz_constants_count;
    const double *neumann_factors;      /* one or one a target; count 0: 1e-4 */
    int64_t neumann_factors_count;
    double tolerance;                   /* NaN: 1e-4 (conjugate gradient), 1e-3 (gradient descent) */
    int64_t max_iterations;             /* -1: 100; 10 terms of a Neumann series */
    int64_t seed;                       /* default 0 */
    int64_t memory_bytes;
    int32_t solver;                     /* enum vem_weighted_solver */
    int32_t fit_intercept;
    int32_t double_k;
    int32_t check_finite;               /* default 1 */
} vem_weighted_kernel_ridge_options;

/* Multiple-kernel ridge by hyper-gradient descent. */
typedef struct vem_hyper_gradient_options {
    int64_t size;
    const double *cg_tolerances;        /* one for all iterations, or one each; count 0: 1e-3 */
    int64_t cg_tolerances_count;
    vem_score_function score_function;  /* reported instead of `score`; null for none */
    void *score_user;
    double tolerance;                   /* default 1e-2; NaN: never stops early */
    double initial_delta;               /* of VEM_INITIAL_CONSTANT; default 0 */
    int64_t memory_bytes;
    int64_t seed;                       /* default -1 */
    int32_t max_iterations;             /* default 10 */
    int32_t max_inner_dual_iterations;  /* default 1 */
    int32_t max_inner_hyper_iterations; /* default 1 */
    int32_t method;                     /* enum vem_hyper_gradient_method */
    int32_t inner_method;               /* enum vem_inner_method */
    int32_t initial;                    /* enum vem_initial_deltas */
    int32_t score;                      /* enum vem_score */
    int32_t fit_intercept;
    int32_t check_finite;               /* default 1 */
    int32_t reserved;
} vem_hyper_gradient_options;

typedef struct vem_hyper_gradient_results {
    int64_t size;
    vem_matrix deltas;                  /* m x t */
    vem_matrix cv_scores;               /* (max_iterations max_inner_hyper_iterations) x t */
    vem_matrix dual_weights;            /* n x t: (sum_i exp(delta_i) K_i + I)^-1 y */
    vem_matrix primal_weights;          /* p x t */
    vem_matrix intercept;               /* 1 x t */
    int32_t *iterations;                /* t */
} vem_hyper_gradient_results;

/* Sparse group lasso; with cross-validation l21 and l1 are the penalties to try. */
typedef struct vem_sparse_group_lasso_options {
    int64_t size;
    const double *l21;                  /* penalty of group norms: one, or one a target; count 0: 0.05 */
    int64_t l21_count;
    const double *l1;                   /* penalty of absolute values; count 0: 0.05 */
    int64_t l1_count;
    const int32_t *groups;              /* p labels; count 0: one group */
    int64_t groups_count;
    double tolerance;                   /* default 1e-4 */
    double lipschitz;                   /* NaN: computed; not with cross-validation */
    int64_t memory_bytes;
    int32_t max_iterations;             /* default 300 */
    int32_t momentum;                   /* default 1 */
    int32_t negative_groups;            /* enum vem_negative_groups: of features whose label is negative */
    int32_t gradient;                   /* enum vem_gradient_form */
    int32_t fit_intercept;
    int32_t score;                      /* enum vem_score; default R2; cross-validation only */
    int32_t check_finite;               /* default 1 */
    int32_t reserved;
} vem_sparse_group_lasso_options;

typedef struct vem_sparse_group_lasso_results {
    int64_t size;
    vem_matrix weights;                 /* p x t */
    vem_matrix intercept;               /* 1 x t; only with fit_intercept */
    vem_matrix cv_scores;               /* (l21_count l1_count) x t: for each l21, decreasing, each l1,
                                           decreasing; CV only */
    vem_matrix best_l21;                /* 1 x t; CV only */
    vem_matrix best_l1;                 /* 1 x t; CV only */
    int32_t *best_candidates;           /* t: row of cv_scores; CV only */
    int32_t *iterations;                /* t */
    int32_t *converged;                 /* t: 1 where the tolerance was met */
    double *lipschitz;                  /* the constant whose inverse was the step */
} vem_sparse_group_lasso_results;

/* Parameters of a pairwise kernel. */
typedef struct vem_kernel_parameters {
    int64_t size;
    double gamma;                       /* polynomial, rbf, sigmoid; NaN: 1 / features */
    double coef0;                       /* polynomial, sigmoid; default 1 */
    double degree;                      /* polynomial; default 3 */
    int32_t check_finite;               /* default 1 */
    int32_t reserved;
} vem_kernel_parameters;

/* Fill a structure with defaults; size is sizeof the structure. */
VEM_API int32_t vem_ridge_options_init(vem_ridge_options *options, int64_t size);
VEM_API int32_t vem_random_search_options_init(vem_random_search_options *options, int64_t size);
VEM_API int32_t vem_random_search_results_init(vem_random_search_results *results, int64_t size);
VEM_API int32_t vem_kernel_ridge_options_init(vem_kernel_ridge_options *options, int64_t size);
VEM_API int32_t vem_weighted_kernel_ridge_options_init(vem_weighted_kernel_ridge_options *options, int64_t size);
VEM_API int32_t vem_hyper_gradient_options_init(vem_hyper_gradient_options *options, int64_t size);
VEM_API int32_t vem_hyper_gradient_results_init(vem_hyper_gradient_results *results, int64_t size);
VEM_API int32_t vem_sparse_group_lasso_options_init(vem_sparse_group_lasso_options *options, int64_t size);
VEM_API int32_t vem_sparse_group_lasso_results_init(vem_sparse_group_lasso_results *results, int64_t size);
VEM_API int32_t vem_kernel_parameters_init(vem_kernel_parameters *parameters, int64_t size);

/* ---- solvers ----------------------------------------------------------------------------------------------------- */

/* Ridge regression with given alphas: b = argmin |X b - y|^2 + alpha |b|^2. features n x p; targets n x t; weights
 * (out) p x t; intercept (out, may be null) 1 x t; solver_used (may be null): enum vem_ridge_solver. */
VEM_API int32_t vem_ridge(
    vem_backend backend, const vem_matrix *features, const vem_matrix *targets, const vem_ridge_options *options,
    const vem_matrix *weights, const vem_matrix *intercept, int32_t *solver_used, const vem_call *call);

/* Ridge, alpha by cross-validation. Primal weights p x t or dual weights n x t. */
VEM_API int32_t vem_ridge_cv(
    vem_backend backend, const vem_matrix *features, const vem_matrix *targets, const vem_splits *splits,
    const vem_random_search_options *options, const vem_random_search_results *results, const vem_call *call);

/* Banded ridge: features of spaces_count spaces, n x p_i each; gammas (double) c x spaces_count, as of
 * vem_dirichlet_samples. */
VEM_API int32_t vem_banded_ridge(
    vem_backend backend, const vem_matrix *features, int64_t spaces_count, const vem_matrix *targets,
    const vem_matrix *gammas, const vem_splits *splits, const vem_random_search_options *options,
    const vem_random_search_results *results, const vem_call *call);

/* Kernel ridge with given alphas: w = (K + alpha I)^-1 y. kernel n x n; initial_dual_weights (may be null) n x t;
 * dual_weights (out) n x t; intercept (out, may be null) 1 x t; iterations (out, may be null): t, zeros where the
 * solver was direct. */
VEM_API int32_t vem_kernel_ridge(
    vem_backend backend, const vem_matrix *kernel, const vem_matrix *targets, const vem_kernel_ridge_options *options,
    const vem_matrix *initial_dual_weights, const vem_matrix *dual_weights, const vem_matrix *intercept,
    int32_t *iterations, const vem_call *call);

/* Kernel ridge, alpha by cross-validation. Dual weights are alpha (K + alpha I)^-1 y: divide by best_alphas for weights
 * of K w. */
VEM_API int32_t vem_kernel_ridge_cv(
    vem_backend backend, const vem_matrix *kernel, const vem_matrix *targets, const vem_splits *splits,
    const vem_random_search_options *options, const vem_random_search_results *results, const vem_call *call);

/* Kernel ridge on sum_i exp(delta_i) K_i: w = (sum_i exp(delta_i) K_i + alpha I)^-1 y. deltas kernels_count x t, or x 1
 * for all. */
VEM_API int32_t vem_weighted_kernel_ridge(
    vem_backend backend, const vem_matrix *kernels, int64_t kernels_count, const vem_matrix *targets,
    const vem_matrix *deltas, const vem_weighted_kernel_ridge_options *options, const vem_matrix *initial_dual_weights,
    const vem_matrix *dual_weights, const vem_matrix *intercept, int32_t *iterations, const vem_call *call);

/* Multiple-kernel ridge by random search. features: null, or one matrix a kernel, n x p_i, for primal weights. */
VEM_API int32_t vem_multiple_kernel_ridge(
    vem_backend backend, const vem_matrix *kernels, int64_t kernels_count, const vem_matrix *targets,
    const vem_matrix *gammas, const vem_splits *splits, const vem_random_search_options *options,
    const vem_matrix *features, const vem_random_search_results *results, const vem_call *call);

/* Multiple-kernel ridge by hyper-gradient descent. initial_deltas kernels_count x t and initial_dual_weights n x t (may
 * be null) of VEM_INITIAL_GIVEN, else null. features as above. */
VEM_API int32_t vem_hyper_gradient(
    vem_backend backend, const vem_matrix *kernels, int64_t kernels_count, const vem_matrix *targets,
    const vem_splits *splits, const vem_hyper_gradient_options *options, const vem_matrix *initial_deltas,
    const vem_matrix *initial_dual_weights, const vem_matrix *features, const vem_hyper_gradient_results *results,
    const vem_call *call);

/* Sparse group lasso: argmin |X b - y|^2 / (2 n) + l1 |b|_1 + l21 sum_g |b_g|_2. initial_weights (may be null) p x
 * t. */
VEM_API int32_t vem_sparse_group_lasso(
    vem_backend backend, const vem_matrix *features, const vem_matrix *targets,
    const vem_sparse_group_lasso_options *options, const vem_matrix *initial_weights,
    const vem_sparse_group_lasso_results *results, const vem_call *call);

/* The same, penalties by cross-validation. */
VEM_API int32_t vem_sparse_group_lasso_cv(
    vem_backend backend, const vem_matrix *features, const vem_matrix *targets, const vem_splits *splits,
    const vem_sparse_group_lasso_options *options, const vem_sparse_group_lasso_results *results, const vem_call *call);

/* ---- predictions ------------------------------------------------------------------------------------------------- */

/* sum_i exp(delta_i) K_i w + offset. kernels: new samples x n each; dual_weights n x t; deltas kernels_count x t or x
 * 1; offset (may be null) 1 x t; predictions (out) new samples x t. */
VEM_API int32_t vem_predict(
    vem_backend backend, const vem_matrix *kernels, int64_t kernels_count, const vem_matrix *dual_weights,
    const vem_matrix *deltas, const vem_matrix *offset, const vem_matrix *predictions, const vem_call *call);

/* Each space by itself; predictions (out) (kernels_count new samples) x t, space below space. */
VEM_API int32_t vem_predict_split(
    vem_backend backend, const vem_matrix *kernels, int64_t kernels_count, const vem_matrix *dual_weights,
    const vem_matrix *deltas, const vem_matrix *predictions, const vem_call *call);

/* X b + intercept. features new samples x p; weights p x t; intercept (may be null) 1 x t. */
VEM_API int32_t vem_predict_primal(
    vem_backend backend, const vem_matrix *features, const vem_matrix *weights, const vem_matrix *intercept,
    const vem_matrix *predictions, const vem_call *call);

/* Predicts and scores, tile by tile: r2 and correlation (out, may be null) 1 x t, r2_split (out, may be null)
 * kernels_count x t. truth: new samples x t, centred as the training responses were. */
VEM_API int32_t vem_predict_and_score(
    vem_backend backend, const vem_matrix *kernels, int64_t kernels_count, const vem_matrix *dual_weights,
    const vem_matrix *deltas, const vem_matrix *truth, const vem_matrix *r2, const vem_matrix *correlation,
    const vem_matrix *r2_split, const vem_call *call);

/* The same by a score of the caller's; intercept (may be null) 1 x t is taken off truth; scores (out, double) 1 x t. */
VEM_API int32_t vem_predict_and_score_custom(
    vem_backend backend, const vem_matrix *kernels, int64_t kernels_count, const vem_matrix *dual_weights,
    const vem_matrix *deltas, const vem_matrix *intercept, const vem_matrix *truth, vem_score_function function,
    void *user, const vem_matrix *scores, const vem_call *call);

/* exp(delta_i) X_i' w for each space: features n x p_i each, primal_weights (out) p_i x t each; deltas spaces_count x t
 * or x 1; null (with one space) for no weight. */
VEM_API int32_t vem_primal_weights(
    vem_backend backend, const vem_matrix *dual_weights, const vem_matrix *deltas, const vem_matrix *features,
    int64_t spaces_count, const vem_matrix *primal_weights, const vem_call *call);

/* ---- kernels ----------------------------------------------------------------------------------------------------- */

/* A kernel of himalaya's names: "linear", "polynomial" ("poly"), "rbf", "sigmoid", "cosine". X a x p; Y b x p, null for
 * X itself; K (out) a x b. Parameters that the kernel does not have are not looked at. */
VEM_API int32_t vem_pairwise_kernel(
    vem_backend backend, const char *name, const vem_kernel_parameters *parameters, const vem_matrix *X,
    const vem_matrix *Y, const vem_matrix *K, const vem_call *call);

/* Means of the columns of a training kernel n x n; column_means (out, double) 1 x n. */
VEM_API int32_t vem_kernel_means(vem_backend backend, const vem_matrix *K, const vem_matrix *column_means);

/* Centres a kernel between any samples and the training samples, in place, by the training kernel's means. K (in and
 * out) any x n. */
VEM_API int32_t vem_kernel_centre(vem_backend backend, const vem_matrix *column_means, const vem_matrix *K);

/* The linear kernel of sparse features, which are never made dense: on the processor, summed in double. X a x p; Y b x
 * p, null for X itself; K (out) a x b, symmetric to the bit where Y is null. */
VEM_API int32_t vem_csr_kernel(const vem_csr *X, const vem_csr *Y, const vem_matrix *K, const vem_call *call);

/* The same of dense Y, b x p. Given weights as Y (p x t, seen transposed by its strides) it predicts: K is X b, a x
 * t. */
VEM_API int32_t vem_csr_dense_kernel(
    const vem_csr *X, const vem_matrix *Y, const vem_matrix *K, const vem_call *call);

/* X' w: primal weights of sparse features n x p from dual_weights n x t; primal_weights (out) p x t. */
VEM_API int32_t vem_csr_primal_weights(
    const vem_csr *X, const vem_matrix *dual_weights, const vem_matrix *primal_weights, const vem_call *call);

/* ---- scores ------------------------------------------------------------------------------------------------------ */

/* kind: enum vem_score. truth, predictions n x t; scores (out) 1 x t. */
VEM_API int32_t vem_score_predictions(
    vem_backend backend, int32_t kind, const vem_matrix *truth, const vem_matrix *predictions,
    const vem_matrix *scores);

/* R2 split over spaces by the product measure; predictions (spaces_count n) x t, space below space; scores (out)
 * spaces_count x t. */
VEM_API int32_t vem_r2_split(
    vem_backend backend, const vem_matrix *truth, const vem_matrix *predictions, int64_t spaces_count,
    int32_t include_correlation, const vem_matrix *scores);

/* R2 split by relative weights (Johnson 2000). */
VEM_API int32_t vem_r2_split_relative_weights(
    vem_backend backend, const vem_matrix *truth, const vem_matrix *predictions, int64_t spaces_count,
    const vem_matrix *scores);

VEM_API int32_t vem_correlation_split(
    vem_backend backend, const vem_matrix *truth, const vem_matrix *predictions, int64_t spaces_count,
    const vem_matrix *scores);

/* ---- preparation ------------------------------------------------------------------------------------------------- */

/* Candidates of random search as himalaya draws them; gammas (out, double) candidates x kernels; concentrations_count
 * 0: 0.1 and 1; seed 0 to 2^32 - 1, or -1. */
VEM_API int32_t vem_dirichlet_samples(
    const double *concentrations, int64_t concentrations_count, int64_t seed, const vem_matrix *gammas);

/* Splits, in the lists that vem_splits points to. All four are written: train_ends and validation_ends have an entry a
 * split, train and validation the samples, ascending in each split. */

/* Contiguous folds of samples, the first samples mod folds of them one longer (seed -1), or folds of shuffled samples
 * (seed 0 to 2^32 - 1): those of scikit-learn's KFold. folds: 2 to samples. train (out): (folds - 1) samples;
 * validation (out): samples. */
VEM_API int32_t vem_k_fold(
    int64_t samples, int64_t folds, int64_t seed, int64_t *train, int64_t *train_ends, int64_t *validation,
    int64_t *validation_ends);

/* A split for each run, in the order in which they first appear. runs: samples labels, of r >= 2 runs.
 * train (out): (r - 1) samples; validation (out): samples. */
VEM_API int32_t vem_leave_one_run_out(
    const int32_t *runs, int64_t samples, int64_t *train, int64_t *train_ends, int64_t *validation,
    int64_t *validation_ends);

/* r splits that leave runs_out of the r runs out each (1 to r - 1; by chance some fewer), drawn as
 * generate_leave_one_run_out of voxelwise_tutorials draws them. The samples of a run lie side by side. seed 0 to
 * 2^32 - 1, or -1. There must be room for (r - 1) samples in train (out) and runs_out samples in validation (out); the
 * ends say what was written. */
VEM_API int32_t vem_leave_runs_out(
    const int32_t *runs, int64_t samples, int64_t runs_out, int64_t seed, int64_t *train, int64_t *train_ends,
    int64_t *validation, int64_t *validation_ends);

/* The largest eigenvalue of X'X, XX' or X (enum vem_lipschitz_product) for each matrix, by power iteration; constants
 * (out): count. */
VEM_API int32_t vem_lipschitz_constants(
    vem_backend backend, const vem_matrix *matrices, int64_t count, int32_t product, int64_t seed, double *constants);

/* Delayed copies of features: X n x p, delayed (out) n x (delays_count p). runs: n labels, null for one run. */
VEM_API int32_t vem_delays(
    const vem_matrix *X, const int32_t *delays, int64_t delays_count, const int32_t *runs, const vem_matrix *delayed);

/* The mean over delays of the weights of each feature, summed in double: weights (delays_count p) x t, delay by delay
 * as vem_delays orders columns; mean (out) p x t. (The weights of one delay are p rows of them: a vem_matrix of that
 * part.) */
VEM_API int32_t vem_delayed_weights_mean(const vem_matrix *weights, int64_t delays_count, const vem_matrix *mean);

/* Standardises columns inside runs, in place. runs: n labels, null for one run. */
VEM_API int32_t vem_zscore_runs(const vem_matrix *X, const int32_t *runs);

/* Explainable variance from repeats (n x t each, at least two); variance (out) 1 x t. memory_bytes 0 for the
 * default. */
VEM_API int32_t vem_explainable_variance(
    const vem_matrix *repeats, int64_t repeats_count, int32_t bias_correction, int32_t zscore, int64_t memory_bytes,
    const vem_matrix *variance, const vem_call *call);

/* The best score that a model can have against the mean of some repeats: kind is R2 or correlation; ceiling (out) 1 x
 * t. */
VEM_API int32_t vem_noise_ceiling(const vem_matrix *variance, int64_t repeats, int32_t kind, const vem_matrix *ceiling);

/* ---- priors ------------------------------------------------------------------------------------------------------ */

/* Tikhonov regression (Nunez-Elizalde, Huth and Gallant 2019) as a change of variables in front of any solver: weights
 * b ~ N(0, Sigma / alpha) with Sigma = S (x) F = L L' are b = L c, where c is what ridge regression finds on X L. F is
 * a covariance of p features, S one of d delays (double, symmetric positive definite, p x p and d x d; null: the
 * identity), X has their d p columns delay by delay, as vem_delays writes them. */

/* X L: features n x (d p), transformed (out) as X; new samples too. */
VEM_API int32_t vem_tikhonov_features(
    vem_backend backend, const vem_matrix *feature_covariance, const vem_matrix *delay_covariance, const vem_matrix *X,
    const vem_matrix *transformed);

/* X Sigma Z': X a x (d p); Z b x (d p), null for X itself; K (out) a x b: for kernel ridge. */
VEM_API int32_t vem_tikhonov_kernel(
    vem_backend backend, const vem_matrix *feature_covariance, const vem_matrix *delay_covariance, const vem_matrix *X,
    const vem_matrix *Z, const vem_matrix *K);

/* b = L c: weights c (d p) x t of X L, b (out) the weights of X. */
VEM_API int32_t vem_tikhonov_weights(
    vem_backend backend, const vem_matrix *feature_covariance, const vem_matrix *delay_covariance,
    const vem_matrix *weights, const vem_matrix *b, const vem_call *call);

/* The covariance of smooth sequences of weights: the inverse of D'D + ridge I, D their differences of order 1 or 2.
 * covariance (out, double) d x d. */
VEM_API int32_t vem_smoothness_covariance(
    vem_backend backend, int32_t order, double ridge, const vem_matrix *covariance);

/* The covariance of weights over delays (in samples of repetition_time seconds) that look like a haemodynamic response,
 * its derivatives in time and width with it; ridge, over 0, is the variance left to other shapes. covariance (out,
 * double) delays_count x delays_count. */
VEM_API int32_t vem_haemodynamic_covariance(
    vem_backend backend, const int32_t *delays, int64_t delays_count, double repetition_time, double ridge,
    const vem_matrix *covariance);

/* ---- factorisations: of count matrices stacked by rows ----------------------------------------------------------- */

/* C = alpha A B + beta C: A (count m) x k, B (count k) x n, C (in and out; only out where beta is 0) (count m) x n. */
VEM_API int32_t vem_gemm(
    vem_backend backend, double alpha, const vem_matrix *A, const vem_matrix *B, double beta, const vem_matrix *C,
    int64_t count, const vem_call *call);

/* A = L L' in place, A (count n) x n: L in the lower triangle, zeros above. Only the lower triangle is read. */
VEM_API int32_t vem_cholesky(vem_backend backend, const vem_matrix *A, int64_t count, const vem_call *call);

/* From the factors that vem_cholesky left, the inverses, in place. */
VEM_API int32_t vem_cholesky_inverse(vem_backend backend, const vem_matrix *A, int64_t count, const vem_call *call);

/* A = Q diag(w) Q': A (in and out) (count n) x n becomes Q; eigenvalues (out) count x n, ascending. Only the lower
 * triangle is read. */
VEM_API int32_t vem_symmetric_eigen(
    vem_backend backend, const vem_matrix *A, const vem_matrix *eigenvalues, int64_t count, const vem_call *call);

/* A = U diag(s) Vt, k = min(m, n): A (count m) x n; U (out) (count m) x k; s (out) count x k, descending; Vt (out)
 * (count k) x n. */
VEM_API int32_t vem_svd(
    vem_backend backend, const vem_matrix *A, const vem_matrix *U, const vem_matrix *s, const vem_matrix *Vt,
    int64_t count, const vem_call *call);

#ifdef __cplusplus
}
#endif

#endif
