"""Words as the pieces of the encoder's vocabulary (unigram language model, Kudo 2018).

The pieces are those that the vocabulary's own tokenizer gives (`docs/tagger.md`), without its
library, which takes four times as long to start.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache

import msgspec

from pnews.entities import packs
from pnews.entities.features import DIACRITICS, HALF_SPACE, PLAIN

VOCABULARY = "pieces.json"
BEGIN, PAD, END, UNKNOWN = range(4)
SPELT = str.maketrans(
    {
        **dict.fromkeys("يىېۍ", "ی"),
        **dict.fromkeys("كڪ", "ک"),
        **dict.fromkeys("ةۀەہھ", "ه"),
        **dict.fromkeys("\u0640\u200d\u200e\u200f\ufeff" + DIACRITICS, ""),
        **dict(zip("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789", strict=True)),
        " ": HALF_SPACE,
        "\xa0": HALF_SPACE,
    }
)
READ = str.maketrans(
    {
        **dict.fromkeys("\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u2581\ufeff\ufffd", " "),
        **dict.fromkeys("\x7f\x8f\x9f", ""),
    }
)
"""What sentencepiece's nmt_nfkc does beside NFKC."""
WORD_MARK = "\u2581"
"""Stands before each word, and before each part of one that has half-spaces."""
LONGEST_PIECE = 16
"""Letters, as sentencepiece makes them."""
UNKNOWN_COST = 10.0
"""By so much a letter without a piece is less likely than the least likely piece."""
LONGEST_WORD = 20
"""Pieces of a word; the rest of a longer one isn't read."""
LETTERS_READ = 200
CACHED_WORDS = 50_000


class Vocabulary(msgspec.Struct, frozen=True):
    """The pieces by number, the four special ones first, a line each, and their logarithms of
    probability.
    """

    pieces: str
    scores: list[float]


class Pieces:
    """The pieces of words, remembered."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        pieces = vocabulary.pieces.split("\n")
        self._numbers = dict(zip(pieces, range(len(pieces)), strict=True))
        for special in pieces[: UNKNOWN + 1]:
            del self._numbers[special]
        self._scores = [*vocabulary.scores]
        self._scores[UNKNOWN] = min(vocabulary.scores) - UNKNOWN_COST
        self._known: dict[str, tuple[int, ...]] = {}

    def __call__(self, words: Sequence[str]) -> list[tuple[int, ...]]:
        """For each word its pieces, 1 to `LONGEST_WORD`."""
        self._learn(words)
        known = self._known
        return [known[word] for word in words]

    def _learn(self, words: Iterable[str]) -> None:
        new = {word for word in words if word not in self._known}
        if len(self._known) + len(new) > CACHED_WORDS:
            self._known.clear()
            new = set(words)
        for word in new:
            self._known[word] = self._cut(word[:LETTERS_READ])

    def _cut(self, word: str) -> tuple[int, ...]:
        if PLAIN.fullmatch(word):
            return tuple(self._likeliest(WORD_MARK + word)[:LONGEST_WORD])
        read = unicodedata.normalize("NFKC", spell(word)).translate(READ)
        found = [i for part in read.split() for i in self._likeliest(WORD_MARK + part)]
        return tuple(found[:LONGEST_WORD]) or (UNKNOWN,)

    def _likeliest(self, text: str) -> list[int]:
        """The pieces whose probabilities have the greatest product (Viterbi 1967)."""
        get, scores, size = self._numbers.get, self._scores, len(text)
        best = [0.0] + [-1e9] * size
        last = [(0, UNKNOWN)] * (size + 1)
        for start in range(size):
            reached = best[start]
            for end in range(start + 1, min(size, start + LONGEST_PIECE) + 1):
                piece = get(text[start:end])
                if piece is None:
                    if end > start + 1:
                        continue
                    piece = UNKNOWN
                score = reached + scores[piece]
                if score > best[end]:
                    best[end], last[end] = score, (start, piece)
        made: list[int] = []
        while size:
            size, piece = last[size]
            if piece != UNKNOWN or made[-1:] != [UNKNOWN]:  # neighbours make one
                made.append(piece)
        return made[::-1]


def spell(token: str) -> str:
    """The token as the encoder reads it: Persian letters, no diacritics, ASCII digits."""
    return token.translate(SPELT).strip(HALF_SPACE) or "_"


@cache
def shipped_pieces() -> Pieces:
    """With the vocabulary that pnews ships; raises ModelError if the file is damaged."""
    return Pieces(msgspec.json.decode(packs.checked(VOCABULARY), type=Vocabulary))
