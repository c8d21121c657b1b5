"""Lay out what the tables of half-spaces say as repair asks for it, so that it is quick:

- half-spaces.tails.marisa: the known pairs by their first pieces;
- in half-spaces.pieces.marisa a mark on words that hold no half-space and of which nothing else is
  to be known, so that repair need not think of them: three quarters of the different words of news;
- half-spaces.settled.tsv: the commonest of these, to be read at once.

    python training/settle_words.py

All of it follows from the tables and weights that `train_half_spaces.py` makes; it must have run.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import groupby

import marisa_trie

from pnews import data
from pnews.normalize import gaps, spellings
from pnews.normalize.characters import SETTLED, class_of


def rows(pieces: marisa_trie.BytesTrie) -> Iterator[tuple[str, bytes]]:
    """The pieces as they are, settled words marked; vowel signs are taken off before a question."""
    for letters, packed in pieces.iteritems():
        facts = None if gaps.MARKS.search(letters) else gaps.facts_thought_out(letters)
        if facts and not gaps.is_doubtful(facts):
            yield letters, spellings.pack_settled(packed, facts.closes, facts.opens)
        else:
            yield letters, packed[: spellings.PIECE_BYTES]


def common(pieces: marisa_trie.BytesTrie) -> dict[spellings.Readiness, list[str]]:
    """The common words among those that `rows` marked and no character rule changes, by what is
    known of them.
    """
    found = defaultdict(list)
    for letters, packed in pieces.iteritems():
        readiness = spellings.settled(letters)
        if readiness and spellings.Piece.unpack(packed).word and class_of(letters) == SETTLED:
            found[readiness].append(letters)
    return found


def tails(pairs: marisa_trie.BytesTrie) -> Iterator[tuple[str, bytes]]:
    """The pairs by their first pieces: one look finds all that may follow."""
    both = ((*pair.split(" "), packed[0]) for pair, packed in sorted(pairs.iteritems()))
    for head, several in groupby(both, lambda each: each[0]):
        yield head, spellings.pack_tails({tail: odds for _, tail, odds in several})


def save(name: str, content: Iterable[tuple[str, bytes]]) -> None:
    """A table in place of the one before, which may be in use, by this process too."""
    path = data.FOLDER / f"half-spaces.{name}.marisa"
    table = marisa_trie.BytesTrie(content)
    path.unlink(missing_ok=True)
    table.save(str(path))
    spellings._table.cache_clear()
    print(f"{path.name}: {len(table)} rows, {path.stat().st_size:,} bytes")


def main() -> None:
    """Make the three, the tails first: what is known of words rests on them."""
    save("tails", tails(spellings._table("pairs")))
    save("pieces", rows(spellings._table("pieces")))
    listed = data.FOLDER / "half-spaces.settled.tsv"
    lines = (
        f"{closes}\t{opens}\t{' '.join(words)}\n"
        for (closes, opens), words in sorted(common(spellings._table("pieces")).items())
    )
    listed.write_text("".join(("# closes\topens\twords\n", *lines)), encoding="utf-8")
    print(f"{listed.name}: {listed.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
