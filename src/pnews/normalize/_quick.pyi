"""The loops over each item of a text, in C."""

from mmap import mmap
from typing import Any, TypeVar

from pnews.normalize.gaps import Item, Pair, SpacedPair
from pnews.normalize.items import Memo

Known = TypeVar("Known", bound=tuple[Any, ...])

class Met:
    """A capsule, of which Python knows nothing."""

def met() -> Met: ...
def apart(text: str, know: Memo[Known], met: Met, /) -> tuple[list[Known], str]: ...
def joined(known: list[Known], /) -> str: ...
def marked(known: list[Item], marks: bytes, /) -> list[tuple[int, Item]]: ...
def spaced(
    known: list[Item],
    classes: bytes,
    before: bytes,
    behind: bytes,
    table: mmap,
    odds: tuple[float, ...],
    pairs: Memo[SpacedPair | None],
    least: float,
    /,
) -> list[tuple[int, SpacedPair]]: ...
def common(
    text: str, settled: mmap, pairs: mmap, least: int, codes: tuple[str, ...], /
) -> tuple[str, str, str, tuple[()] | tuple[Pair]] | None: ...
