"""brat: the text as read and its annotations, two files a document, in one archive.

Format: https://brat.nlplab.org/standoff.html.
"""

from __future__ import annotations

import re
import tarfile
from collections.abc import Iterable, Iterator
from gzip import GzipFile
from typing import BinaryIO, get_args

from pnews.document import Cluster, Document, Entity, EntityType
from pnews.formats.values import value_of

NAME_BYTES = 120
"""Of a document's id, how much its file names keep."""

_PIECES = re.compile(r"[^\t\n\v\f\r\x1c-\x1e\x85\u2028\u2029]+")
"""Text between line breaks and tabs, which a line of annotations can't hold."""

CONFIGURATION = "\n".join(
    [
        "[entities]",
        *get_args(EntityType),
        "[relations]",
        "<OVERLAP> Arg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>",
        "[events]",
        "[attributes]",
        "",
    ]
)
"""brat's `annotation.conf`: which types there are."""


def write_brat(documents: Iterable[Document], stream: BinaryIO) -> None:
    """A gzipped tar archive of a folder to put below brat's `data/`.

    Names are the document's number and id. Each entity is a `T`, an id of its cluster an `N`, its
    value a note.
    """
    with GzipFile("", "wb", 6, stream, mtime=0) as archive:
        archive.write(_member("annotation.conf", CONFIGURATION))
        for number, document in enumerate(documents, 1):
            name = f"{number:07}-{_file_name(document.id)}"
            annotations = "".join(f"{line}\n" for line in _annotations(document))
            archive.write(_member(f"{name}.txt", document.text))
            archive.write(_member(f"{name}.ann", annotations))
        archive.write(bytes(2 * tarfile.BLOCKSIZE))


def _member(name: str, text: str) -> bytes:
    """A file in a tar archive; `tarfile` itself would keep all their names in memory."""
    raw = text.encode()
    header = tarfile.TarInfo(name)
    header.size = len(raw)
    return header.tobuf(tarfile.PAX_FORMAT) + raw + bytes(-len(raw) % tarfile.BLOCKSIZE)


def _file_name(id: str) -> str:
    """An id with all but letters, digits, `_`, `-` and `.` made `_`."""
    safe = re.sub(r"[^\w.-]+", "_", id.removesuffix(".txt"))
    return safe.encode()[:NAME_BYTES].decode(errors="ignore")


def _annotations(document: Document) -> Iterator[str]:
    clusters = {cluster.id: cluster for cluster in document.clusters}
    references = 0
    for number, entity in enumerate(document.entities, 1):
        yield f"T{number}\t{entity.type} {_span(document.text, entity)}"
        for reference in _references(clusters.get(entity.cluster or "")):
            references += 1
            yield f"N{references}\tReference T{number} {reference}"
        value = value_of(entity)
        if value.text is not None:
            note = f"{value.text} {value.currency or ''}".rstrip()
            yield f"#{number}\tAnnotatorNotes T{number}\t{note}"


def _span(text: str, entity: Entity) -> str:
    """Where a mention is, and its text; brat wants one that goes over lines in pieces."""
    lines = [
        (entity.start + piece.start(), entity.start + piece.end())
        for piece in _PIECES.finditer(text[entity.start : entity.end])
    ]
    places = ";".join(f"{start} {end}" for start, end in lines)
    return f"{places}\t{' '.join(text[start:end] for start, end in lines)}"


def _references(cluster: Cluster | None) -> Iterator[str]:
    if cluster:
        for authority, identifier in cluster.ids.items():
            yield f"{authority}:{identifier}\t{cluster.name_en or cluster.name}"
