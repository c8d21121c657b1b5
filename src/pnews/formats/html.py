"""Web pages: the article in them, found by trafilatura, without menus and footers."""

from __future__ import annotations

import re

from pnews.document import Document, new_document
from pnews.errors import InputError

ENDINGS = (".html", ".htm", ".xhtml")
STARTS = (b"<!doctype html", b"<html")

HALF_SPACE = re.compile("&zwnj;|&#8204;|&#[xX]200[cC];|\u200c")
STAND_IN = "\u07fa"
"""A letter of another script (NKo) that stands for the half-space: trafilatura drops what it takes
for control characters.
"""


def is_html(first: bytes, name: str) -> bool:
    """Whether a file is a web page, by its name or its first line."""
    return name.lower().endswith(ENDINGS) or first.lstrip(b"\xef\xbb\xbf \t").lower().startswith(
        STARTS
    )


def html_document(raw: bytes, name: str, *, id: str, encoding: str | None = None) -> Document:
    """The article of a page: its headline, a line for each paragraph, and its date.

    Raises InputError where no article is found.
    """
    from trafilatura import bare_extraction
    from trafilatura.utils import decode_file

    try:
        page = raw.decode(encoding) if encoding else str(decode_file(raw))
    except (LookupError, UnicodeDecodeError) as error:
        raise InputError(f"{name}: {error}; try another --encoding") from None
    found = bare_extraction(
        HALF_SPACE.sub(STAND_IN, page), include_comments=False, with_metadata=True
    )
    text, title = (found.text or "", found.title or "") if found else ("", "")  # type: ignore[union-attr]
    if not text.strip():
        raise InputError(f"{name}: no article found in the page; give its text instead")
    if not text.startswith(title):
        text = f"{title}\n{text}"
    date = found.date if found else None  # type: ignore[union-attr]
    return new_document(text.replace(STAND_IN, "\u200c"), id=id, date=date or None)
