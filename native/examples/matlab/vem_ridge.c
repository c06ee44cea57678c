/* weights = vem_ridge(X, Y, alphas) for MATLAB and Octave: their matrices are column-major, and come in where they lie.
 * vem_ridge() without arguments returns what the processor's backend computes with: the loader has taken the library's
 * build for AVX-512 where the processor has it.
 *
 *     mkoctfile --mex vem_ridge.c $(pkg-config --cflags --libs vemkernels)        Octave
 *     mex vem_ridge.c -IPREFIX/include -LPREFIX/lib -lvemkernels                  MATLAB
 */
#include <mex.h>
#include <stdint.h>
#include <string.h>

#include <vemkernels.h>

static void check(int32_t status)
{
    if (status != VEM_OK) {
        static char text[1024];
        vem_last_error(text, sizeof text);
        mexErrMsgIdAndTxt("vemkernels:failed", "%s", text);
    }
}

static vem_matrix view(const mxArray *array)
{
    vem_matrix m;
    memset(&m, 0, sizeof m);
    m.data = mxGetData(array);
    m.type = mxIsSingle(array) ? VEM_FLOAT32 : VEM_FLOAT64;
    m.rows = (int64_t)mxGetM(array);
    m.columns = (int64_t)mxGetN(array);
    m.row_stride = 1;
    m.column_stride = m.rows;
    return m;
}

static int is_real(const mxArray *array) { return (mxIsDouble(array) || mxIsSingle(array)) && !mxIsComplex(array); }

void mexFunction(int outputs, mxArray *output[], int inputs, const mxArray *input[])
{
    vem_backend backend;
    vem_ridge_options options;
    if (inputs == 0) {
        vem_backend_information information = {sizeof information};
        check(vem_backend_create("simd", 0, &backend));
        int32_t found = vem_backend_info(backend, &information);
        vem_backend_free(backend);
        check(found);
        output[0] = mxCreateString(information.instruction_set);
        return;
    }
    if (inputs != 3 || outputs > 1 || !is_real(input[0]) || !is_real(input[1]) || !mxIsDouble(input[2]))
        mexErrMsgIdAndTxt("vemkernels:arguments",
            "weights = vem_ridge(X, Y, alphas): X and Y single or double, alphas double");
    output[0] = mxCreateNumericMatrix(mxGetN(input[0]), mxGetN(input[1]), mxGetClassID(input[1]), mxREAL);
    vem_matrix features = view(input[0]), targets = view(input[1]), weights = view(output[0]);
    check(vem_ridge_options_init(&options, sizeof options));
    options.alphas = mxGetPr(input[2]);
    options.alphas_count = (int64_t)mxGetNumberOfElements(input[2]);
    check(vem_backend_create("simd", 0, &backend));
    int32_t status = vem_ridge(backend, &features, &targets, &options, &weights, NULL, NULL, NULL);
    vem_backend_free(backend);
    check(status);
}
