"""The public face: himalaya's names, arguments, their order and defaults (signatures.txt), type hints and
docstrings."""
import ast
import importlib
import inspect
import pathlib
import re
import typing

import pytest
import requirement

import vemkernels

TABLE = [
    line.split(" ", 1) for line in (pathlib.Path(__file__).parent / "signatures.txt").read_text().splitlines()
        if line[0] != "#"]
SOURCES = sorted(pathlib.Path(vemkernels.__file__).parent.rglob("*.py"))

requirement.module("sklearn")


def find(module, path):
    found = importlib.import_module(f"vemkernels.{module}")
    for name in path.split("."):
        found = getattr(found, name)
    return found


def parameters(function, is_method):
    """(name, default) of each parameter, in order, with defaults as text."""
    found = []
    for parameter in list(inspect.signature(function).parameters.values())[is_method:]:
        default = parameter.default
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            found.append(("*" * (1 + (parameter.kind == parameter.VAR_KEYWORD)) + parameter.name, ""))
        elif default is parameter.empty:
            found.append((parameter.name, ""))
        else:
            text = repr(tuple(default) if isinstance(default, list) else default)
            text = default.__name__ if callable(default) else text
            found.append((parameter.name, text))
    return found


def split(text):
    """The parameters of a line of the table: commas inside brackets do not part them."""
    parts = re.findall(r"(?:[^,(]|\([^)]*\))+", text)
    return [tuple((part.strip() + "=").split("=")[:2]) for part in parts if part.strip() != "*"]


@pytest.mark.parametrize("module, entry", TABLE, ids=[" ".join(line).split("(")[0] for line in TABLE])
def test_signature_is_himalayas(module, entry):
    path, _, rest = entry.partition("(")
    found = find(module, path)
    if not rest:
        assert not inspect.isfunction(found)
        return
    expected = split(rest[:-1])
    ours = parameters(found, is_method="." in path)
    if any(name.startswith("**") for name, _ in expected):
        assert any(name.startswith("**") for name, _ in ours) or "." in path
        return
    assert ours[:len(expected)] == expected
    assert all(default for _, default in ours[len(expected):]), "arguments of our own have defaults and come last"


def public():
    """All public functions, classes and methods of the modules that users import."""
    for name in vemkernels.__all__:
        module = importlib.import_module(f"vemkernels.{name}")
        for item in dir(module):
            found = getattr(module, item)
            if item.startswith("_") or not getattr(found, "__module__", "").startswith("vemkernels"):
                continue
            if inspect.isfunction(found):
                yield f"{name}.{item}", found
            elif inspect.isclass(found):
                yield f"{name}.{item}", found
                for method, function in inspect.getmembers(found, inspect.isfunction):
                    if not method.startswith("_") and function.__module__.startswith("vemkernels"):
                        yield f"{name}.{item}.{method}", function


PUBLIC = dict(public())


def test_the_public_face_was_found():
    assert len(PUBLIC) > 80


@pytest.mark.parametrize("name", PUBLIC)
def test_hints_and_docstrings(name):
    found = PUBLIC[name]
    text = inspect.getdoc(found)
    assert text, f"{name} has no docstring"
    function = found.__init__ if inspect.isclass(found) else found
    if inspect.isclass(found) and not inspect.isfunction(function):
        return  # no __init__ of its own
    function = inspect.unwrap(function)
    hints = typing.get_type_hints(function)
    names = [parameter for parameter in inspect.signature(function).parameters if parameter != "self"]
    assert set(names) <= set(hints), f"{name} lacks hints of {sorted(set(names) - set(hints))}"
    assert "return" in hints
    takes_arrays = any(
        hints[parameter] is typing.Any for parameter in names if parameter in ("X", "Xs", "Y", "K", "Ks", "y_true"))
    if takes_arrays and not inspect.isclass(found):
        assert re.search(r"\bn_\w+|as of|as in|kernel", text), f"the docstring of {name} says nothing of shapes"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_sources_are_of_python_3_9(path):
    tree = ast.parse(path.read_text(), feature_version=(3, 9))
    for node in ast.walk(tree):
        # X | Y as a type is of 3.10; unevaluated in annotations it is harmless, elsewhere it fails
        assert not isinstance(node, getattr(ast, "Match", ())), "a match statement"
    for module in ("tomllib", "itertools.pairwise", "strict=True", "types.NoneType"):
        assert module not in path.read_text()


def test_functions_need_no_scikit_learn(tmp_path):
    import os
    import subprocess
    import sys
    (tmp_path / "sklearn.py").write_text("raise ImportError('not here')\n")
    script = (
        "from vemkernels import kernel_ridge, lasso, ridge, scoring, utils, backend, progress_bar, viz, validation\n"
        "import numpy as np\n"
        "print(kernel_ridge.solve_kernel_ridge_cv_eigenvalues(np.eye(6), np.eye(6), cv=3)[0].shape)\n")
    path = os.pathsep.join([str(tmp_path), str(pathlib.Path(vemkernels.__file__).parents[1])])
    done = subprocess.run([sys.executable, "-c", script], env={**os.environ, "PYTHONPATH": path}, capture_output=True,
        text=True, timeout=120)
    assert done.stdout.strip() == "(6,)", done.stderr
