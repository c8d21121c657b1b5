"""Work on standard input line by line as a peer does; runs where the peer is installed.

python benchmarks/peers.py NAME [normalize|tokenize]
python benchmarks/peers.py versions
python benchmarks/peers.py sizes NAME...

`tokenize` writes a line of tokens, with blanks between, for each line. It also knows `pnews`, where
pnews is installed, whose tokens come with lemmas. `sizes` prints as JSON what the files of each
package take on the disk, and what they take with all that the package needs, in bytes.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterable
from importlib import metadata
from pathlib import Path

NAMES = ("hazm", "parsivar", "shekar", "rishe")


def normalizer(name: str) -> Callable[[str], str]:
    """The peer's own normaliser, as its documentation makes it."""
    if name == "hazm":
        import hazm

        return hazm.Normalizer().normalize
    if name == "parsivar":
        import parsivar

        return parsivar.Normalizer(statistical_space_correction=True).normalize
    if name == "shekar":
        import shekar

        return shekar.Normalizer()
    if name == "rishe":
        import rishe

        return rishe.Pipeline().normalize
    raise SystemExit(__doc__)


def tokenizer(name: str) -> Callable[[str], Iterable[str]]:
    """Sentences, then words, by the package's own tokenizers."""
    if name == "hazm":
        import hazm

        sentences, words = hazm.SentenceTokenizer(), hazm.WordTokenizer()
        return lambda text: _words(sentences.tokenize(text), words.tokenize)
    if name == "parsivar":
        import parsivar

        both = parsivar.Tokenizer()
        return lambda text: _words(both.tokenize_sentences(text), both.tokenize_words)
    if name == "shekar":
        import shekar

        first, second = shekar.SentenceTokenizer(), shekar.WordTokenizer()
        return lambda text: _words(first(text), second)
    if name == "rishe":
        import rishe

        pipeline = rishe.Pipeline()
        return lambda text: _words(pipeline.sent_tokenize(text), pipeline.word_tokenize)
    if name == "pnews":
        return _pnews()
    raise SystemExit(__doc__)


def _words(sentences: Iterable[str], words: Callable[[str], Iterable[str]]) -> Iterable[str]:
    return [str(word) for sentence in sentences for word in words(sentence)]


def _pnews() -> Callable[[str], Iterable[str]]:
    import msgspec

    from pnews.document import new_document
    from pnews.tokenize import stage

    tokenize = stage()

    def tokens(text: str) -> Iterable[str]:
        document = msgspec.structs.replace(new_document(text), normalized=text, edits=())
        return [token.text for token in next(tokenize([document])).tokens]

    return tokens


def sizes(name: str) -> tuple[int, int]:
    """Bytes of a package's files, and of those with all that it needs."""
    found: dict[str, int] = {}
    _add(name, found)
    return found[_plain(name)], sum(found.values())


def _add(name: str, found: dict[str, int]) -> None:
    try:
        package = metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return
    if _plain(name) in found:
        return
    files = [Path(str(file.locate())) for file in package.files or ()]
    if _plain(name) == "pnews":  # installed in place
        import pnews

        files += Path(pnews.__file__).parent.rglob("*")
    found[_plain(name)] = sum(
        file.stat().st_size for file in files if file.is_file() and file.suffix != ".pyc"
    )
    for needed in package.requires or ():
        if "extra ==" not in needed:
            _add(re.split(r"[^\w.-]", needed, maxsplit=1)[0], found)


def _plain(name: str) -> str:
    return re.sub("[-_.]+", "-", name).lower()


def main(name: str, *rest: str) -> None:
    if name == "versions":
        print(", ".join(f"{peer} {metadata.version(peer)}" for peer in NAMES))
        return
    if name == "sizes":
        print(json.dumps({package: sizes(package) for package in rest}))
        return
    if rest == ("tokenize",):
        split = tokenizer(name)
        work = lambda line: " ".join(split(line))  # noqa: E731
    else:
        work = normalizer(name)
    sys.stdin.reconfigure(encoding="utf-8")
    sys.stdout.reconfigure(encoding="utf-8")
    for line in sys.stdin:
        print(work(line.rstrip("\n")).replace("\n", " "))


if __name__ == "__main__":
    main(*sys.argv[1:])
