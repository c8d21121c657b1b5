"""Compressed input: gzip, bzip2, xz and Zstandard, told by their first bytes, unpacked as a stream.

A member or file that is damaged or cut off raises InputError where the damage is; what stands
before it has been read by then.
"""

from __future__ import annotations

import io
import lzma
import sys
import zlib
from typing import IO, Any, cast

from pnews.errors import InputError

ENDINGS = {
    ".gz": "", ".bz2": "", ".xz": "", ".zst": "", ".tgz": ".tar", ".tbz2": ".tar", ".txz": ".tar",
}  # fmt: skip
"""What stands at the end of a compressed file's name, and what it stands for."""

BUFFER = 1 << 16
"""Unpacked bytes that are held."""

_STARTS = {b"\x1f\x8b": "gzip", b"BZh": "bzip2", b"\xfd7zXZ": "xz", b"\x28\xb5\x2f\xfd": "zstd"}


def unpacked(stream: IO[bytes], name: str) -> io.BufferedReader:
    """The stream, unpacked if it is compressed."""
    buffered = stream if isinstance(stream, io.BufferedReader) else _buffered(stream)
    first = buffered.peek(8)
    for start, kind in _STARTS.items():
        if first.startswith(start):
            return io.BufferedReader(_Unpacked(_opened(kind, buffered), kind, name), BUFFER)
    return buffered


def bare(name: str) -> str:
    """The name without what says that the file is compressed."""
    for ending, stands_for in ENDINGS.items():
        if name.lower().endswith(ending):
            return name[: -len(ending)] + stands_for
    return name


def _buffered(stream: IO[bytes]) -> io.BufferedReader:
    return io.BufferedReader(cast(io.RawIOBase, stream))


def _opened(kind: str, stream: IO[bytes]) -> Any:
    """What unpacks a stream of this kind; it has `read1`."""
    if kind == "gzip":
        import gzip

        return gzip.GzipFile(fileobj=stream)
    if kind == "bzip2":
        import bz2

        return bz2.BZ2File(stream)
    if kind == "xz":
        return lzma.LZMAFile(stream)
    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd
    return zstd.ZstdFile(stream)


class _Unpacked(io.RawIOBase):
    """Gives what can be unpacked, piece by piece; damage is an InputError that names the file."""

    def __init__(self, inner: Any, kind: str, name: str) -> None:
        self._inner, self._kind, self._name = inner, kind, name

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            piece: bytes = self._inner.read1(len(buffer))
        except (EOFError, OSError, zlib.error, lzma.LZMAError, _zstd_error()) as error:
            raise InputError(
                f"{self._name}: damaged or cut off ({self._kind}: {error}); get the file again"
            ) from None
        buffer[: len(piece)] = piece
        return len(piece)


def _zstd_error() -> type[Exception]:
    """What a Zstandard stream raises; asked for only when something has been raised."""
    if sys.version_info >= (3, 14):
        from compression.zstd import ZstdError
    else:
        from backports.zstd import ZstdError
    return ZstdError
