"""Names of types in signatures."""
from typing import Any, Callable, Iterable, Tuple, Union

import numpy as np

#: An array of numpy, PyTorch or CuPy, anything that has DLPack, or what numpy makes an array of. Its shape is in the
#: docstring.
Array = Any

#: A number of contiguous folds, a scikit-learn splitter, or pairs of training and test samples.
CrossValidation = Union[int, Any, Iterable[Tuple[Array, Array]]]

#: A function of (y_true, y_pred) that gives a number a target; larger is better.
ScoreFunction = Callable[[Array, Array], Array]

#: A seed, a generator, or None for numpy's global one.
RandomState = Union[int, np.random.RandomState, None]
