"""The loops over each item of a text, in C."""

from mmap import mmap
from typing import Any, TypeVar

from pnews.normalize.gaps import Item, SpacedPair
from pnews.normalize.items import Memo

Known = TypeVar("Known", bound=tuple[Any, ...])

class Tables:
    """A capsule, of which Python knows nothing."""

class Kept:
    """Another."""

def tables(
    settled: mmap,
    pairs: mmap,
    least: int,
    odds: tuple[float, ...],
    codes: tuple[str, ...],
    type: type[tuple[Any, ...]],
    /,
) -> Tables: ...
def kept(tables: Tables | None, most: int, /) -> Kept: ...
def apart(text: str, know: Memo[Known], kept: Kept, /) -> tuple[list[Known], str]: ...
def joined(known: list[Known], /) -> str: ...
def marked(known: list[Item], marks: bytes, /) -> list[tuple[int, Item]]: ...
def spaced(
    known: list[Item],
    classes: bytes,
    before: bytes,
    behind: bytes,
    tables: Tables,
    pairs: Memo[SpacedPair | None],
    least: float,
    /,
) -> list[tuple[int, SpacedPair]]: ...
