"""Functions on arrays of one library under one set of names, numpy's: what a front end calls on what `set_backend`
returns."""
import numpy as np


def dtype_name(dtype):
    """A dtype of any library as its name, "float32"."""
    if dtype is None or isinstance(dtype, str):
        return dtype
    return str(dtype).replace("torch.", "") if "torch." in str(dtype) else np.dtype(dtype).name


class NumpyFunctions:
    """numpy's functions, and a few that it has not. A name that is not here is numpy's own."""

    def __init__(self, module=np):
        self.module = module
        self.on_device = module is not np
        self.bool = module.bool_
        self.randn, self.rand = module.random.randn, module.random.rand
        self.eigh, self.norm = module.linalg.eigh, module.linalg.norm

    def __getattr__(self, name):
        return getattr(object.__getattribute__(self, "module"), name)

    def __reduce__(self):
        return named, (self.module.__name__,)

    def owns(self, array):
        """Whether an array is one of this library."""
        return isinstance(array, self.module.ndarray)

    def asarray(self, a, dtype=None, order=None, device=None):
        """Any array or list as an array of this library, on its device."""
        if not self.owns(a):
            a = self.to_numpy(a) if hasattr(a, "dtype") else a
        return self.module.asarray(a, dtype=dtype_name(dtype), order=order)

    def asarray_like(self, x, ref):
        """x as an array of the dtype, and on the device, of ref."""
        return self.asarray(x, dtype=dtype_name(ref.dtype))

    def check_arrays(self, *all_inputs):
        """Arrays, lists of arrays and None: all in the dtype of the first."""
        first = self.asarray(all_inputs[0])
        return [first] + [
            None if item is None else [self.asarray_like(part, first) for part in item] if isinstance(item, list)
            else self.asarray_like(item, first) for item in all_inputs[1:]]

    def to_numpy(self, array):
        """An array in host memory, numpy's."""
        from . import _arrays
        return _arrays.to_numpy(array)

    def to_cpu(self, array):
        """An array in host memory."""
        return self.to_numpy(array)

    def to_gpu(self, array, device=None):
        """The array on the GPU, where this library has one."""
        return self.module.asarray(array) if self.module is not np else array

    def is_in_gpu(self, array):
        """Whether the array lies on a GPU."""
        return hasattr(array, "__cuda_array_interface__")

    def _filled(self, function, array, shape, dtype, *value):
        return function(
            array.shape if shape is None else shape, *value, dtype=array.dtype if dtype is None else dtype_name(dtype))

    def zeros_like(self, array, shape=None, dtype=None, device=None):
        """Zeros of the shape and dtype of an array, but for what is given."""
        return self._filled(self.module.zeros, array, shape, dtype)

    def ones_like(self, array, shape=None, dtype=None, device=None):
        """Ones; see `zeros_like`."""
        return self._filled(self.module.ones, array, shape, dtype)

    def full_like(self, array, fill_value, shape=None, dtype=None, device=None):
        """A value everywhere; see `zeros_like`."""
        return self._filled(self.module.full, array, shape, dtype, fill_value)

    def apply_argmax(self, array, argmax, axis):
        """The entries that argmax, taken along an axis, points to."""
        return self.module.take_along_axis(array, self.module.expand_dims(argmax, axis), axis).squeeze(axis)

    def diagonal_view(self, array, axis1=0, axis2=1):
        """The diagonal, writeable."""
        view = self.module.diagonal(array, 0, axis1, axis2)
        if self.module is np:
            view.flags.writeable = True
        return view

    def std_float64(self, array, axis=None, demean=True, keepdims=False):
        """Standard deviations, summed in double."""
        wide = array.astype("float64", copy=False)
        centre = wide.mean(axis, keepdims=True) if demean else 0
        return self.module.sqrt(((wide - centre) ** 2).mean(axis, keepdims=keepdims)).astype(array.dtype)

    def mean_float64(self, array, axis=None, keepdims=False):
        """Means, summed in double."""
        return array.mean(axis, dtype="float64", keepdims=keepdims).astype(array.dtype)

    def svd(self, X, full_matrices=True):
        """U, s, V' of a matrix or of each of a stack."""
        return self.module.linalg.svd(X, full_matrices=full_matrices)


class TorchFunctions:
    """PyTorch's functions under numpy's names. A name that is not here is PyTorch's own."""

    def __init__(self, device="cpu"):
        import torch
        self.module = torch
        self.device = device
        self.on_device = device != "cpu"
        self.abs, self.concatenate, self.power, self.clip = torch.abs, torch.cat, torch.pow, torch.clamp
        self.nan, self.inf = torch.tensor(float("nan")), torch.tensor(float("inf"))
        self.eigh, self.svd = torch.linalg.eigh, torch.linalg.svd

    def __getattr__(self, name):
        return getattr(object.__getattribute__(self, "module"), name)

    def __reduce__(self):
        return named, ("torch", self.device)

    def owns(self, array):
        """Whether an array is a tensor."""
        return isinstance(array, self.module.Tensor)

    def _dtype(self, dtype):
        return None if dtype is None else getattr(self.module, dtype_name(dtype))

    def asarray(self, x, dtype=None, device=None):
        """Any array or list as a tensor, on this device."""
        if not isinstance(x, self.module.Tensor):
            x = np.asarray(self.to_numpy(x) if hasattr(x, "dtype") else x)
        return self.module.as_tensor(x, dtype=self._dtype(dtype), device=device or self.device)

    def asarray_like(self, x, ref):
        """x as a tensor of the dtype, and on the device, of ref."""
        return self.asarray(x, ref.dtype, ref.device)

    def check_arrays(self, *all_inputs):
        """Tensors, lists of tensors and None: all in the dtype and on the device of the first."""
        first = self.asarray(all_inputs[0])
        return [first] + [
            None if item is None else [self.asarray_like(part, first) for part in item] if isinstance(item, list)
            else self.asarray_like(item, first) for item in all_inputs[1:]]

    def to_numpy(self, array):
        """An array in host memory, numpy's."""
        from . import _arrays
        return _arrays.to_numpy(array)

    def to_cpu(self, array):
        """A tensor in host memory."""
        return array.cpu()

    def to_gpu(self, array, device=None):
        """The tensor on the GPU, where this device is one."""
        return array if self.device == "cpu" else array.to(device or self.device)

    def is_in_gpu(self, array):
        """Whether the tensor lies on a GPU."""
        return array.device.type == "cuda"

    def randn(self, *shape):
        """Normal random numbers."""
        return self.module.randn(*shape, device=self.device)

    def rand(self, *shape):
        """Random numbers from 0 to 1."""
        return self.module.rand(*shape, device=self.device)

    def logspace(self, *arguments, **options):
        """Numbers equally spaced in the logarithm."""
        return self.module.logspace(*arguments, **{"device": self.device, **options})

    def arange(self, *arguments, **options):
        """Numbers in steps."""
        return self.module.arange(*arguments, **{"device": self.device, **options})

    def eye(self, *arguments, **options):
        """The unit matrix."""
        return self.module.eye(*arguments, **{"device": self.device, **options})

    def _filled(self, shape, value, dtype, device):
        shape = (shape,) if isinstance(shape, int) else tuple(shape)
        return self.module.full(shape, value, dtype=self._dtype(dtype), device=device)

    def zeros(self, shape, dtype="float32", device=None):
        """Zeros."""
        return self._filled(shape, 0, dtype, device or self.device)

    def zeros_like(self, array, shape=None, dtype=None, device=None):
        """Zeros of the shape, dtype and device of a tensor, but for what is given."""
        return self.full_like(array, 0, shape, dtype, device)

    def ones_like(self, array, shape=None, dtype=None, device=None):
        """Ones; see `zeros_like`."""
        return self.full_like(array, 1, shape, dtype, device)

    def full_like(self, array, fill_value, shape=None, dtype=None, device=None):
        """A value everywhere; see `zeros_like`."""
        return self._filled(
            array.shape if shape is None else shape, fill_value, dtype or array.dtype, device or array.device)

    def max(self, array, axis=None):
        """The largest entry, along an axis or of all."""
        return array.max() if axis is None else array.amax(axis)

    def min(self, array, axis=None):
        """The smallest entry, along an axis or of all."""
        return array.min() if axis is None else array.amin(axis)

    def sort(self, array, axis=-1):
        """Entries in order."""
        return self.module.sort(array, dim=axis).values

    def flip(self, array, axis=0):
        """Entries in reverse."""
        return self.module.flip(array, dims=[axis])

    def copy(self, array):
        """A copy."""
        return array.clone()

    def transpose(self, a, axes=None):
        """Axes in reverse, or in the given order."""
        return a.permute(*(range(a.ndim)[::-1] if axes is None else axes))

    def atleast_1d(self, array):
        """A tensor with at least one axis."""
        array = self.asarray(array)
        return array[None] if array.ndim == 0 else array

    def flatnonzero(self, array):
        """Where the flattened tensor is not zero."""
        return self.module.nonzero(array.flatten(), as_tuple=True)[0]

    def norm(self, x, ord=None, axis=None, keepdims=False):
        """Norms of vectors or matrices."""
        return self.module.linalg.norm(x, ord=ord, dim=axis, keepdim=keepdims)

    def apply_argmax(self, array, argmax, axis):
        """The entries that argmax, taken along an axis, points to."""
        return self.module.gather(array, axis, argmax.unsqueeze(axis)).squeeze(axis)

    def diagonal_view(self, array, axis1=0, axis2=1):
        """The diagonal, writeable."""
        return self.module.diagonal(array, 0, axis1, axis2)

    def std_float64(self, array, axis=None, demean=True, keepdims=False):
        """Standard deviations, summed in double."""
        wide = array.double()
        axes = tuple(range(array.ndim)) if axis is None else axis
        centre = wide.mean(axes, keepdim=True) if demean else 0
        return ((wide - centre) ** 2).mean(axes, keepdim=keepdims).sqrt().to(array.dtype)

    def mean_float64(self, array, axis=None, keepdims=False):
        """Means, summed in double."""
        axes = tuple(range(array.ndim)) if axis is None else axis
        return array.double().mean(axes, keepdim=keepdims).to(array.dtype)


_loaded = {}


def named(library, device="cpu"):
    """The functions of "numpy", "torch" or "cupy"; imported at first use."""
    key = library, device
    if key not in _loaded:
        if library == "torch":
            _loaded[key] = TorchFunctions(device)
        elif library == "cupy":
            import cupy
            _loaded[key] = NumpyFunctions(cupy)
        else:
            _loaded[key] = NumpyFunctions()
    return _loaded[key]


def of(array):
    """The functions of an array's own library, with new arrays on its device; numpy's for everything else."""
    if hasattr(array, "detach"):
        return named("torch", str(array.device))
    return named("cupy" if type(array).__module__.startswith("cupy") else "numpy")
