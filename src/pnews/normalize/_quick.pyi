"""The loops over each item of a text, in C."""

from typing import Any, TypeVar

from pnews.normalize.gaps import Item, SpacedPair
from pnews.normalize.items import Memo

Known = TypeVar("Known", bound=tuple[Any, ...])

def apart(text: str, know: Memo[Known], /) -> tuple[list[Known], str]: ...
def joined(known: list[Known], /) -> str: ...
def spaced(
    known: list[Item],
    classes: bytes,
    before: bytes,
    behind: bytes,
    tails: Memo[dict[str, float]],
    pairs: Memo[SpacedPair | None],
    least: float,
    /,
) -> list[tuple[int, SpacedPair]]: ...
