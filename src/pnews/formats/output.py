"""Where results go: standard output, or a file that appears whole or not at all."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO, cast

from pnews.errors import InputError


@contextmanager
def opened(name: str | None) -> Iterator[BinaryIO]:
    """Standard output for None and `-`; else a temporary file, moved to `name` at the end.

    Raises InputError if the folder can't be written.
    """
    if name is None or name == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    path = Path(name)
    if path.is_dir():
        raise InputError(f"{name}: a folder; name a file in it")
    try:
        temporary = NamedTemporaryFile(  # noqa: SIM115 (moved, not closed, when all is well)
            dir=path.parent, prefix=f".{path.name}.", suffix=".part", delete=False
        )
    except OSError as error:
        raise InputError(f"{name}: can't be written: {error.strerror}; check the folder") from None
    try:
        Path(temporary.name).chmod(0o666 & ~_umask())
        with temporary:
            yield cast(BinaryIO, temporary)
        Path(temporary.name).replace(path)
    except BaseException:
        Path(temporary.name).unlink(missing_ok=True)
        raise


def folder_of(stream: BinaryIO) -> Path | None:
    """The folder of the file that a stream is written to, where there is room for such files."""
    name = getattr(stream, "name", None)
    return Path(name).parent if isinstance(name, str) and Path(name).is_file() else None


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
