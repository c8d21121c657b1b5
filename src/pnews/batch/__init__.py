"""Many documents into one file."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pnews.document import Document, iso_day
from pnews.errors import InputError, PnewsError
from pnews.formats.encodings import decode
from pnews.formats.json import write_jsonl
from pnews.formats.output import opened
from pnews.pipeline import Pipeline


def annotate_folder(
    folder: str,
    output: str,
    *,
    date: str | None = None,
    encoding: str | None = None,
    options: Mapping[str, Mapping[str, Any]] | None = None,
    progress: Callable[[Sequence[Path]], Iterable[Path]] = iter,
) -> tuple[int, int]:
    """Annotate every `*.txt` below a folder into JSON Lines; ids are relative paths.

    Returns how many were annotated and how many failed; each failure is named on standard
    error. Raises InputError if there is nothing to annotate.
    """
    root = Path(folder)
    if not root.is_dir():
        raise InputError(f"{folder}: not a folder; annotate a file with: pnews annotate {folder}")
    day = iso_day(date) if date else None
    paths = sorted(path for path in root.rglob("*.txt") if path.is_file())
    if not paths:
        raise InputError(f"{folder}: no *.txt below it; name a folder of text files")
    pipeline = Pipeline(fresh=True, options=options)
    count = _Count()

    def documents() -> Iterator[Document]:
        for path in progress(paths):
            name = path.relative_to(root).as_posix()
            try:
                text = decode(path.read_bytes(), name, encoding)
                yield pipeline.annotate(text, id=name, date=day)
            except (PnewsError, OSError) as error:
                count.failed += 1
                print(f"pnews: {error}", file=sys.stderr)
            else:
                count.done += 1

    with opened(output) as stream:
        write_jsonl(documents(), stream)
    return count.done, count.failed


class _Count:
    done = 0
    failed = 0
