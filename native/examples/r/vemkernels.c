/* Ridge for R, by .Call: R's matrices are column-major doubles, which come in where they lie.
 *
 *     PKG_CPPFLAGS=$(pkg-config --cflags vemkernels) PKG_LIBS=$(pkg-config --libs vemkernels) R CMD SHLIB vemkernels.c
 *     Rscript ridge.R
 */
#include <R.h>
#include <Rinternals.h>
#include <string.h>

#include <vemkernels.h>

static void check(int32_t status)
{
    if (status != VEM_OK) {
        char text[1024];
        vem_last_error(text, sizeof text);
        Rf_error("%s", text);
    }
}

static vem_matrix view(SEXP matrix)
{
    vem_matrix m;
    memset(&m, 0, sizeof m);
    m.data = REAL(matrix);
    m.type = VEM_FLOAT64;
    m.rows = Rf_nrows(matrix);
    m.columns = Rf_ncols(matrix);
    m.row_stride = 1;
    m.column_stride = m.rows;
    return m;
}

/* What the processor's backend computes with: the loader has taken the library's build for AVX-512 where the processor
 * has it. */
SEXP vemkernels_instruction_set(void)
{
    vem_backend backend;
    vem_backend_information information = {sizeof information};
    check(vem_backend_create("simd", 0, &backend));
    int32_t status = vem_backend_info(backend, &information);
    vem_backend_free(backend);
    check(status);
    return Rf_mkString(information.instruction_set);
}

/* ridge(X, Y, alphas): weights, features x targets. */
SEXP vemkernels_ridge(SEXP X, SEXP Y, SEXP alphas)
{
    vem_backend backend;
    vem_ridge_options options;
    if (!Rf_isReal(X) || !Rf_isReal(Y) || !Rf_isReal(alphas) || !Rf_isMatrix(X) || !Rf_isMatrix(Y))
        Rf_error("X and Y must be matrices of doubles, alphas doubles");
    SEXP weights = PROTECT(Rf_allocMatrix(REALSXP, Rf_ncols(X), Rf_ncols(Y)));
    vem_matrix features = view(X), targets = view(Y), result = view(weights);
    check(vem_ridge_options_init(&options, sizeof options));
    options.alphas = REAL(alphas);
    options.alphas_count = XLENGTH(alphas);
    check(vem_backend_create("simd", 0, &backend));
    int32_t status = vem_ridge(backend, &features, &targets, &options, &result, NULL, NULL, NULL);
    vem_backend_free(backend);
    check(status);
    UNPROTECT(1);
    return weights;
}
