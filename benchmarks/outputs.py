"""What writing each format costs, apart from annotating: documents/s, memory, size.

    pnews batch ../shared/data/news/khabaryaab.jsonl.gz --text-key body -o news.jsonl
    python benchmarks/outputs.py news.jsonl [--documents 2000 20000]

Documents are read from the file again and again until there are so many. A process for each format;
CPU seconds, with the reading of the JSON, and the most memory that it had.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from itertools import chain, islice, repeat
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from pnews import Document
from pnews.formats import FORMATS, OUTPUTS, write_file


def documents(name: str, number: int) -> Iterator[Document]:
    decode = msgspec.json.Decoder(Document).decode

    def once(_: None) -> Iterator[Document]:
        with Path(name).open("rb") as lines:
            yield from map(decode, lines)

    return islice(chain.from_iterable(map(once, repeat(None))), number)


def measure(source: str, number: int, output: Path) -> str:
    child = os.fork()
    if not child:
        write_file(documents(source, number), str(output))
        os._exit(0)
    _, status, used = os.wait4(child, 0)
    assert status == 0, output.name
    spent = used.ru_utime + used.ru_stime
    return (
        f"{number / spent:7.0f} documents/s {used.ru_maxrss / 1000:6.0f} MB of memory "
        f"{output.stat().st_size / number / 1000:6.1f} KB each"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("file", help="JSON Lines that pnews wrote")
    parser.add_argument("--documents", type=int, nargs="+", default=[2000, 20_000])
    given = parser.parse_args()
    for format_ in OUTPUTS:
        for number in given.documents:
            with TemporaryDirectory() as folder:
                output = Path(folder) / f"out{FORMATS[format_].endings[0]}"
                print(f"{format_:10} {number:7} {measure(given.file, number, output)}", flush=True)


if __name__ == "__main__":
    main()
