"""Which device computes. A name of himalaya's stands for the nearest thing here, so that a front end can leave its
calls in place."""
from __future__ import annotations

import atexit
import ctypes
import functools
import threading
import warnings
from typing import Any, Callable, Union

from . import _native

#: himalaya's names: the device that each stands for here, and the library of its arrays.
_NAMES = {
    "numpy": ("simd", "numpy", "cpu"), "torch": ("simd", "torch", "cpu"), "cupy": ("cuda", "cupy", "cuda"),
    "torch_cuda": ("cuda", "torch", "cuda"), "torch_mps": ("simd", "torch", "cpu")}

ALL_BACKENDS = ["simd", "opencl", "cuda", "auto", *_NAMES]

#: What stands for each backend where `force_cpu` asks for the processor.
MATCHING_CPU_BACKEND = {
    "simd": "simd", "cuda": "simd", "opencl": "simd", "auto": "simd", "numpy": "numpy", "cupy": "numpy",
    "torch": "torch",
    "torch_cuda": "torch", "torch_mps": "torch"}

_lock = threading.Lock()
_handles = {}
_current = "numpy"
_forced = threading.local()


def handle_of(device: str) -> ctypes.c_uint64:
    """The C library's handle of a device, started at first use and shared by all threads."""
    device = "cuda:0" if device == "cuda" else device
    handle = _handles.get(device)
    if handle is not None and not _native._forked:
        return handle
    with _lock:
        if device not in _handles or _native._forked:
            handle = ctypes.c_uint64()
            _native.call("vem_backend_create", device.encode(), ctypes.c_int32(0), ctypes.byref(handle))
            _handles[device] = handle
        return _handles[device]


class Backend:
    """A device by name; what `get_backend` returns.

    Its other attributes are functions on arrays, under numpy's names: of numpy, or with a name of himalaya's of the
    library that it stands for (`backend.asarray`, `backend.to_numpy`, `backend.stack` ...)."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.__name__ = f"{__name__}.{name}"

    def __repr__(self):
        return f"<vemkernels backend {self.name}>"

    def __getattr__(self, attribute):
        if attribute.startswith("__"):
            raise AttributeError(attribute)
        from . import _namespaces
        _, library, device = _NAMES.get(self.name, ("", "numpy", "cpu"))
        return getattr(_namespaces.named(library, device), attribute)

    def __reduce__(self):
        return Backend, (self.name,)

    @property
    def handle(self) -> ctypes.c_uint64:
        """The C library's handle, started at first use and shared by all threads."""
        return handle_of(_device_of(self.name))


def _device_of(name):
    return _NAMES[name][0] if name in _NAMES else name


def _current_name():
    return MATCHING_CPU_BACKEND[_current.split(":")[0]] if is_cpu_forced() else _current


def current_handle() -> ctypes.c_uint64:
    """`get_backend().handle`, without an object for it."""
    name = _current if getattr(_forced, "depth", 0) == 0 else _current_name()
    return handle_of(_NAMES[name][0] if name in _NAMES else name)


def set_backend(backend: Union[str, Backend], on_error: str = "raise") -> Backend:
    """Chooses the device of all calls that follow.

    Parameters
    ----------
    backend : str or Backend
        "simd" (this processor), "cuda", "cuda:0", "opencl", "opencl:0", "auto", or a name of himalaya's ("numpy",
            "torch", "cupy" ...).
    on_error : str in {"raise", "warn"}
        What happens where there is no such device, or no such library of arrays.

    Returns
    -------
    backend : Backend
    """
    global _current
    if on_error not in ("raise", "warn"):
        raise ValueError(f"Unknown value on_error={on_error!r}; expected 'raise' or 'warn'.")
    name = getattr(backend, "name", backend)
    try:
        if name not in ALL_BACKENDS and not str(name).startswith(("opencl:", "cuda:")):
            raise ValueError(f"Unknown backend={name!r}; expected one of {ALL_BACKENDS}.")
        chosen = Backend(name)
        chosen.asarray
        chosen.handle
    except (RuntimeError, ValueError, ImportError) as error:
        if on_error != "warn":
            raise
        warnings.warn(
            f"Setting backend to {name} failed: {error} Falling back to {_current}.", UserWarning, stacklevel=2)
        return get_backend()
    _current = name
    return chosen


def get_backend() -> Backend:
    """The device in use, as `set_backend` returned it; within a call with `force_cpu`, the one of the processor."""
    return Backend(_current_name())


def current_functions() -> Any:
    """The functions of the library whose arrays `set_backend` chose; None where that is numpy."""
    name = _current
    if name == "numpy" or name not in _NAMES:
        return None
    name = MATCHING_CPU_BACKEND[name] if is_cpu_forced() else name
    _, library, device = _NAMES[name]
    if library == "numpy":
        return None
    from . import _namespaces
    return _namespaces.named(library, device)


def is_cpu_forced() -> bool:
    """Whether this thread is within a call of an object with `force_cpu`."""
    return getattr(_forced, "depth", 0) > 0


def force_cpu_backend(func: Callable) -> Callable:
    """A decorator of methods: where the object has `force_cpu=True`, they compute on the processor."""
    @functools.wraps(func)
    def wrapper(self, *args, **kwargs):
        if not getattr(self, "force_cpu", False):
            return func(self, *args, **kwargs)
        _forced.depth = getattr(_forced, "depth", 0) + 1
        try:
            return func(self, *args, **kwargs)
        finally:
            _forced.depth -= 1
    return wrapper


def __getattr__(name):
    """`CURRENT_BACKEND`, the name of the device in use."""
    if name == "CURRENT_BACKEND":
        return _current
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


@atexit.register
def _free():
    with _lock:
        if _handles and not _native._forked:
            for handle in _handles.values():
                _native.library().vem_backend_free(handle)
        _handles.clear()
