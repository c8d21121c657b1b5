"""Run by mkdocs: Persian words in code stand apart, so that what is beside them keeps its place.

Without it a browser shows `["باکو",49,53]` with its numbers on the wrong side of the word.
"""

from __future__ import annotations

import re
from typing import Any

BLOCK = re.compile(r"<pre.*?</pre>", re.DOTALL)
WORD = "[\u0600-\u06ff\u200c]+"
TAG_OR_WORDS = re.compile(rf"(<[^>]*>)|«?{WORD}(?:[ :.«»!()/0-9-]*{WORD})*(?: ?[:.»!]+)?")
"""A tag, or a stretch of Persian with the marks and numbers in it: گفت: «۵۰ درصد».
"""


def on_page_content(html: str, **_: Any) -> str:
    """The page with `<bdi>` around the Persian of its blocks of code."""
    return BLOCK.sub(lambda block: TAG_OR_WORDS.sub(_apart, block.group()), html)


def _apart(found: re.Match[str]) -> str:
    return found.group() if found.group(1) else f"<bdi>{found.group()}</bdi>"
