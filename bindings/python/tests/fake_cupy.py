"""Arrays in the memory of the fake CUDA (tests/Cuda.Tests/fake) with as much of CuPy's face as the package uses. That
memory is host
memory between guards, so numpy does the arithmetic; what the package sees is an address on a device, a stream and
DLPack."""
import ctypes
import os
import sys
import types

import numpy as np

class _Tensor(ctypes.Structure):
    _fields_ = [
        ("data", ctypes.c_void_p), ("device_type", ctypes.c_int32), ("device_id", ctypes.c_int32),
        ("ndim", ctypes.c_int32),
        ("code", ctypes.c_uint8), ("bits", ctypes.c_uint8), ("lanes", ctypes.c_uint16),
        ("shape", ctypes.POINTER(ctypes.c_int64)),
        ("strides", ctypes.POINTER(ctypes.c_int64)), ("byte_offset", ctypes.c_uint64), ("context", ctypes.c_void_p),
        ("deleter", ctypes.c_void_p)]


driver = ctypes.CDLL(os.path.join(os.environ["VEM_CUDA_PATH"], "libcuda.so.1"))
_new_capsule = ctypes.pythonapi.PyCapsule_New
_new_capsule.restype, _new_capsule.argtypes = ctypes.py_object, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]
_Destructor = ctypes.CFUNCTYPE(None, ctypes.c_void_p)
_pointer_of = ctypes.PYFUNCTYPE(
    ctypes.c_void_p, ctypes.c_void_p, ctypes.c_char_p)(("PyCapsule_GetPointer", ctypes.pythonapi))
_alive = {}
freed = []


@_Destructor
def _destroy(capsule):
    address = _pointer_of(capsule, b"dltensor")
    freed.append(address)
    del _alive[address]


_context = ctypes.c_void_p()
assert driver.cuInit(0) == 0 and driver.cuDevicePrimaryCtxRetain(ctypes.byref(_context), 0) == 0


class _Block:
    """Memory of the device."""

    def __init__(self, size):
        self.address = ctypes.c_void_p()
        driver.cuCtxPushCurrent_v2(_context)
        assert driver.cuMemAlloc_v2(ctypes.byref(self.address), ctypes.c_size_t(max(size, 1))) == 0
        driver.cuCtxPopCurrent_v2(ctypes.byref(ctypes.c_void_p()))

    def __del__(self):
        driver.cuCtxPushCurrent_v2(_context)
        driver.cuMemFree_v2(self.address)
        driver.cuCtxPopCurrent_v2(ctypes.byref(ctypes.c_void_p()))


class ndarray:
    """An array on the device. numpy's functions refuse it, as they refuse CuPy's."""

    __array_priority__ = 100

    def __init__(self, values, block):
        self._values, self._block = values, block

    def __array__(self, *_, **__):
        raise TypeError("Implicit conversion to a NumPy array is not allowed.")

    shape = property(lambda self: self._values.shape)
    ndim = property(lambda self: self._values.ndim)
    dtype = property(lambda self: self._values.dtype)
    address = property(lambda self: self._values.ctypes.data)

    @property
    def __cuda_array_interface__(self):
        return {**self._values.__array_interface__, "version": 3, "stream": None}

    def __dlpack_device__(self):
        return 2, 0

    def __dlpack__(self, stream=None):
        assert stream, "the consumer names its stream"
        size, sizes = self._values.itemsize, ctypes.c_int64 * max(1, self.ndim)
        shape, strides = sizes(*self.shape), sizes(*(step // size for step in self._values.strides))
        tensor = _Tensor(self.address, 2, 0, self.ndim, 2 if self.dtype.kind == "f" else 0, 8 * size, 1, shape, strides,
            0, None, None)
        _alive[ctypes.addressof(tensor)] = tensor, shape, strides, self
        return _new_capsule(ctypes.addressof(tensor), b"dltensor", ctypes.cast(_destroy, ctypes.c_void_p))

    def get(self):
        return self._values.copy()

    def copy(self):
        return asarray(self)

    def astype(self, dtype, copy=True):
        return asarray(self._values.astype(dtype))

    def __getitem__(self, index):
        found = self._values[_values(index)]
        return ndarray(found, self._block) if np.may_share_memory(found, self._values) else asarray(found)

    def __len__(self):
        return len(self._values)

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return _on_device(getattr(self._values, name))


def _values(value):
    if isinstance(value, ndarray):
        return value._values
    return type(value)(_values(item) for item in value) if isinstance(value, (list, tuple)) else value


def _on_device(function):
    def call(*arguments, **options):
        result = function(
            *(_values(value) for value in arguments), **{name: _values(value) for name, value in options.items()})
        return asarray(result) if isinstance(result, (np.ndarray, np.generic)) else result
    return call


for _name in ("add", "sub", "mul", "truediv", "matmul", "radd", "rsub", "rmul", "rtruediv", "pow", "neg", "gt", "lt",
        "invert", "abs"):
    setattr(
        ndarray, f"__{_name}__",
        lambda self, *others, name=f"__{_name}__": _on_device(getattr(self._values, name))(*others))


def _in_place(self, other):
    self._values /= _values(other)
    return self


ndarray.__itruediv__ = _in_place
ndarray.__bool__ = lambda self: bool(self._values)
ndarray.T = property(lambda self: ndarray(self._values.T, self._block))


def empty(shape, dtype=float):
    shape = tuple(shape) if hasattr(shape, "__len__") else (shape,)
    block = _Block(int(np.prod(shape)) * np.dtype(dtype).itemsize)
    buffer = (ctypes.c_char * (int(np.prod(shape)) * np.dtype(dtype).itemsize)).from_address(block.address.value)
    return ndarray(np.frombuffer(buffer, dtype).reshape(shape), block)


def asarray(array, dtype=None, order=None):
    if isinstance(array, ndarray) and dtype in (None, array.dtype, array.dtype.name):
        if order is None:
            return array
    values = np.asarray(_values(array), dtype)
    result = empty(values.shape, values.dtype)
    if values.ndim == 2 and (order == "F" or values.flags.f_contiguous and not values.flags.c_contiguous):
        result = ndarray(result._values.reshape(values.shape[::-1]).T, result._block)
    result._values[...] = values
    return result


def stream():
    """A stream of the driver's."""
    found = ctypes.c_void_p()
    driver.cuCtxPushCurrent_v2(_context)
    assert driver.cuStreamCreate(ctypes.byref(found), 1) == 0
    driver.cuCtxPopCurrent_v2(ctypes.byref(ctypes.c_void_p()))
    return found.value


def install():
    """Puts this in the place of the module cupy."""
    module = types.ModuleType("cupy")
    ndarray.__module__ = "cupy"
    current = types.SimpleNamespace(ptr=stream())

    class Device:
        def __init__(self, device):
            assert device == 0

        __enter__ = __exit__ = lambda self, *_: None

    for name in ("exp", "sqrt", "stack", "concatenate", "isfinite", "isnan", "isinf", "where", "zeros", "ones", "full",
            "matmul"):
        setattr(module, name, _on_device(getattr(np, name)))
    module.ndarray, module.empty, module.asarray, module.bool_ = ndarray, empty, asarray, np.bool_
    module.copy = lambda array: _on_device(np.copy)(array)
    module.random = types.SimpleNamespace(randn=_on_device(np.random.randn), rand=_on_device(np.random.rand))
    module.linalg = types.SimpleNamespace(
        eigh=_on_device(np.linalg.eigh), norm=_on_device(np.linalg.norm), svd=_on_device(np.linalg.svd))
    module.cuda = types.SimpleNamespace(Device=Device, get_current_stream=lambda: current)
    sys.modules["cupy"] = module
    return module
