"""What a worker does with documents: decode, annotate, encode; a failure is a result too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from pnews.document import Document
from pnews.errors import PnewsError
from pnews.formats.items import Item, Reading
from pnews.formats.read import document
from pnews.pipeline import LAYERS, Pipeline

Annotate = Callable[[Iterable[Document]], Iterator[Document]]


class Failure(msgspec.Struct, frozen=True):
    """A document that couldn't be annotated, the stage that failed, and why: one line."""

    id: str
    stage: str
    reason: str


class Outcome(NamedTuple):
    """What became of one document: its line of JSON and its entities by type, or a failure."""

    line: bytes = b""
    entities: Mapping[str, int] = {}
    failure: Failure | None = None


def outcomes(items: Sequence[Item], annotate: Annotate, how: Reading) -> list[Outcome]:
    """One for each item, in order.

    The documents are annotated together; when that raises, those that are left are tried again,
    each alone, so that one can't take others with it.
    """
    read = [_read(item, how) for item in items]
    documents = [found for found in read if isinstance(found, Document)]
    made: list[Outcome] = []
    try:
        made.extend(map(_encoded, annotate(documents)))
    except Exception:  # whatever a stage raises is that document's failure, found below
        made.extend(_alone(found, annotate) for found in documents[len(made) :])
    following = iter(made)
    return [next(following) if isinstance(f, Document) else Outcome(failure=f) for f in read]


def _read(item: Item, how: Reading) -> Document | Failure:
    try:
        return document(item, how)
    except Exception as error:
        return Failure(item.id, "read", reason(error))


def _encoded(found: Document) -> Outcome:
    counts: Counter[str] = Counter(entity.type for entity in found.entities)
    return Outcome(msgspec.json.encode(found) + b"\n", counts)


def _alone(found: Document, annotate: Annotate) -> Outcome:
    stages: Mapping[str, Any] = {"annotate": annotate}
    if isinstance(annotate, Pipeline):
        stages = dict(zip(LAYERS, annotate.stages, strict=False))
    for name, stage in stages.items():
        try:
            (found,) = stage([found])
        except Exception as error:
            return Outcome(failure=Failure(found.id, name, f"{found.id}: {reason(error)}"))
    return _encoded(found)


def reason(error: Exception) -> str:
    """One line: an expected error's own words, else with the name of what was raised."""
    words = " ".join(str(error).split()) or "no reason given"
    words = words.encode("utf-8", "backslashreplace").decode()
    return words if isinstance(error, PnewsError) else f"{type(error).__name__}: {words}"
