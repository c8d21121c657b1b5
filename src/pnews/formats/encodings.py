"""Bytes of a text file to text: UTF-8, UTF-16 or Windows-1256."""

from __future__ import annotations

import codecs

from pnews.errors import InputError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


BY_LINES = ("utf-8", "cp1256")
"""Encodings whose bytes may be cut at line ends."""


def decode(raw: bytes, name: str, encoding: str | None = None) -> str:
    """The text of a file's bytes; `encoding` overrides what is detected.

    Raises InputError for an empty file, bytes that aren't text, and an unknown encoding.
    """
    if not raw:
        raise InputError(f"{name}: empty; give a file with text in it")
    text = _decode_as(raw, name, encoding or detect(raw, name))
    if not text.strip("\ufeff \t\r\n"):
        raise InputError(f"{name}: holds only blanks; give a file with text in it")
    return text


def _decode_as(raw: bytes, name: str, encoding: str) -> str:
    try:
        return raw.decode(encoding)
    except LookupError:
        raise InputError(
            f"{name}: {encoding!r} is no encoding that Python knows; try --encoding cp1256"
        ) from None
    except UnicodeDecodeError as error:
        raise InputError(
            f"{name}: byte 0x{raw[error.start]:02x} at {error.start} is not {encoding}; "
            "try another --encoding"
        ) from None


def _marked(raw: bytes) -> str | None:
    """The encoding that a byte-order mark, or the zeros of UTF-16 text, tell."""
    for bom, encoding in _BOMS:
        if raw.startswith(bom):
            return encoding
    head = raw[:4096]
    if 0 in head and len(raw) % 2 == 0:
        for encoding in ("utf-16-le", "utf-16-be"):
            if _is_text(raw, encoding):
                return encoding
    return None


def _is_text(raw: bytes, encoding: str) -> bool:
    """Whether nearly all would be Latin, Arabic-script or general punctuation."""
    text = raw[:4096].decode(encoding, "replace")
    likely = sum(
        " " <= char < "\u0780" or char in "\t\r\n" or "\u2000" <= char < "\u2070" for char in text
    )
    return likely > 0.9 * len(text)


def detect(raw: bytes, name: str) -> str:
    """The encoding of a text; raises InputError where it is none that pnews knows."""
    if marked := _marked(raw):
        return marked
    if (zero := raw.find(0)) >= 0:
        raise InputError(f"{name}: byte 0x00 at {zero} is not text; give a text file, not a binary")
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        bad = error.start
    else:
        return "utf-8"
    if not _is_damaged_utf8(raw) and _is_cp1256(raw):
        return "cp1256"
    raise InputError(f"{name}: byte 0x{raw[bad]:02x} at {bad} is not UTF-8; try --encoding cp1256")


def _is_damaged_utf8(raw: bytes) -> bool:
    """Whether most of what isn't ASCII decodes: a truncated file, say, isn't Windows-1256."""
    text = raw.decode("utf-8", "replace")
    lost = text.count("\ufffd")
    return sum(char > "\x7f" for char in text) - lost > lost


def _is_cp1256(raw: bytes) -> bool:
    from charset_normalizer import from_bytes

    best = from_bytes(raw, cp_isolation=["cp1256", "cp1252"]).best()
    return best is not None and best.encoding == "cp1256"
