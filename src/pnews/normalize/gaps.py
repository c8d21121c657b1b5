"""Where in a text half-spaces may be missing or misplaced, and what each place tells.

What is known of a word, an item or a pair of pieces is found out once in a run and remembered
(`FACTS`, `ITEMS`, `PAIRS`). An item's class says what may be asked of it: so a text's
classes, in a string, show where it is worth asking.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache, cached_property
from itertools import chain, compress, count, pairwise, product
from typing import TYPE_CHECKING, Any, NamedTuple

from pnews.normalize import spellings
from pnews.normalize.characters import SETTLED, TO_RULE, class_of
from pnews.normalize.items import LINE_END, Items, Memo, quick
from pnews.normalize.scripts import LETTER, MARK
from pnews.normalize.spellings import (
    FOLDED,
    NO_GAP,
    NON_JOINING,
    READINESS,
    ZWNJ,
    Spelling,
    fold,
)

if TYPE_CHECKING:
    from pnews.normalize import _quick

Pair = tuple[str, str]
SpacedPair = tuple[Pair, float]
"""Two pieces and the log-odds of a half-space between them."""

WORD = re.compile(f"([#@][\\w{ZWNJ}]++|[{LETTER}]++(?:[{MARK}][{LETTER}{MARK}]*+)?+)")
"""A word, hashtag or handle."""

MARKS = re.compile(f"[{MARK}]")

UNLIKELY = -4.0
"""Log-odds that nothing in a text can outweigh."""

WRONG = -6.0
"""Known log-odds below which a half-space that stands is made a space (چنین|کاری)."""

LEAST_KEPT = spellings.pack_odds(WRONG)


class Facts(NamedTuple):
    """What is known of a word by itself.

    `first` and `last` are its outer pieces, `closes` and `opens` how readily a half-space stands
    before and behind them; `apart` are the words that ran together in it.
    """

    spelling: Spelling
    first: str
    last: str
    closes: int
    opens: int
    apart: tuple[str, ...]


class Item(NamedTuple):
    """What is known of an item by itself: its class, the item, its outer pieces where it starts or
    ends with a word, the spellings of its words that may have lost half-spaces, the pieces on the
    sides of half-spaces that stand.
    """

    code: str
    text: str
    first: str
    last: str
    lost: tuple[Spelling, ...]
    kept: tuple[Pair, ...]


class Words(NamedTuple):
    """An item taken apart.

    `parts` are what is no word and words in turn, folded, so that word n is `parts[2 * n + 1]`. Of
    its half-spaces, `wrong` should not stand: both have the pieces on the sides, `wrong` also the
    number of the word before. `lost` are the numbers of words that may have lost half-spaces,
    `together` those of words that ran together.
    """

    parts: list[str]
    facts: list[Facts]
    kept: list[Pair]
    wrong: list[tuple[int, Pair]]
    lost: list[int]
    together: list[int]


class Class(NamedTuple):
    """What may be asked of an item, as a character of its own.

    Whether it tells of half-spaces, kept or lost; whether it holds what is misplaced; whether the
    next word chooses between two readings of its last (نامه|ای, نام|های); how readily a half-space
    stands before and behind it.
    """

    tells: bool
    misplaced: bool
    has_rival: bool
    closes: int
    opens: int


FLAGS = (False, True)
CODES = {
    each: chr(0x80 + number)  # no sign of regular expressions
    for number, each in enumerate(product(FLAGS, FLAGS, FLAGS, READINESS, READINESS))
}


def _table(mark: Callable[[Class], int]) -> bytes:
    """A table for `bytes.translate`: the mark of each class, 0 for an end of line."""
    marks = {ord(code): mark(Class(*each)) for each, code in CODES.items()}
    return bytes(marks.get(code, 0) for code in range(256))


TELLING = _table(lambda each: each.tells)
MISPLACED = _table(lambda each: each.misplaced)
RIVAL = _table(lambda each: each.has_rival)

BEFORE = _table(lambda each: (each.opens == 1) + 2 * (each.opens == 2) + 4 * (0 <= each.opens < 2))
BEHIND = _table(lambda each: (each.closes == 1) + 2 * (each.closes >= 0) + 4 * (each.closes == 2))
"""Three ways, a bit each, in which an item and the next may be asked about: only a pair known from
the training texts may stand between them; the item goes with any; the next goes with any.
"""

COMMON_CODES = tuple(
    CODES[tells, False, False, *both] for tells in FLAGS for both in spellings.READY
)
"""The classes of items of settled words, without a half-space and with one."""


@cache
def _tables() -> _quick.Tables:
    """What C tells by itself: `_item` of one or two settled words that no character rule changes,
    the log-odds of known pairs.
    """
    settled, pairs = spellings.mapped("settled"), spellings.mapped("pairs")
    return quick.tables(settled, pairs, LEAST_KEPT, spellings.ODDS, COMMON_CODES, Item)


def _item(text: str) -> Item:
    """What is known of an item; behind a line end may stand the word that follows it."""
    if text == LINE_END:
        return _no_word(text, LINE_END)
    text, _, following = text.partition(LINE_END)
    parts = _parts(text)
    if len(parts) == 1:
        return _no_word(text, NOTHING)
    facts = list(map(FACTS.__getitem__, parts[1::2]))
    first, last = facts[0], facts[-1]
    starts, ends = not parts[0], not parts[-1]
    closes, opens = first.closes if starts else NO_GAP, last.opens if ends else NO_GAP
    has_rival = ends and bool(last.spelling.rival)
    misplaced = False
    lost: tuple[Spelling, ...] = ()
    kept: tuple[Pair, ...] = ()
    if any(map(is_doubtful, facts)):
        words = _words(parts, facts, following)
        first, last = words.facts[0], words.facts[-1]
        lost = tuple([words.facts[number].spelling for number in words.lost])
        kept = tuple(words.kept)
        misplaced = bool(words.wrong or words.together)
    elif ZWNJ in text:
        pairs, wrong = _half_spaced(parts, facts)
        kept, misplaced = tuple(pairs), bool(wrong)
    return Item(
        CODES[bool(lost or kept), misplaced, has_rival, closes, opens],
        text,
        first.first if starts else "",
        last.last if ends else "",
        lost,
        kept,
    )


def is_doubtful(word: Facts) -> bool:
    """Whether a word may be more than its letters."""
    spelling = word.spelling
    return spelling.odds > UNLIKELY or bool(spelling.rival or word.apart)


NOTHING = CODES[Class(False, False, False, NO_GAP, NO_GAP)]


def _no_word(text: str, code: str) -> Item:
    return Item(code, text, "", "", (), ())


def _parts(text: str) -> list[str]:
    """What is no word and words in turn, folded."""
    return WORD.split(text if FOLDED.isdisjoint(text) else fold(text))


def words_of(text: str, following: str) -> Words:
    """An item taken apart, read as the word that follows asks for."""
    parts = _parts(text)
    return _words(parts, list(map(FACTS.__getitem__, parts[1::2])), following)


def _words(parts: list[str], facts: list[Facts], following: str) -> Words:
    followers = [""] * (len(facts) - 1) + ["" if parts[-1] else following]
    return Words(
        parts,
        [*map(_read, facts, followers)],
        *_half_spaced(parts, facts),
        [number for number, word in enumerate(facts) if word.spelling.odds > UNLIKELY],
        [
            number
            for number, word in enumerate(facts)
            if word.apart and ZWNJ not in (parts[2 * number], parts[2 * number + 2])
        ],
    )


def _half_spaced(parts: list[str], facts: list[Facts]) -> tuple[list[Pair], list[tuple[int, Pair]]]:
    """The `kept` and `wrong` of Words."""
    kept: list[Pair] = []
    wrong: list[tuple[int, Pair]] = []
    for number, (left, right) in enumerate(pairwise(facts)):
        if parts[2 * number + 2] == ZWNJ:
            pair = left.last, right.first
            if _is_wrong(parts[2 * number + 1], pair):
                wrong.append((number, pair))
            else:
                kept.append(pair)
    return kept, wrong


def _read(word: Facts, following: str) -> Facts:
    """A word as the next one asks for, where it can be read in two ways."""
    if not word.spelling.rival:
        return word
    read = spellings.read(word.spelling, following)
    return word._replace(spelling=read, first=read.pieces[0], last=read.pieces[-1])


def _facts(word: str) -> Facts:
    """What is known of a folded word by itself."""
    if not word.isalpha():  # mostly it is letters alone, which is quick to see
        if word[0] in "#@":
            return Facts(spellings.plain(word), word, word, NO_GAP, NO_GAP, ())
        if MARKS.search(word):
            bare = FACTS[MARKS.sub("", word)]
            return bare._replace(opens=NO_GAP) if MARKS.match(word[-1]) else bare
    if (settled := spellings.settled(word)) is None:
        return facts_thought_out(word)
    closes, opens = settled
    return Facts(spellings.plain(word), word, word, closes, opens, ())


def facts_thought_out(word: str) -> Facts:
    """What is known of a word of letters, where no table settles it."""
    spelling = spellings.word(word)
    apart = spellings.run_together(word) if not spellings.is_sound(spelling) else ()
    likely = spelling.odds > UNLIKELY
    if apart or (likely and any(map(_are_always_apart, pairwise(spelling.pieces)))):
        spelling = spellings.plain(word)
    first = last = word
    if spelling.odds > 0:  # and its pieces are cut further, once they are words by themselves
        first, last = FACTS[spelling.pieces[0]].first, FACTS[spelling.pieces[-1]].last
    return Facts(
        spelling,
        first,
        last,
        closes=spellings.closes(first),
        opens=spellings.opens(last),
        apart=apart,
    )


def _is_wrong(word: str, pair: Pair) -> bool:
    """Whether a half-space behind a word should not be there."""
    if word[-1] in NON_JOINING:
        return word[-1] != pair[1][0]  # three of a letter would be taken for one
    return _is_always_apart(pair) and spellings.word("".join(pair)).odds < 0


def _are_always_apart(pair: Pair) -> bool:
    """Whether two pieces of a word, or what they are cut into themselves, belong apart."""
    if _is_always_apart(pair):
        return True
    head, tail = pair
    inner = FACTS[head].last, FACTS[tail].first
    return inner != pair and _is_always_apart(inner)


def _is_always_apart(pair: Pair) -> bool:
    head, tail = pair
    odds = spellings.known_pair(head, tail)
    return odds is not None and odds < WRONG


def _likely_pair(pieces: str, odds_of: Callable[[str, str], float]) -> SpacedPair | None:
    """Two pieces with a space between, if that may have been a half-space."""
    head, _, tail = pieces.partition(" ")
    odds = odds_of(head, tail)
    return ((head, tail), odds) if odds > UNLIKELY else None


def _item_to_rule(text: str) -> Item:
    """The same of an item that no character rule changes; of others, how rules change them."""
    by_rule = class_of(text)
    return _item(text) if by_rule in (SETTLED, LINE_END) else _no_word(text, by_rule)


def _item_ruled(text: str) -> Item:
    """What is known of any item, after all character rules."""
    known = ITEMS_TO_RULE.get(text)
    return _item(text) if known is None or TO_RULE.match(known.code) else known


FACTS = Memo(_facts, 1 << 15)
ITEMS = Memo(_item_ruled, 1 << 15, _tables)
ITEMS_TO_RULE = Memo(_item_to_rule, 1 << 17, _tables)
"""One question for both, characters and half-spaces: half of all time goes into such questions."""

PAIRS = Memo(lambda pieces: _likely_pair(pieces, spellings.pair), 1 << 17)
UNKNOWN_PAIRS = Memo(lambda pieces: _likely_pair(pieces, spellings.pair_thought_out), 1 << 17)
"""The same of pieces that the training texts don't know together, all that C asks about."""


def _less(counts: Counter[Any], others: Counter[Any]) -> Counter[Any]:
    """`counts - others`, without a look at what the others have none of, which is most."""
    found = counts.copy()
    for each, number in others.items():
        if found[each] > number:
            found[each] -= number
        else:
            del found[each]
    return found


def _more(counts: Counter[Any], others: Counter[Any]) -> Counter[Any]:
    """`counts + others`, in the same way."""
    found = counts.copy()
    for each, number in others.items():
        found[each] += number
    return found


class Told(NamedTuple):
    """What gaps tell of a text's half-spaces: words that may have lost some, pairs with a space
    between them, half-spaces that stand, each with its number.
    """

    words: Counter[Spelling]
    pairs: Counter[SpacedPair]
    kept: Counter[Pair]

    def without(self, other: Told) -> Told:
        """What the rest tells."""
        words, pairs, kept = self
        return Told(_less(words, other.words), _less(pairs, other.pairs), _less(kept, other.kept))

    def along_with(self, other: Told) -> Told:
        """What both tell."""
        words, pairs, kept = self
        return Told(_more(words, other.words), _more(pairs, other.pairs), _more(kept, other.kept))


class Gaps:
    """The gaps of some lines, found when they are asked for.

    What is to be found is marked in bytes, one for each item, and picked out by these marks in C.
    """

    def __init__(self, items: Items[Item]) -> None:
        self.items = items

    @cached_property
    def _classes(self) -> bytes:
        return self.items.classes.encode("latin-1")

    def _marked(self, table: bytes) -> Iterator[int]:
        """The numbers of the items whose classes are marked in a table."""
        marks = self._classes.translate(table)
        number = marks.find(1)
        while number >= 0:
            yield number
            number = marks.find(1, number + 1)

    @cached_property
    def following(self) -> dict[int, str]:
        """The words behind items with two readings."""
        known = self.items.known
        following = {}
        for number in self._marked(RIVAL):
            parts = _parts(known[number + 1].text) if number + 1 < len(known) else [""]
            following[number] = "".join(parts[:2]) if not parts[0] else ""
        return following

    @cached_property
    def _known(self) -> list[Item]:
        """What is known of the items, each read as the next asks for."""
        if not self.following:
            return self.items.known
        known = self.items.known.copy()
        for number, following in self.following.items():
            known[number] = ITEMS[f"{known[number].text}{LINE_END}{following}"]
        return known

    @cached_property
    def telling(self) -> list[tuple[int, Item]]:
        """The items that keep half-spaces or may have lost some, with their numbers."""
        known = self._known
        if quick:
            return quick.marked(known, self._classes.translate(TELLING))
        return [(number, known[number]) for number in self._marked(TELLING)]

    @cached_property
    def losing(self) -> list[tuple[int, Item]]:
        """Those of them that may have lost some."""
        return [(number, item) for number, item in self.telling if item.lost]

    @cached_property
    def spaced(self) -> list[tuple[int, SpacedPair]]:
        """The pairs of pieces between which a half-space may have been opened, each with the
        number of the item before.
        """
        known = self._known
        if quick:
            return quick.spaced(
                known, self._classes, BEFORE, BEHIND, _tables(), UNKNOWN_PAIRS, UNLIKELY
            )
        # As one long number each, so that the bytes of all items and of the next meet at once.
        before = int.from_bytes(self._classes.translate(BEFORE), "little")
        behind = int.from_bytes(self._classes[1:].translate(BEHIND), "little")
        asked = list(compress(count(), (before & behind).to_bytes(len(self._classes), "little")))
        both = [f"{known[number].last} {known[number + 1].first}" for number in asked]
        pairs = map(PAIRS.__getitem__, both)
        return [(number, pair) for number, pair in zip(asked, pairs, strict=True) if pair]

    def told(self) -> Told:
        """What all of them tell."""
        return Told(
            Counter(chain.from_iterable([item.lost for _, item in self.losing])),
            Counter([pair for _, pair in self.spaced]),
            Counter(chain.from_iterable([item.kept for _, item in self.telling])),
        )

    def misplaced(self) -> list[int]:
        """The numbers of items that hold what is misplaced."""
        return list(self._marked(MISPLACED))

    def words(self, number: int) -> Words:
        """An item taken apart."""
        return words_of(self.items.known[number].text, self.following.get(number, ""))
