"""SQLite: documents, what is named and said in them, and an index of all words (FTS5).

The index has the normalised text twice: `normalized`, in which a half-space parts words, and
`folded`, in which it is gone, so that `می\u200cکند`, `میکند` and `می کند` all find `می\u200cکند`.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

import msgspec

from pnews.document import Document, Place
from pnews.formats.output import folder_of
from pnews.formats.values import value_of

FOLDS = {
    "\u200c": "",
    **dict.fromkeys("\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0670", ""),
    **{digit: str(value) for value, digit in enumerate("۰۱۲۳۴۵۶۷۸۹")},
}
"""What `folded` has in place of half-spaces, vowel signs and Persian digits."""


def _folded(column: str) -> str:
    for old, new in FOLDS.items():
        column = f"replace({column}, char({ord(old)}), '{new}')"
    return column


TABLES = f"""
CREATE TABLE documents (
  key INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  date TEXT,
  title TEXT,
  text TEXT NOT NULL,
  normalized TEXT NOT NULL,
  extra TEXT NOT NULL,
  model TEXT,
  pnews TEXT,
  folded TEXT GENERATED ALWAYS AS ({_folded("normalized")}) VIRTUAL
);
CREATE TABLE clusters (
  key INTEGER PRIMARY KEY,
  document INTEGER NOT NULL REFERENCES documents (key),
  id TEXT NOT NULL,
  type TEXT NOT NULL,
  name TEXT NOT NULL,
  name_en TEXT,
  ids TEXT NOT NULL,
  country TEXT,
  latitude REAL,
  longitude REAL
);
CREATE TABLE entities (
  key INTEGER PRIMARY KEY,
  document INTEGER NOT NULL REFERENCES documents (key),
  cluster INTEGER REFERENCES clusters (key),
  id TEXT NOT NULL,
  type TEXT NOT NULL,
  text TEXT NOT NULL,
  normalized TEXT NOT NULL,
  start INTEGER NOT NULL,
  "end" INTEGER NOT NULL,
  norm_start INTEGER NOT NULL,
  norm_end INTEGER NOT NULL,
  score REAL NOT NULL,
  value TEXT,
  number REAL,
  currency TEXT,
  block TEXT
);
CREATE TABLE quotations (
  key INTEGER PRIMARY KEY,
  document INTEGER NOT NULL REFERENCES documents (key),
  speaker INTEGER REFERENCES clusters (key),
  kind TEXT NOT NULL,
  cue TEXT,
  text TEXT NOT NULL,
  start INTEGER NOT NULL,
  "end" INTEGER NOT NULL
);
CREATE TABLE sources (
  key INTEGER PRIMARY KEY,
  document INTEGER NOT NULL REFERENCES documents (key),
  cluster INTEGER REFERENCES clusters (key),
  cue TEXT NOT NULL,
  text TEXT NOT NULL,
  start INTEGER NOT NULL,
  "end" INTEGER NOT NULL
);
CREATE VIRTUAL TABLE documents_fts USING fts5 (
  normalized, folded, content="documents", content_rowid="key", tokenize="unicode61"
);
"""
"""`key` numbers the rows of a table from 1, in the order of the documents; `id` is the JSON's.
`documents.title` is normalised, `ids` and `extra` are JSON. The rest is as in the JSON. Datasette
looks for `content="…"` in double quotes to find a table's index.
"""

INDEXES = """
CREATE INDEX documents_id ON documents (id);
CREATE INDEX documents_date ON documents (date);
CREATE INDEX clusters_document ON clusters (document);
CREATE INDEX clusters_name ON clusters (name);
CREATE INDEX clusters_name_en ON clusters (name_en);
CREATE INDEX entities_document ON entities (document);
CREATE INDEX entities_cluster ON entities (cluster);
CREATE INDEX entities_normalized ON entities (normalized);
CREATE INDEX quotations_document ON quotations (document);
CREATE INDEX quotations_speaker ON quotations (speaker);
CREATE INDEX sources_document ON sources (document);
CREATE INDEX sources_cluster ON sources (cluster);
INSERT INTO documents_fts (documents_fts) VALUES ('rebuild');
INSERT INTO documents_fts (documents_fts) VALUES ('optimize');
"""
"""Made when all rows are in: quicker, and the file is laid out in order."""

Row = tuple[Any, ...]


def write_sqlite(documents: Iterable[Document], stream: BinaryIO) -> None:
    """A database, made beside the stream's file and copied into it when it is whole.

    Raises OSError where the disk is full, say.
    """
    with TemporaryDirectory(prefix=".pnews-", dir=folder_of(stream)) as folder:
        made = Path(folder) / "news.db"
        try:
            with closing(sqlite3.connect(made, isolation_level=None)) as db:
                _fill(db, documents)
        except sqlite3.OperationalError as error:
            raise OSError(str(error)) from None
        with made.open("rb") as whole:
            shutil.copyfileobj(whole, stream)


def _fill(db: sqlite3.Connection, documents: Iterable[Document]) -> None:
    db.executescript("PRAGMA page_size = 4096; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")
    db.executescript(TABLES)
    db.execute("BEGIN")
    keys = count(1)
    for key, document in enumerate(documents, 1):
        clusters = {cluster.id: next(keys) for cluster in document.clusters}
        for table, row in _rows(document, key, clusters):
            db.execute(f"INSERT INTO {table} VALUES (?{', ?' * (len(row) - 1)})", row)
    db.execute("COMMIT")
    db.executescript(INDEXES)


def _rows(document: Document, key: int, keys: dict[str, int]) -> Iterator[tuple[str, Row]]:
    """Each row of a document with the name of its table; `keys` are those of its clusters."""
    yield "documents", (
        key, document.id, document.meta.date or None, _title(document), document.text,
        document.normalized, _json(document.extra), document.meta.model, document.meta.pnews,
    )  # fmt: skip
    for cluster in document.clusters:
        place = msgspec.structs.astuple(cluster.place or Place(""))
        yield "clusters", (
            keys[cluster.id], key, cluster.id, cluster.type, cluster.name, cluster.name_en,
            _json(cluster.ids), *(cell or None for cell in place),
        )  # fmt: skip
    for entity in document.entities:
        yield "entities", (
            None, key, keys.get(entity.cluster or ""), entity.id, entity.type, entity.text,
            entity.normalized, entity.start, entity.end, entity.norm_start, entity.norm_end,
            entity.score, *value_of(entity), entity.block,
        )  # fmt: skip
    for said in document.quotations:
        speaker = keys.get(said.speaker or "")
        yield "quotations", (
            None, key, speaker, said.kind, said.cue, said.text, said.start, said.end
        )  # fmt: skip
    for source in document.sources:
        cluster_key = keys.get(source.cluster or "")
        yield "sources", (
            None, key, cluster_key, source.cue, source.text, source.start, source.end
        )  # fmt: skip


def _title(document: Document) -> str | None:
    if document.title is None:
        return None
    start, end = document.aligned.text_span(document.title.start, document.title.end)
    return document.normalized[start:end]


def _json(value: dict[str, Any]) -> str:
    return msgspec.json.encode(value).decode()
