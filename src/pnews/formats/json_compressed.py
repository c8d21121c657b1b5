"""JSON Lines, compressed. Neither the time nor the file's name is written into it."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from gzip import GzipFile
from typing import BinaryIO

from pnews.document import Document
from pnews.formats.json import lines


def write_gzip(documents: Iterable[Document], stream: BinaryIO) -> None:
    """One gzip member; level 6, gzip's own choice."""
    with GzipFile("", "wb", 6, stream, mtime=0) as packed:
        packed.writelines(lines(documents))


def write_zstd(documents: Iterable[Document], stream: BinaryIO) -> None:
    """One Zstandard frame; level 3, zstd's own choice, on one thread."""
    if sys.version_info >= (3, 14):
        from compression.zstd import ZstdFile
    else:
        from backports.zstd import ZstdFile
    with ZstdFile(stream, "wb", level=3) as packed:
        packed.writelines(lines(documents))
