"""Does the built site fetch anything from elsewhere? Names each such tag or rule and exits with 1.

usage: python docs/check_site.py build/docs

Links that a reader may follow (`<a href>`) are no matter.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

ELSEWHERE = re.compile(r"\s*(?:https?:)?//")
IN_STYLE = re.compile(r"(?:url\(|@import)\s*[\"']?((?:https?:)?//[^)\"'\s]+)")
FETCHING = ("src", "srcset", "data", "poster", "href", "xlink:href")


class Fetched(HTMLParser):
    """What a page makes a browser fetch from another host."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            fetches = name in FETCHING and tag != "a"
            if fetches and value and ELSEWHERE.match(value):
                self.found.append(f"<{tag} {name}={value}>")
            elif name == "style":
                self.found += IN_STYLE.findall(value or "")


def elsewhere(site: Path) -> Iterator[str]:
    """`page: what` for each thing fetched from another host."""
    for path in sorted(site.rglob("*.html")):
        page = path.read_text(encoding="utf-8")
        styles = "\n".join(re.findall(r"<style.*?</style>", page, re.DOTALL))
        yield from (f"{path}: {what}" for what in Fetched(page).found + IN_STYLE.findall(styles))
    for path in sorted(site.rglob("*.css")):
        found = IN_STYLE.findall(path.read_text(encoding="utf-8"))
        yield from (f"{path}: {what}" for what in found)


def main(site: Path) -> None:
    """Print and count."""
    if not any(site.rglob("*.html")):
        sys.exit(f"{site}: no pages; build the site first: make docs")
    found = list(elsewhere(site))
    for what in found:
        print(what, file=sys.stderr)
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
