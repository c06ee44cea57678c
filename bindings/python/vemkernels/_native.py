"""The C library: finding it, its structures, its errors. native/include/vemkernels.h is what all of this mirrors."""
import ctypes
import os
import pathlib
import struct
import threading

ABI_VERSION = 1

FLOAT32, FLOAT64 = 1, 2
HOST, CUDA = 0, 1

_OK, _INVALID_ARGUMENT, _INVALID_HANDLE, _OUT_OF_MEMORY, _CANCELLED = range(5)
_NOT_POSITIVE_DEFINITE, _NOT_SUPPORTED, _CALLBACK_FAILED, _FORKED, _INTERNAL = range(5, 10)

c_double_p = ctypes.POINTER(ctypes.c_double)
c_int32_p = ctypes.POINTER(ctypes.c_int32)
c_int64_p = ctypes.POINTER(ctypes.c_int64)


class Matrix(ctypes.Structure):
    """vem_matrix."""

    _fields_ = [
        ("data", ctypes.c_void_p), ("type", ctypes.c_int32), ("memory", ctypes.c_int32), ("rows", ctypes.c_int64),
        ("columns", ctypes.c_int64), ("row_stride", ctypes.c_int64), ("column_stride", ctypes.c_int64),
        ("stream", ctypes.c_void_p), ("reserved", ctypes.c_int64)]


#: Writes a vem_matrix into memory: its fields in their order. Faster than a Matrix where many are filled.
pack_matrix = struct.Struct("@Pii4qPq").pack_into
MATRIX_BYTES = ctypes.sizeof(Matrix)

MatrixPointer = ctypes.POINTER(Matrix)
ProgressFunction = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_double)
ScoreFunction = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p, MatrixPointer, MatrixPointer, c_double_p)

_TYPES = {
    "i": ctypes.c_int32, "l": ctypes.c_int64, "d": ctypes.c_double, "p": ctypes.c_void_p,
    # addresses of lists: numbers are set faster than pointers with a type
    "pd": ctypes.c_void_p, "pi": ctypes.c_void_p, "pl": ctypes.c_void_p, "m": Matrix, "score": ScoreFunction,
    "progress": ProgressFunction, "handle": ctypes.c_uint64}


def _structure(name, fields):
    """A structure that begins with its size; fields are "name:type" with the letters above."""
    members = [("size", ctypes.c_int64)]
    for field in fields.split():
        field, _, kind = field.partition(":")
        members.append((field, _TYPES[kind]))
    return type(name, (ctypes.Structure,), {"_fields_": members, "__doc__": f"vem_{name} of the header."})


Splits = _structure("splits", "count:l train:pl train_ends:pl validation:pl validation_ends:pl")
Csr = _structure("csr", "rows:l columns:l entries:l values:p column_indices:p row_pointers:p type:i reserved:i")
Call = _structure("call", "cancellation:handle progress:progress progress_user:p")
RidgeOptions = _structure(
    "ridge_options", "alphas:pd alphas_count:l sample_weights:pd sample_weights_count:l memory_bytes:l solver:i "
    "fit_intercept:i check_finite:i reserved:i")
RandomSearchOptions = _structure(
    "random_search_options", "alphas:pd alphas_count:l score_function:score score_user:p memory_bytes:l seed:l "
    "redundant_alpha_tolerance:d score:i fit_intercept:i local_alpha:i share_candidate:i conservative:i "
    "jitter_alphas:i space:i "
    "way:i diagonalization:i check_finite:i")
RandomSearchResults = _structure(
    "random_search_results",
    "deltas:m best_alphas:m cv_scores:m dual_weights:m primal_weights:m intercept:m best_candidates:pi")
_DUAL = (
    "alphas:pd alphas_count:l sample_weights:pd sample_weights_count:l step_sizes:pd step_sizes_count:l "
    "lipschitz_constants:pd "
         "lipschitz_constants_count:l ")
KernelRidgeOptions = _structure(
    "kernel_ridge_options",
    _DUAL + "tolerance:d max_iterations:l seed:l memory_bytes:l solver:i negative_eigenvalues:i "
    "fit_intercept:i double_k:i check_finite:i reserved:i")
WeightedKernelRidgeOptions = _structure(
    "weighted_kernel_ridge_options",
    _DUAL + "neumann_factors:pd neumann_factors_count:l tolerance:d max_iterations:l seed:l "
    "memory_bytes:l solver:i fit_intercept:i double_k:i check_finite:i")
HyperGradientOptions = _structure(
    "hyper_gradient_options",
    "cg_tolerances:pd cg_tolerances_count:l score_function:score score_user:p tolerance:d initial_delta:d "
    "memory_bytes:l seed:l max_iterations:i max_inner_dual_iterations:i max_inner_hyper_iterations:i method:i "
    "inner_method:i initial:i "
    "score:i fit_intercept:i check_finite:i reserved:i")
HyperGradientResults = _structure(
    "hyper_gradient_results", "deltas:m cv_scores:m dual_weights:m primal_weights:m intercept:m iterations:pi")
SparseGroupLassoOptions = _structure(
    "sparse_group_lasso_options",
    "l21:pd l21_count:l l1:pd l1_count:l groups:pi groups_count:l tolerance:d lipschitz:d memory_bytes:l "
    "max_iterations:i momentum:i negative_groups:i gradient:i fit_intercept:i score:i check_finite:i reserved:i")
SparseGroupLassoResults = _structure(
    "sparse_group_lasso_results",
    "weights:m intercept:m cv_scores:m best_l21:m best_l1:m best_candidates:pi iterations:pi converged:pi "
    "lipschitz:pd")
KernelParameters = _structure("kernel_parameters", "gamma:d coef0:d degree:d check_finite:i reserved:i")

#: Structures with defaults, and the function that writes them.
_INITIALISED = {
    RidgeOptions: "vem_ridge_options_init", RandomSearchOptions: "vem_random_search_options_init",
    RandomSearchResults: "vem_random_search_results_init", KernelRidgeOptions: "vem_kernel_ridge_options_init",
    WeightedKernelRidgeOptions: "vem_weighted_kernel_ridge_options_init",
    HyperGradientOptions: "vem_hyper_gradient_options_init",
    HyperGradientResults: "vem_hyper_gradient_results_init",
    SparseGroupLassoOptions: "vem_sparse_group_lasso_options_init",
    SparseGroupLassoResults: "vem_sparse_group_lasso_results_init", KernelParameters: "vem_kernel_parameters_init"}

_V3_FLAGS = {"avx2", "bmi1", "bmi2", "f16c", "fma", "movbe"}
_V4_FLAGS = {"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"}


def _processor_flags():
    """What the processor can do, as the kernel names it; None where it does not say."""
    try:
        for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("flags"):
                return set(line.split(":", 1)[1].split())
    except OSError:
        pass
    return None


def library_path():
    """Where the C library is: VEM_LIBRARY (a file), the package's own folder, or the loader's path."""
    named = os.environ.get("VEM_LIBRARY")
    if named:
        return named
    folder = pathlib.Path(__file__).parent / "lib"
    best = folder / "glibc-hwcaps/x86-64-v4/libvemkernels.so.0"
    plain = folder / "libvemkernels.so.0"
    flags = _processor_flags()
    if flags is not None and not _V3_FLAGS <= flags:
        raise ImportError(
            "vemkernels needs a processor with AVX2 (x86-64-v3); this one lacks "
            f"{', '.join(sorted(_V3_FLAGS - flags))}.")
    if best.exists() and flags is not None and _V4_FLAGS <= flags:  # a loader by absolute path has to look itself
        return str(best)
    return str(plain) if plain.exists() else "libvemkernels.so.0"


_templates = {}
_loaded = None
_forked = False
_lock = threading.Lock()


def _after_fork():
    global _forked
    _forked = _loaded is not None


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)


def library():
    """The C library, loaded at first use."""
    global _loaded
    if _forked:
        raise RuntimeError(
            "This process is a fork of one that had loaded vemkernels, whose threads are not here. Import and use it "
            "in the children only, or "
            "start them by multiprocessing.set_start_method('spawn').")
    if _loaded is None:
        with _lock:
            if _loaded is None:
                path = library_path()
                try:
                    found = ctypes.CDLL(path)
                except OSError as error:
                    raise ImportError(
                        f"The C library of vemkernels was not found ({path}: {error}). Build it by build-native.sh, "
                        "and name it in VEM_LIBRARY "
                        "or install the wheel, which carries it.") from error
                version = found.vem_abi_version()
                if version != ABI_VERSION:
                    raise ImportError(
                        f"{path} has version {version} of the C interface; this package needs {ABI_VERSION}.")
                found.vem_last_error.restype = ctypes.c_int64
                found.vem_last_error.argtypes = [ctypes.c_char_p, ctypes.c_int64]
                found.vem_version_string.restype = ctypes.c_char_p
                _loaded = found
    return _loaded


def last_error():
    """The text of this thread's last failure."""
    needed = library().vem_last_error(None, 0)
    buffer = ctypes.create_string_buffer(needed + 1)
    library().vem_last_error(buffer, needed + 1)
    return buffer.value.decode("utf-8", "replace")


def check(status):
    """Raises what a status stands for."""
    if status == _OK:
        return
    text = last_error()
    if status == _CANCELLED:
        raise KeyboardInterrupt(text)
    if status in (_INVALID_ARGUMENT, _INVALID_HANDLE):
        raise ValueError(text)
    if status == _OUT_OF_MEMORY:
        raise MemoryError(text)
    if status == _NOT_POSITIVE_DEFINITE:
        import numpy
        raise numpy.linalg.LinAlgError(text)
    raise RuntimeError(text)


def call(name, *arguments):
    """Calls a function that returns a status."""
    check(getattr(library(), name)(*arguments))


def defaults(structure):
    """A structure with its defaults: a copy of what the C library wrote once."""
    template = _templates.get(structure)
    if template is None:
        template = structure()
        if structure in _INITIALISED:
            call(_INITIALISED[structure], ctypes.byref(template), ctypes.c_int64(ctypes.sizeof(template)))
        else:
            template.size = ctypes.sizeof(template)
        _templates[structure] = template
    return structure.from_buffer_copy(template)


def version():
    """Version of the C library."""
    return library().vem_version_string().decode()
