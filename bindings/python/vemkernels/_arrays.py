"""Arrays of the caller's as matrices of the C library, without a copy where their memory can be used as it is."""
import ctypes
from ctypes import addressof

import numpy as np

from . import _dlpack, _native
from ._dlpack import DeviceArray
from ._native import CUDA, FLOAT32, FLOAT64, HOST, MATRIX_BYTES, Matrix, pack_matrix
from .backend import current_functions, current_handle, handle_of, is_cpu_forced

_FLOAT32, _FLOAT64 = np.dtype(np.float32), np.dtype(np.float64)

_one_byte = ctypes.c_char.from_buffer
_one_matrix = Matrix * 1


def to_numpy(array):
    """Any array as a numpy array: numpy's own as they are, others of the processor's memory without a copy, those of a
    GPU copied."""
    if array is None or isinstance(array, np.ndarray):
        return array
    if hasattr(array, "detach"):  # torch
        array = array.detach()
        return array.numpy() if array.device.type == "cpu" else array.cpu().numpy()
    found = _dlpack.device_array(array)
    if found is not None:
        return _dlpack.to_host(found)
    if hasattr(array, "__dlpack__") and not hasattr(array, "__array__"):
        return np.from_dlpack(array)
    return np.asarray(array)


def like(result, reference):
    """A result as an array of the kind, and on the device, of a reference of the caller's.

    After `set_backend` of another library than numpy, a reference that is no array of such a library counts as one of
    that.
    """
    if result is None or reference is None:
        return result
    if isinstance(reference, DeviceArray):
        reference = reference.native
    if isinstance(result, DeviceArray):
        result = result.native
    elif type(reference) is np.ndarray:
        functions = current_functions()
        return result if functions is None else functions.asarray(result)
    if hasattr(reference, "detach"):
        import torch
        home = "cpu" if is_cpu_forced() else reference.device
        return torch.as_tensor(np.asarray(result) if isinstance(result, np.generic) else result).to(home)
    if type(reference).__module__.startswith("cupy"):
        import cupy
        return result if is_cpu_forced() else cupy.asarray(result)
    if hasattr(reference, "__array_namespace__"):
        return reference.__array_namespace__().asarray(result)
    functions = current_functions()
    return result if functions is None else functions.asarray(result)


def floats(array, dtype=None, ndim=(2,), name="array", near=None):
    """A float32 or float64 array, numpy's or a DeviceArray; anything else becomes float64 (or dtype). No copy where
    none is needed.

    Parameters
    ----------
    array : array-like
    dtype : float32 or float64, or None for the array's own
    ndim : tuple of int, the numbers of dimensions that are right
    name : str, for messages
    near : an array that this one must be reachable beside: arrays on a GPU stay there only if it does
    """
    functions = current_functions()
    if functions is not None and functions.on_device and (near is None or isinstance(near, DeviceArray)):
        array = functions.asarray(array)
    if type(array) is not np.ndarray:
        if not is_cpu_forced() and (near is None or isinstance(near, DeviceArray)):
            found = _dlpack.device_array(array)
            if found is not None:
                return _device_floats(found, dtype, ndim, name)
        array = _host_array(array)
    kind = array.dtype
    if kind.kind == "c":
        raise ValueError(f"Complex data not supported: {name} has dtype {kind}.")
    wanted = (kind if kind is _FLOAT32 or kind is _FLOAT64 else _float_of(kind)) if dtype is None else dtype
    if kind is not wanted:
        array = np.asarray(array, dtype=wanted)
    if array.ndim not in ndim:
        raise ValueError(f"{name} has {array.ndim} dimensions; expected {' or '.join(map(str, ndim))}.")
    return array if array.flags.aligned else array.copy()


def _float_of(dtype):
    return _FLOAT32 if dtype == _FLOAT32 else _FLOAT64


def _host_array(array):
    if hasattr(array, "toarray"):  # scipy's sparse matrices
        array = array.toarray()
    if hasattr(array, "detach") and str(array.dtype) not in ("torch.float32", "torch.float64"):
        array = array.double()  # also of types that numpy has not
    return np.asarray(to_numpy(array))


def _device_floats(array, dtype, ndim, name):
    if array.dtype.kind == "c":
        raise ValueError(f"Complex data not supported: {name} has dtype {array.dtype}.")
    if array.ndim not in ndim:
        raise ValueError(f"{name} has {array.ndim} dimensions; expected {' or '.join(map(str, ndim))}.")
    wanted = np.dtype(dtype) if dtype is not None else _float_of(array.dtype)
    if array.dtype == wanted:
        return array
    native = array.native
    if hasattr(native, "detach"):
        import torch
        return _dlpack.device_array(native.to(getattr(torch, wanted.name)))
    if hasattr(native, "astype"):
        return _dlpack.device_array(native.astype(wanted))
    raise TypeError(f"{name} has dtype {array.dtype} on a GPU; expected {wanted}.")


def empty(shape, dtype, near):
    """Memory for a result: a numpy array, or where `near` lies on a GPU a DeviceArray there, of its library."""
    if isinstance(near, DeviceArray):
        library = type(near.native).__module__.split(".")[0]
        if library == "torch":
            import torch
            return _dlpack.device_array(
                torch.empty(shape, dtype=getattr(torch, np.dtype(dtype).name), device=near.native.device))
        if library == "cupy":
            import cupy
            with cupy.cuda.Device(near.device):
                return _dlpack.device_array(cupy.empty(shape, dtype))
    return np.empty(shape, dtype)


def backend_of(near):
    """The handle of the device that computes: the GPU where an array lies, else the one that `set_backend` chose."""
    return handle_of(f"cuda:{near.device}") if isinstance(near, DeviceArray) else current_handle()


def _address(array):
    """Where a numpy array begins: the buffer protocol says it in half the time of `array.ctypes`, if it may be
    written."""
    return addressof(_one_byte(array)) if array.flags.carray and array.size else array.ctypes.data


def _fields(array):
    """The fields of a vem_matrix of a 2-dimensional array, in their order."""
    size = array.itemsize
    rows, columns = array.shape
    row_stride, column_stride = array.strides
    if row_stride % size or column_stride % size:
        raise ValueError("An array whose strides are not whole elements cannot be used; make a copy of it.")
    kind = FLOAT32 if array.dtype == _FLOAT32 else FLOAT64
    if type(array) is DeviceArray:
        return array.address, kind, CUDA, rows, columns, row_stride // size, column_stride // size, array.stream, 0
    return _address(array), kind, HOST, rows, columns, row_stride // size, column_stride // size, 0, 0


def describe(array):
    """What a call takes as a pointer to the vem_matrix of a 2-dimensional array. The caller keeps the array."""
    matrix = _one_matrix()
    pack_matrix(matrix, 0, *_fields(array))
    return matrix


def describe_all(arrays):
    """What a call takes as a pointer to vem_matrix: of a list of matrices, or of a stack of three dimensions."""
    matrices = (Matrix * len(arrays))()
    if type(arrays) is np.ndarray:
        size = arrays.itemsize
        _, rows, columns = arrays.shape
        step, row_stride, column_stride = arrays.strides
        if row_stride % size or column_stride % size:
            raise ValueError("An array whose strides are not whole elements cannot be used; make a copy of it.")
        kind, address = FLOAT32 if arrays.dtype == _FLOAT32 else FLOAT64, _address(arrays)
        for offset in range(0, len(arrays) * MATRIX_BYTES, MATRIX_BYTES):
            pack_matrix(
                matrices, offset, address, kind, HOST, rows, columns, row_stride // size, column_stride // size, 0, 0)
            address += step
    else:
        for i, array in enumerate(arrays):
            pack_matrix(matrices, i * MATRIX_BYTES, *_fields(array))
    return matrices


class Sparse:
    """A sparse matrix of scipy's as vem_csr, with the arrays that it points to; they are scipy's own where their types
    fit."""

    def __init__(self, matrix, dtype, name):
        matrix = matrix.tocsr()
        if matrix.nnz > np.iinfo(np.int32).max:
            raise ValueError(f"{name} has {matrix.nnz} entries; expected at most {np.iinfo(np.int32).max}.")
        self.shape, self.dtype = matrix.shape, dtype
        self._keep = values, columns, rows = (
            np.ascontiguousarray(matrix.data, dtype), np.ascontiguousarray(matrix.indices, np.int32),
            np.ascontiguousarray(matrix.indptr, np.int32))
        self.structure = _native.Csr(
            ctypes.sizeof(_native.Csr), *self.shape, len(values), values.ctypes.data, columns.ctypes.data,
            rows.ctypes.data, FLOAT32 if dtype == _FLOAT32 else FLOAT64, 0)

    @property
    def pointer(self):
        """What a call of the C library takes."""
        return ctypes.byref(self.structure)


def is_sparse(array):
    """Whether an array is a sparse matrix of scipy's."""
    return hasattr(array, "tocsr") and hasattr(array, "nnz")


def put(structure, field, array):
    """Describes a 2-dimensional array in a field of a structure; returns the array, which the caller keeps."""
    pack_matrix(structure, getattr(type(structure), field).offset, *_fields(array))
    return array


def output(structure, field, rows, columns, dtype, near):
    """Memory for a result of a solver, as `empty`, described in a field of its structure of results."""
    if type(near) is DeviceArray:
        return put(structure, field, empty((rows, columns), dtype, near))
    array = np.empty((rows, columns), dtype)
    pack_matrix(
        structure, getattr(type(structure), field).offset, addressof(_one_byte(array)) if rows and columns else 0,
        FLOAT32 if dtype == _FLOAT32 else FLOAT64, HOST, rows, columns, columns, 1, 0, 0)
    return array


def copy_between(source, destination):
    """Copies a matrix between a GPU and host memory by the C library: C = 1 A I + 0 C of one factor."""
    near = source if isinstance(source, DeviceArray) else destination
    unit = np.eye(source.shape[1], dtype=source.dtype)
    _native.call(
        "vem_gemm", backend_of(near), ctypes.c_double(1), describe(source), describe(unit), ctypes.c_double(0),
        describe(destination), ctypes.c_int64(1), None)


def view(matrix):
    """A numpy view of a vem_matrix in host memory, valid as long as that is."""
    dtype = _FLOAT32 if matrix.type == FLOAT32 else _FLOAT64
    if matrix.rows == 0 or matrix.columns == 0:
        return np.empty((matrix.rows, matrix.columns), dtype)
    span = (matrix.rows - 1) * matrix.row_stride + (matrix.columns - 1) * matrix.column_stride + 1
    buffer = (ctypes.c_char * (span * dtype.itemsize)).from_address(matrix.data)
    flat = np.frombuffer(buffer, dtype)
    return np.lib.stride_tricks.as_strided(
        flat, (matrix.rows, matrix.columns),
        (matrix.row_stride * dtype.itemsize, matrix.column_stride * dtype.itemsize))


def doubles(values):
    """A list of numbers as a float64 array of one dimension, or None."""
    return None if values is None else np.ascontiguousarray(to_numpy(values), dtype=np.float64).reshape(-1)


def set_list(structure, field, values):
    """Sets a field and its count; returns what the caller keeps alive."""
    if type(values) in (float, int):
        values = (values,)
    if type(values) in (list, tuple):
        try:
            count, values = len(values), (ctypes.c_double * len(values))(*values)
        except TypeError:  # lists of arrays, or of lists
            return set_list(structure, field, np.asarray(values, dtype=np.float64))
        if count:
            setattr(structure, field, addressof(values))
            setattr(structure, field + "_count", count)
        return values
    values = doubles(values)
    if values is not None and values.size:
        setattr(structure, field, _address(values))
        setattr(structure, field + "_count", values.size)
    return values
