"""pnews as steps of datatrove, for many machines: read, annotate, write.

`Annotate` stands behind any reader of datatrove. With `Read` before it and `Write` behind it the
documents are those of `pnews batch`, byte for byte.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from fnmatch import fnmatchcase
from gzip import GzipFile
from itertools import islice
from typing import Any, BinaryIO

import msgspec
from datatrove.data import Document as Sample
from datatrove.io import DataFolder, DataFolderLike, get_datafolder
from datatrove.pipeline.base import PipelineStep
from datatrove.pipeline.readers.base import BaseDiskReader

from pnews.batch.work import outcomes
from pnews.formats import is_known
from pnews.formats.compression import bare
from pnews.formats.items import Item, Reading, record
from pnews.formats.read import items
from pnews.pipeline import Pipeline

CHUNK = 16
"""Documents that are annotated together; when that fails, each of them alone."""

ITEM = "pnews_item"
"""The key of a sample's metadata under which `Read` hands on a document as it is stored."""


class Read(BaseDiskReader):
    """Every document of a folder, local or remote, in what `pnews batch` reads; each task has
    every nth file, by name.

    `glob` chooses files by name or path, else their ending must be known; hidden ones are left
    out. `only` is the one file of the folder to read. The samples have no text: `Annotate`
    decodes what is stored, and fails where it can't be decoded.
    """

    name = "Read"

    def __init__(
        self,
        folder: DataFolderLike,
        *,
        glob: str | None = None,
        only: str | None = None,
        how: Reading | None = None,
    ) -> None:
        super().__init__(folder)
        self.glob, self.only = glob, only
        self.how = how or Reading()

    def files(self) -> list[str]:
        """What is read, relative to the folder, in order."""
        if self.only is not None:
            return [self.only]
        return [name for name in self.data_folder.list_files() if self._is_wanted(name)]

    def _is_wanted(self, path: str) -> bool:
        parts = path.split("/")
        if any(part.startswith(".") for part in parts):
            return False
        if self.glob is None:
            return is_known(bare(path))
        return fnmatchcase(path, self.glob) or fnmatchcase(parts[-1], self.glob)

    def run(
        self, data: Iterable[Sample] | None = None, rank: int = 0, world_size: int = 1
    ) -> Iterator[Sample]:
        """The documents of one task."""
        yield from self.read_files_shard(self.files()[rank::world_size])

    def read_file(self, filepath: str) -> Iterator[Sample]:
        """The documents of one file; ids and places are relative to the folder."""
        with self.data_folder.open(filepath, "rb") as stream:
            for item in items(stream, filepath, filepath, self.how):
                if item.kind != "skipped":
                    yield Sample(text="", id=item.id, metadata={ITEM: item})


class Annotate(PipelineStep):
    """Annotates each sample; gives its text as read, and the other fields of its JSON as metadata.

    A sample's `date` is its day of publication; its other metadata is carried through under
    `extra`. One that fails is left out, counted as `failed`, and, where `errors` is a folder,
    written to `00000.jsonl` there, which is named by the task. `options` are those of `Pipeline`;
    models are loaded once a process and run on one thread.
    """

    name = "Annotate"
    type = "pnews"

    def __init__(
        self,
        *,
        options: Mapping[str, Mapping[str, Any]] | None = None,
        errors: DataFolderLike | None = None,
        how: Reading | None = None,
    ) -> None:
        super().__init__()
        options = options or {}
        self.options = {**options, "entities": {"threads": 1, **options.get("entities", {})}}
        self.errors = None if errors is None else get_datafolder(errors)
        self.how = how or Reading()

    def run(self, data: Iterable[Sample], rank: int = 0, world_size: int = 1) -> Iterator[Sample]:
        """The samples of one task, in order, less those that fail."""
        pipeline = Pipeline(fresh=True, options=self.options)
        samples = iter(data)
        with _shard(self.errors, f"{rank:05}.jsonl") as errors:
            while chunk := list(islice(samples, CHUNK)):
                for made in outcomes([_item(s, self.how) for s in chunk], pipeline, self.how):
                    self.stat_update("failed" if made.failure else "annotated")
                    if made.failure is None:
                        yield _sample(made.line)
                    elif errors:
                        errors.write(msgspec.json.encode(made.failure) + b"\n")


class Write(PipelineStep):
    """Each task's documents as one shard of JSON Lines, `00000.jsonl.gz`, which appears when it is
    whole. The same documents give the same bytes.
    """

    name = "Write"
    type = "pnews"

    def __init__(self, folder: DataFolderLike) -> None:
        super().__init__()
        self.folder = get_datafolder(folder)

    def run(self, data: Iterable[Sample], rank: int = 0, world_size: int = 1) -> Iterator[Sample]:
        """The samples as they come, each once it is written."""
        encode = msgspec.json.Encoder().encode
        with (
            _shard(self.folder, f"{rank:05}.jsonl.gz") as stream,
            GzipFile("", "wb", 6, stream, mtime=0) as packed,
        ):
            for sample in data:
                packed.write(encode(_fields(sample)) + b"\n")
                yield sample


@contextmanager
def _shard(folder: DataFolder | None, name: str) -> Iterator[BinaryIO | None]:
    """A file that has its name when all went well; nothing where there is no folder."""
    if folder is None:
        yield None
        return
    with folder.open(f"{name}.part", "wb") as stream:
        yield stream
    folder.mv(f"{name}.part", name)


def _item(sample: Sample, how: Reading) -> Item:
    """What `Read` has read, or the sample of another reader as a record."""
    if ITEM in sample.metadata:
        found: Item = sample.metadata[ITEM]
        return found
    fields = {**sample.metadata, how.text_key: sample.text, how.id_key: sample.id}
    return record(sample.id, sample.id, fields, how)


def _sample(line: bytes) -> Sample:
    fields = msgspec.json.decode(line)
    return Sample(text=fields.pop("text"), id=fields.pop("id"), metadata=fields)


def _fields(sample: Sample) -> dict[str, Any]:
    """The JSON of a document, in its order."""
    fields = dict(sample.metadata)
    return {"schema": fields.pop("schema"), "id": sample.id, "text": sample.text, **fields}
