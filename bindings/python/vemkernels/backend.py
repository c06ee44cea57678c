"""Which device computes. A name of himalaya's stands for the nearest thing here, so that a front end can leave its calls in place."""
import atexit
import ctypes
import threading
import warnings

from . import _native

#: himalaya's names, and what they stand for here. Tensors are taken by every backend, and results are of their kind.
_NAMES = {"numpy": "simd", "torch": "simd", "cupy": "cuda", "torch_cuda": "cuda", "torch_mps": "simd"}

ALL_BACKENDS = ["simd", "opencl", "cuda", "auto", *_NAMES]

_lock = threading.Lock()
_handles = {}
_current = "numpy"


class Backend:
    """A device by name; what `get_backend` returns."""

    def __init__(self, name):
        self.name = name

    def __repr__(self):
        return f"<vemkernels backend {self.name}>"

    @property
    def handle(self):
        """The C library's handle, started at first use and shared by all threads."""
        device = _NAMES.get(self.name, self.name)
        with _lock:
            if device not in _handles:
                handle = ctypes.c_uint64()
                _native.call("vem_backend_create", device.encode(), ctypes.c_int32(0), ctypes.byref(handle))
                _handles[device] = handle
            return _handles[device]


def set_backend(backend, on_error="raise"):
    """Chooses the device of all calls that follow.

    Parameters
    ----------
    backend : str
        "simd" (this processor), "opencl", "opencl:0", "auto", or a name of himalaya's ("numpy", "torch", "cupy" ...).
    on_error : str in {"raise", "warn"}
        What happens where there is no such device.

    Returns
    -------
    backend : Backend
    """
    global _current
    name = getattr(backend, "name", backend)
    if name not in ALL_BACKENDS and not str(name).startswith(("opencl:", "cuda:")):
        raise ValueError(f"Unknown backend={name!r}; expected one of {ALL_BACKENDS}.")
    chosen = Backend(name)
    try:
        chosen.handle
    except (RuntimeError, ValueError) as error:
        if on_error != "warn":
            raise
        warnings.warn(f"Setting backend to {name} failed: {error} Falling back to {_current}.", Warning, stacklevel=2)
        return get_backend()
    _current = name
    return chosen


def get_backend():
    """The device in use."""
    return Backend(_current)


@atexit.register
def _free():
    with _lock:
        if _handles and not _native._forked:
            for handle in _handles.values():
                _native.library().vem_backend_free(handle)
        _handles.clear()
