"""The chain: an ordered list of stages, nothing more."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import import_module
from itertools import groupby
from typing import Any

import msgspec

from pnews.document import NOT_RUN, Document, Stage, new_document

LAYERS: Mapping[str, tuple[str, ...]] = {
    "normalize": ("edits", "normalized"),
    "tokenize": ("sentences",),
    "entities": ("entities",),
    "resolve": ("clusters",),
    "article": ("blocks", "title", "quotations", "sources"),
}
"""The stages in their order, and the fields of `Document` that each fills; the first of these
tells whether the stage has run.

The room of a stage is the package of its name, whose function `stage(**options)` makes it.
"""

_BEFORE: Mapping[str, Any] = {"normalized": "", "title": None}


class Pipeline:
    """The stages up to and with `last`, each built once with its options.

    `options` maps a stage's name to keyword arguments for it:
    `Pipeline(options={"normalize": {"digits": "ascii"}})`. A document that already has the
    layers of an earlier stage keeps them; with `fresh=True`, or for `last` itself, they are
    made again, and those that rest on them are dropped.
    """

    def __init__(
        self,
        *,
        last: str = "article",
        fresh: bool = False,
        options: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> None:
        names = list(LAYERS)[: list(LAYERS).index(last) + 1]
        options = options or {}
        self.stages: list[Stage] = [
            _again(name, _build(name, options.get(name, {})))
            if fresh or name == last
            else _where_missing(name, _build(name, options.get(name, {})))
            for name in names
        ]

    def __call__(self, documents: Iterable[Document]) -> Iterator[Document]:
        """Lazily, in order; the tagger reads a few documents ahead."""
        for stage in self.stages:
            documents = stage(documents)
        return iter(documents)

    def annotate(self, text: str, *, id: str = "", date: str | None = None) -> Document:
        """One text through the whole chain; `date` is ISO 8601, the day of publication."""
        return next(self([new_document(text, id=id, date=date)]))


def annotate(
    text: str,
    *,
    id: str = "",
    date: str | None = None,
    options: Mapping[str, Mapping[str, Any]] | None = None,
) -> Document:
    """Annotate one text; for many, make one `Pipeline` and keep it.

    Raises InputError if `date` isn't ISO 8601.
    """
    return Pipeline(options=options).annotate(text, id=id, date=date)


def _build(name: str, options: Mapping[str, Any]) -> Stage:
    factory: Callable[..., Stage] = import_module(f"pnews.{name}").stage
    return factory(**options)


def _where_missing(name: str, stage: Stage) -> Stage:
    layer = LAYERS[name][0]

    def run(documents: Iterable[Document]) -> Iterator[Document]:
        for done, group in groupby(documents, lambda document: document.has(layer)):
            yield from (group if done else stage(group))  # noqa: B031 (one use a branch)

    return run


def _again(name: str, stage: Stage) -> Stage:
    names = list(LAYERS)
    later = [LAYERS[name] for name in names[names.index(name) :]]
    empty = {field: _BEFORE.get(field, NOT_RUN) for fields in later for field in fields}

    def strip(document: Document) -> Document:
        if any(document.has(fields[0]) for fields in later):
            return msgspec.structs.replace(document, **empty)
        return document

    return lambda documents: stage(map(strip, documents))
