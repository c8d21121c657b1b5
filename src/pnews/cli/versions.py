"""What `pnews --version` prints."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

from pnews.version import __version__

ENGINES = ("hazm", "parsivar", "onnxruntime")


def versions() -> str:
    """`pnews 0.1.0 (Python 3.12.1, hazm 0.12.1, …)`."""
    parts = [f"Python {platform.python_version()}", *map(_version, ENGINES)]
    return f"pnews {__version__} ({', '.join(parts)})"


def _version(package: str) -> str:
    try:
        return f"{package} {version(package)}"
    except PackageNotFoundError:
        return f"{package} not installed"
