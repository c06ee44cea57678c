"""Builds the wheel with the C library in it: VEM_DIST names the folder that build-native.sh filled, dist/ of the
repository by default."""
import os
import pathlib
import re
import shutil

from setuptools import setup
from setuptools.command.build_py import build_py
from setuptools.dist import Distribution

try:
    from setuptools.command.bdist_wheel import bdist_wheel  # from setuptools 70.1 on
except ImportError:
    try:
        from wheel.bdist_wheel import bdist_wheel
    except ImportError:
        raise SystemExit("vemkernels: this Python lacks the package wheel: python3 -m pip install wheel") from None

HERE = pathlib.Path(__file__).resolve().parent
LIBRARIES = ("libvemkernels.so.0", "glibc-hwcaps/x86-64-v4/libvemkernels.so.0")
VERSION = re.search(r'__version__ = "([^"]+)"', (HERE / "vemkernels/__init__.py").read_text()).group(1)


class BuildWithLibrary(build_py):
    """Copies the C library, both builds, beside the modules."""

    def run(self):
        super().run()
        lib = pathlib.Path(os.environ.get("VEM_DIST", HERE.parents[1] / "dist")) / "lib"
        for name in LIBRARIES:
            if not (lib / name).exists():
                raise FileNotFoundError(
                    f"{lib / name} is missing: run build-native.sh first, or name its folder in VEM_DIST.")
            target = pathlib.Path(self.build_lib) / "vemkernels/lib" / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(lib / name, target)


class PlatformWheel(bdist_wheel):
    """For this platform, and any Python 3: the library is C, the package pure Python."""

    def finalize_options(self):
        super().finalize_options()
        self.root_is_pure = False

    def get_tag(self):
        return "py3", "none", super().get_tag()[2]


class Binary(Distribution):
    """Has a library, though no extension module."""

    def has_ext_modules(self):
        return True


setup(version=VERSION, distclass=Binary, cmdclass={"build_py": BuildWithLibrary, "bdist_wheel": PlatformWheel})
