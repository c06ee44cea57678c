"""What tests need beside numpy: skipped where it is missing, an error where everything is required (VEM_REQUIRE=1)."""
import importlib
import os

import pytest

_PACKAGES = {"sklearn": "python3-sklearn", "scipy": "python3-scipy", "torch": "python3-torch"}


def module(name):
    """A module of another library."""
    if os.environ.get("VEM_REQUIRE") == "1":
        return importlib.import_module(name)
    package = _PACKAGES[name.split(".")[0]]
    return pytest.importorskip(name, reason=f"{package} is not installed")


def missing(reason):
    """Ends a test that needs what this machine lacks."""
    if os.environ.get("VEM_REQUIRE") == "1":
        pytest.fail(reason)
    pytest.skip(reason)
