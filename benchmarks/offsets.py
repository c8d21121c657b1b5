"""Do the offsets lie? Every entity, token and sentence of all news, against the source.

usage: python benchmarks/offsets.py [--last STAGE] NEWS.jsonl.gz...

Two looks at each span. By construction: the edits lead from the source to the normalised text,
and the span's source range is the one that they give. By the letters, knowing nothing of the
alignment: the source slice and the text have the same letters and digits once their shapes are
folded; an entity's text is its source slice to the character. Prints what was looked at and
every lie; exits 1 if there is one.
"""

from __future__ import annotations

import argparse
import gzip
import html
import json
import re
import sys
import time
import unicodedata
from collections import Counter
from collections.abc import Iterator

from pnews import Document, Pipeline
from pnews.document import new_document

SHAPES = "يىےكةۀھہەٱ" + "٠١٢٣٤٥٦٧٨٩" + "۰۱۲۳۴۵۶۷۸۹"
FOLD = str.maketrans(SHAPES, "ی" * 3 + "ک" + "ه" * 5 + "ا" + "0123456789" * 2)


def letters(text: str) -> str:
    """Letters and digits, folded; a letter said three times or more is said once."""
    folded = unicodedata.normalize("NFKC", html.unescape(text)).translate(FOLD)
    bare = "".join(char for char in folded if char.isalnum() and char != "\u0640")
    return re.sub(r"([^\W\d])\1{2,}", r"\1", bare)


def documents(path: str) -> Iterator[Document]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            record = json.loads(line)
            fields = ("title", "summary", "abstract", "text", "body")
            text = "\n".join(record[field] for field in fields if record.get(field))
            if text.strip():
                yield new_document(text, id=f"{path.rsplit('/', 1)[-1]}:{number}")


def spans(document: Document) -> Iterator[tuple[str, str, int, int, int, int]]:
    for sentence in document.sentences:
        text = document.normalized[sentence.norm_start : sentence.norm_end]
        yield "sentence", text, *bounds(sentence)
        for token in sentence.tokens:
            yield "token", token.text, *bounds(token)
    for entity in document.entities:
        if document.text[entity.start : entity.end] != entity.text:
            yield "entity", "\0", *bounds(entity)
        yield "entity", entity.normalized, *bounds(entity)


def bounds(span: object) -> tuple[int, int, int, int]:
    return span.start, span.end, span.norm_start, span.norm_end  # type: ignore[attr-defined]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--last", default="article")
    parser.add_argument("news", nargs="+")
    given = parser.parse_args()
    pipeline = Pipeline(last=given.last)
    seen: Counter[str] = Counter()
    lies = 0
    began = time.perf_counter()
    for path in given.news:
        for document in pipeline(documents(path)):
            seen["document"] += 1
            seen["character"] += len(document.text)
            aligned = document.aligned  # raises unless the edits lead to the normalised text
            for kind, text, start, end, norm_start, norm_end in spans(document):
                seen[kind] += 1
                built = aligned.source_span(norm_start, norm_end) == (start, end)
                said = document.normalized[norm_start:norm_end] == text
                if built and said and letters(document.text[start:end]) == letters(text):
                    continue
                lies += 1
                print(f"{document.id}: {kind} {start}-{end}: {document.text[start:end]!r} {text!r}")
    seconds = time.perf_counter() - began
    print(*(f"{count} {kind}s," for kind, count in seen.items()), f"{lies} lies, {seconds:.0f} s")
    return bool(lies)


if __name__ == "__main__":
    sys.exit(main())
