"""Text files put right where they stand."""

from __future__ import annotations

import shutil
from pathlib import Path

from pnews.document import Stage, new_document
from pnews.errors import InputError
from pnews.formats.encodings import decode
from pnews.formats.html import is_html
from pnews.formats.output import opened
from pnews.formats.read import is_record


def rewrite(name: str, stage: Stage, *, encoding: str | None, backup: str | None) -> bool:
    """Put a text file's normalised text in its place, in UTF-8; whether anything changed.

    The file is replaced whole or not at all and keeps its mode; the old one is kept under
    `name + backup`, if given. Raises InputError for what isn't a plain text file.
    """
    path = Path(name).resolve()
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise InputError(f"{name}: can't be read: {error.strerror}; check the file") from None
    first = raw.split(b"\n", 1)[0]
    if is_html(first, name) or (encoding is None and is_record(first)):
        raise InputError(f"{name}: no plain text, which is what --in-place puts right")
    (document,) = stage([new_document(decode(raw, name, encoding))])
    new = document.normalized.encode()
    if new == raw:
        return False
    if backup:
        shutil.copy2(path, f"{path}{backup}")
    with opened(str(path)) as stream:
        stream.write(new)
        shutil.copymode(path, stream.name)
    return True
