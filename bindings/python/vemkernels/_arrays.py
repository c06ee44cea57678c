"""Arrays of the caller's as matrices of the C library, without a copy where their memory can be used as it is."""
import ctypes

import numpy as np

from . import _native


def to_numpy(array):
    """Any array as a numpy array: numpy's own as they are, tensors of the processor's memory without a copy, others copied to it."""
    if array is None or isinstance(array, np.ndarray):
        return array
    if hasattr(array, "detach"):  # torch
        array = array.detach()
        return array.cpu().numpy() if array.device.type != "cpu" else array.numpy()
    if hasattr(array, "get") and hasattr(array, "__cuda_array_interface__"):  # CuPy
        return array.get()
    return np.asarray(array)


def like(result, reference):
    """A numpy result as an array of the kind, and on the device, of a reference of the caller's."""
    if result is None or reference is None or isinstance(reference, np.ndarray):
        return result
    if hasattr(reference, "detach"):
        import torch
        return torch.from_numpy(np.ascontiguousarray(result)).to(reference.device)
    if hasattr(reference, "__cuda_array_interface__"):
        import cupy
        return cupy.asarray(result)
    return result


def floats(array, dtype=None, ndim=(2,), name="array"):
    """A float32 or float64 array; anything else becomes float64 (or dtype). No copy where none is needed."""
    array = to_numpy(array)
    if hasattr(array, "toarray"):  # scipy's sparse matrices
        array = array.toarray()
    array = np.asarray(array)
    if dtype is None:
        dtype = array.dtype if array.dtype in (np.float32, np.float64) else np.dtype(np.float64)
    if array.dtype.kind == "c":
        raise ValueError(f"Complex data not supported: {name} has dtype {array.dtype}.")
    array = np.asarray(array, dtype=dtype)
    if array.ndim not in ndim:
        raise ValueError(f"{name} has {array.ndim} dimensions; expected {' or '.join(map(str, ndim))}.")
    return array if array.dtype.isnative else array.astype(dtype.newbyteorder("="))


def describe(array):
    """A vem_matrix of a 2-dimensional numpy array, by its address and strides. The caller keeps the array."""
    size = array.itemsize
    if any(stride % size for stride in array.strides) or not array.flags.aligned:
        raise ValueError("An array whose strides are not whole elements cannot be used; make a copy of it.")
    kind = _native.FLOAT32 if array.dtype == np.float32 else _native.FLOAT64
    rows, columns = array.shape
    return _native.Matrix(
        array.ctypes.data, kind, _native.HOST, rows, columns, array.strides[0] // size, array.strides[1] // size, None, 0)


def describe_all(arrays):
    """An array of vem_matrix."""
    return (_native.Matrix * len(arrays))(*[describe(array) for array in arrays])


def view(matrix):
    """A numpy view of a vem_matrix in host memory, valid as long as that is."""
    dtype = np.dtype(np.float32 if matrix.type == _native.FLOAT32 else np.float64)
    if matrix.rows == 0 or matrix.columns == 0:
        return np.empty((matrix.rows, matrix.columns), dtype)
    span = (matrix.rows - 1) * matrix.row_stride + (matrix.columns - 1) * matrix.column_stride + 1
    buffer = (ctypes.c_char * (span * dtype.itemsize)).from_address(matrix.data)
    flat = np.frombuffer(buffer, dtype)
    return np.lib.stride_tricks.as_strided(
        flat, (matrix.rows, matrix.columns), (matrix.row_stride * dtype.itemsize, matrix.column_stride * dtype.itemsize))


def doubles(values):
    """A list of numbers as a float64 array, or None."""
    return None if values is None else np.ascontiguousarray(to_numpy(values), dtype=np.float64).reshape(-1)


def set_list(structure, field, values):
    """Sets a field and its count; returns what the caller keeps alive."""
    values = doubles(values)
    if values is not None and values.size:
        setattr(structure, field, values.ctypes.data_as(_native.c_double_p))
        setattr(structure, field + "_count", values.size)
    return values
