"""JSON Lines, compressed. Neither the time nor the file's name is written into it."""

from __future__ import annotations

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
    from zstandard import ZstdCompressor

    with ZstdCompressor(level=3).stream_writer(stream, closefd=False) as packed:
        for line in lines(documents):
            packed.write(line)
