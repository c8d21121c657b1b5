"""Mark in the table of pieces the words that hold no half-space and of which nothing else is to be
known, so that repair need not think of them: three quarters of the different words of news.

    python training/settle_words.py

The marks follow from the tables and weights that `train_half_spaces.py` makes; it must have run.
"""

from __future__ import annotations

from collections.abc import Iterator

import marisa_trie

from pnews import data
from pnews.normalize import gaps, spellings


def rows(pieces: marisa_trie.BytesTrie) -> Iterator[tuple[str, bytes]]:
    """The pieces as they are, settled words marked."""
    for letters, packed in pieces.iteritems():
        facts = gaps.facts_thought_out(letters)
        if gaps.is_doubtful(facts):
            yield letters, packed[: spellings.PIECE_BYTES]
        else:
            yield letters, spellings.pack_settled(packed, facts.closes, facts.opens)


def main() -> None:
    """Mark them."""
    path = data.path("half-spaces.pieces.marisa")
    marked = marisa_trie.BytesTrie(rows(marisa_trie.BytesTrie().load(str(path))))
    path.unlink()  # the table is in use, by this process too
    marked.save(str(path))
    print(f"{path.name}: {len(marked)} rows, {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
