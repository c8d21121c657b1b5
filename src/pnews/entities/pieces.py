"""Words as the pieces of the encoder's vocabulary (unigram language model, Kudo 2018)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

from tokenizers import Tokenizer

from pnews.entities import packs
from pnews.entities.features import DIACRITIC, HALF_SPACE

VOCABULARY = "pieces.json"
BEGIN, PAD, END, UNKNOWN = range(4)
LETTERS = str.maketrans(
    {
        **dict.fromkeys("يىېۍ", "ی"),
        **dict.fromkeys("كڪ", "ک"),
        **dict.fromkeys("ةۀەہھ", "ه"),
        **dict.fromkeys("\u0640\u200d\u200e\u200f\ufeff", ""),
        **dict(zip("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789", strict=True)),
        " ": HALF_SPACE,
        "\xa0": HALF_SPACE,
    }
)
LONGEST_WORD = 20
"""Pieces of a word; the rest of a longer one isn't read."""
LETTERS_READ = 200
CACHED_WORDS = 50_000


class Pieces:
    """The pieces of words, remembered."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._known: dict[str, tuple[int, ...]] = {}

    def __call__(self, words: Iterable[str]) -> list[tuple[int, ...]]:
        """For each word its pieces, 1 to `LONGEST_WORD`."""
        words = list(words)
        self._learn(words)
        known = self._known
        return [known[word] for word in words]

    def _learn(self, words: Sequence[str]) -> None:
        new = {word for word in words if word not in self._known}
        if len(self._known) + len(new) > CACHED_WORDS:
            self._known.clear()
            new = set(words)
        spelt = [spell(word[:LETTERS_READ]) for word in new]
        found = self._tokenizer.encode_batch_fast(spelt, add_special_tokens=False)
        for word, encoding in zip(new, found, strict=True):
            self._known[word] = tuple(encoding.ids[:LONGEST_WORD]) or (UNKNOWN,)


def spell(token: str) -> str:
    """The token as the encoder reads it: Persian letters, no diacritics, ASCII digits."""
    return DIACRITIC.sub("", token.translate(LETTERS)).strip(HALF_SPACE) or "_"


@cache
def shipped_pieces() -> Pieces:
    """With the vocabulary that pnews ships; raises ModelError if the file is damaged."""
    return Pieces(Tokenizer.from_buffer(packs.checked(VOCABULARY)))
