"""JSON: one readable document, JSON Lines, and the schema of both."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

import msgspec

from pnews.document import Document

LINE_WIDTH = 160
"""A JSON value that fits this many characters stays on one line."""


def write_jsonl(documents: Iterable[Document], stream: BinaryIO) -> None:
    """One document a line, Persian as Persian; each line is flushed when it is whole."""
    for line in lines(documents):
        stream.write(line)
        stream.flush()


def lines(documents: Iterable[Document]) -> Iterator[bytes]:
    """Each document as JSON in UTF-8, with its line feed."""
    encode = msgspec.json.Encoder().encode
    for document in documents:
        yield encode(document) + b"\n"


def write_json(documents: Iterable[Document], stream: BinaryIO) -> None:
    """One document as an object, several as an array, laid out to be read."""
    texts = [_laid_out(msgspec.to_builtins(document), 0) for document in documents]
    whole = texts[0] if len(texts) == 1 else "[" + ",\n".join(texts) + "]"
    stream.write(whole.encode() + b"\n")


def _laid_out(value: Any, depth: int) -> str:
    """A value on one line where it fits or is a token, else with its items on their own."""
    flat = msgspec.json.encode(value).decode()
    if not value or not isinstance(value, dict | list | tuple) or len(flat) <= LINE_WIDTH:
        return flat
    pad = "\n" + "  " * (depth + 1)
    if isinstance(value, dict):
        items = [
            f"{msgspec.json.encode(key).decode()}: {_laid_out(item, depth + 1)}"
            for key, item in value.items()
        ]
        return "{" + pad + ("," + pad).join(items) + pad[:-2] + "}"
    return (
        "[" + pad + ("," + pad).join(_laid_out(item, depth + 1) for item in value) + pad[:-2] + "]"
    )


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a document."""
    made = msgspec.json.schema(Document)
    document = made["$defs"].pop("Document")
    for definition in (document, *made["$defs"].values()):
        for field in definition.get("properties", {}).values():
            if field.get("default") is not None:
                field.pop("default")  # an absent layer isn't an empty one
        definition["additionalProperties"] = False
        definition["description"] = " ".join(definition.get("description", "").split())
    document["properties"]["schema"] = {"const": 1}
    document["required"] = ["schema", "id", "text"]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **document,
        "$defs": made["$defs"],
    }
