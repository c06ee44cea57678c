"""Arrays in the memory of a GPU by DLPack (its version 0 structures) and the CUDA array interface: addresses, nothing
copied."""
import ctypes

import numpy as np

CUDA, CUDA_MANAGED = 2, 13

#: The legacy default stream, as the driver and both protocols number it; 0 stands for no stream.
LEGACY_STREAM = 1


class _Tensor(ctypes.Structure):
    """DLTensor, which DLManagedTensor begins with."""

    _fields_ = [
        ("data", ctypes.c_void_p), ("device_type", ctypes.c_int32), ("device_id", ctypes.c_int32),
        ("ndim", ctypes.c_int32),
        ("code", ctypes.c_uint8), ("bits", ctypes.c_uint8), ("lanes", ctypes.c_uint16),
        ("shape", ctypes.POINTER(ctypes.c_int64)),
        ("strides", ctypes.POINTER(ctypes.c_int64)), ("byte_offset", ctypes.c_uint64)]


_pointer_of = ctypes.pythonapi.PyCapsule_GetPointer
_pointer_of.restype, _pointer_of.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]

_KINDS = {0: "i", 1: "u", 2: "f", 5: "c"}


class _Memory:
    """Somebody's memory as numpy's array interface describes it. numpy makes views of it without reading it."""

    def __init__(self, address, shape, dtype, strides, keep):
        self.__array_interface__ = {
            "data": (address or 0, False), "shape": shape, "typestr": dtype.str, "strides": strides, "version": 3}
        self.keep = keep


class DeviceArray:
    """An array in the memory of a GPU: shape, dtype and strides as numpy has them, and where it lies.

    Attributes
    ----------
    native : the caller's array, of its own library
    device : int, the ordinal of the GPU
    stream : int, the stream that its contents are ordered on
    """

    __slots__ = ("native", "device", "stream", "_layout")

    def __init__(self, native, device, stream, layout):
        self.native, self.device, self.stream, self._layout = native, device, stream, layout

    shape = property(lambda self: self._layout.shape)
    ndim = property(lambda self: self._layout.ndim)
    size = property(lambda self: self._layout.size)
    dtype = property(lambda self: self._layout.dtype)
    strides = property(lambda self: self._layout.strides)
    itemsize = property(lambda self: self._layout.itemsize)
    address = property(lambda self: self._layout.__array_interface__["data"][0])

    def __len__(self):
        return self._layout.shape[0]

    def __getitem__(self, index):
        """A view by integers, slices and None. Never an element: that would be a read of memory that the host cannot
        see."""
        items = index if isinstance(index, tuple) else (index,)
        if sum(isinstance(item, int) for item in items) >= self.ndim or not all(
                item is None or isinstance(item, (int, slice)) for item in items):
            raise TypeError(
                f"An array on a GPU was indexed by {index!r}; expected integers, slices and None that leave a "
                "dimension.")
        native = self.native[index] if hasattr(self.native, "__getitem__") else self.native
        return DeviceArray(native, self.device, self.stream, self._layout[index])

    def __iter__(self):
        return (self[i] for i in range(len(self)))


def _current_stream(array, device):
    """The stream that the array's library works on."""
    library = type(array).__module__.split(".")[0]
    if library == "torch":
        import torch
        return torch.cuda.current_stream(device).cuda_stream or LEGACY_STREAM
    if library == "cupy":
        import cupy
        return cupy.cuda.get_current_stream().ptr or LEGACY_STREAM
    return LEGACY_STREAM


def device_array(array):
    """A DeviceArray of an array that lies on a GPU of CUDA's; None for any other."""
    if isinstance(array, DeviceArray):
        return array
    if hasattr(array, "__dlpack_device__"):
        kind, device = array.__dlpack_device__()
        return _by_dlpack(array, device) if kind in (CUDA, CUDA_MANAGED) else None
    return _by_interface(array) if hasattr(array, "__cuda_array_interface__") else None


def _by_dlpack(array, device):
    if hasattr(array, "detach"):
        array = array.detach()
    stream = _current_stream(array, device)
    capsule = array.__dlpack__(stream=stream)  # never consumed: when it goes, it frees what it holds
    tensor = _Tensor.from_address(_pointer_of(capsule, b"dltensor"))
    if tensor.lanes != 1 or tensor.code not in _KINDS:
        raise TypeError(f"A tensor of DLPack type {tensor.code} with {tensor.lanes} lanes; expected real numbers.")
    dtype = np.dtype(f"{_KINDS[tensor.code]}{tensor.bits // 8}")
    shape = tuple(tensor.shape[:tensor.ndim])
    strides = tuple(step * dtype.itemsize for step in tensor.strides[:tensor.ndim]) if tensor.strides else None
    memory = _Memory((tensor.data or 0) + tensor.byte_offset, shape, dtype, strides, capsule)
    return DeviceArray(array, device, stream, np.asarray(memory))


def _by_interface(array):
    given = array.__cuda_array_interface__
    memory = _Memory(given["data"][0], given["shape"], np.dtype(given["typestr"]), given.get("strides"), array)
    return DeviceArray(array, 0, given.get("stream") or LEGACY_STREAM, np.asarray(memory))


def to_host(array):
    """The contents of a DeviceArray as a numpy array, by its own library or by ours."""
    native = array.native
    if hasattr(native, "cpu"):
        return native.cpu().numpy()
    if hasattr(native, "get"):
        return native.get()
    from . import _arrays
    result = np.empty(array.shape, array.dtype)
    for index in np.ndindex(array.shape[:-2]):
        _arrays.copy_between(array[index] if index else array, result[index] if index else result)
    return result
