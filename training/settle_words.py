"""Lay out what the tables of half-spaces say as repair asks for it, so that it is quick:

- in half-spaces.pieces.marisa a mark on words that hold no half-space and of which nothing else is
  to be known, so that repair need not think of them: three quarters of the different words of news;
- half-spaces.settled.table: those of them that no character rule changes, and rarer ones;
- half-spaces.pairs.table: the known pairs that repair may ask about.

    python training/settle_words.py

All of it follows from the tables and weights that `train_half_spaces.py` makes; it must have run.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

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


def settled(pieces: marisa_trie.BytesTrie, words: marisa_trie.BytesTrie) -> dict[str, int]:
    """The words that `rows` marked and their like among words too rare for a piece, each with its
    mark; those that no character rule changes. Not those that stand for another piece, since their
    pairs are those of the other.
    """
    found = {
        letters: packed[spellings.PIECE_BYTES]
        for letters, packed in pieces.iteritems()
        if len(packed) > spellings.PIECE_BYTES
    }
    for letters, spelling in words.iteritems():
        if not spelling and letters not in pieces:
            facts = gaps.facts_thought_out(letters)
            if not gaps.is_doubtful(facts):
                found[letters] = spellings.READY.index((facts.closes, facts.opens))
    return {
        letters: mark
        for letters, mark in found.items()
        if class_of(letters) == SETTLED and spellings.like(letters) == letters
    }


def pairs(stored: marisa_trie.BytesTrie) -> dict[str, int]:
    """The packed log-odds of pairs that matter: of others repair would think the same. A piece that
    stands for another has its pairs.
    """
    found = {}
    for pair, (packed, _) in stored.iteritems():
        head, tail = pair.split(" ")
        odds = spellings.unpack_odds(packed)
        matters = odds > gaps.UNLIKELY or odds < gaps.WRONG
        if matters or spellings.may_join(head, tail, spellings._piece):
            heads = () if head in spellings.PREVERBAL else (head, *ALIKE[head])
            found |= {f"{each} {tail}": packed for each in heads}
    return found


ALIKE = defaultdict[str, list[str]](list)
for piece, other in spellings.PREVERBAL.items():
    ALIKE[other].append(piece)


def replace(path: Path, content: bytes) -> None:
    """A file in place of the one before, which may be in use, by this process too."""
    path.unlink(missing_ok=True)
    path.write_bytes(content)
    print(f"{path.name}: {path.stat().st_size:,} bytes")


def main() -> None:
    """Make the three, the pieces first, as the settled words are told from them."""
    pieces = marisa_trie.BytesTrie(rows(spellings._table("pieces")))
    replace(data.FOLDER / "half-spaces.pieces.marisa", pieces.tobytes())
    for name, values in {
        "settled": settled(pieces, spellings._table("words")),
        "pairs": pairs(spellings._table("pairs")),
    }.items():
        replace(data.FOLDER / f"half-spaces.{name}.table", spellings.pack_table(values))


if __name__ == "__main__":
    main()
