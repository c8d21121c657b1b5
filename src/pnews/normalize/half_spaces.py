"""Half-spaces (ZWNJ): which gaps between letters are joined, half-spaced or spaced.

Scraped text has lost its half-spaces in one way or another: removed (`میکند`), opened
(`می کند`), or both; edited text has kept them. So the first thing learnt of a text is what has
become of its half-spaces, by expectation maximisation over all its gaps (Dempster et al. 1977):
what share was removed, opened and kept. Then each gap is decided by three terms, log-odds all of
them: how likely edited text has a half-space there (`spellings`), how likely one would look as
this gap does, and how the same two pieces are written elsewhere in the text.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, chain, pairwise
from math import exp, log
from typing import Literal, NamedTuple

from pnews.aligned import Cut, applied
from pnews.normalize import spellings
from pnews.normalize.gaps import (
    ITEMS,
    MARKS,
    UNLIKELY,
    Gaps,
    Item,
    Pair,
    SpacedPair,
    Told,
    Words,
)
from pnews.normalize.items import LINE_END, Items
from pnews.normalize.spellings import NON_JOINING, ZWNJ, Spelling

HalfSpaces = Literal["aggressive", "safe", "off"]
SURE = 1.0
PRIOR = (1.0, 1.0, 2.0)
"""Half-spaces removed, opened and kept that a text is thought to have shown beforehand."""

STEPS = 6
"""Steps of the estimation."""

STRAY = 0.03
"""Share of spellings that differ from the text's own way, for no reason."""

AGREEMENT, MOST_AGREEMENT = 0.5, -UNLIKELY
"""Weight and bound of what the rest of the text says of a pair of pieces."""

SAFE = 3.6
"""Log-odds from which on a repair is all but certain."""

PLURAL = "ها"
NEEDLESS = 9.0


class Repair(NamedTuple):
    """What shall be done to an item: the cut, in the item or of the space behind it, what it
    repairs and the log-odds that it is right.
    """

    number: int
    cut: Cut
    rule: str
    odds: float


class Damage(NamedTuple):
    """What became of a text's half-spaces: shares that add up to 1."""

    removed: float
    opened: float
    kept: float


class Manner:
    """How a text writes half-spaces: what became of them, and how it spells each pair, once what
    has surely lost its half-spaces is put right.
    """

    def __init__(self, told: Told) -> None:
        self._kept = defaultdict(int, told.kept)  # a missing one costs a Counter ten times as much
        self._joined: defaultdict[Pair, int] = defaultdict(int)
        self._spaced: defaultdict[Pair, int] = defaultdict(int)
        self.lost_words: dict[Spelling, float] = {}
        self.lost_pairs: dict[SpacedPair, float] = {}
        for word, number in told.words.items():
            for pair in pairwise(word.pieces):
                self._joined[pair] += number
        for (pair, _), number in told.pairs.items():
            self._spaced[pair] += number
        self.damage = damage(told.words, told.pairs, told.kept.total())
        self._removed, self._opened = log(self.damage.removed), log(self.damage.opened)
        words = {word: n for word, n in told.words.items() if word.odds + self._removed > UNLIKELY}
        pairs = {pair: n for pair, n in told.pairs.items() if pair[1] + self._opened > UNLIKELY}
        while self._put_in(words, pairs):
            pass

    def _put_in(self, words: dict[Spelling, int], pairs: dict[SpacedPair, int]) -> bool:
        """Count what has surely lost its half-spaces as kept; whether there was any."""
        lost_words = {word: odds for word in words if (odds := self._word_odds(word)) > 0}
        lost_pairs = {pair: odds for pair in pairs if (odds := self._pair_odds(pair)) > 0}
        for word in lost_words:
            number = words.pop(word)
            for pair in pairwise(word.pieces):
                self._kept[pair] += number
                self._joined[pair] -= number
        for spaced in lost_pairs:
            number = pairs.pop(spaced)
            self._kept[spaced[0]] += number
            self._spaced[spaced[0]] -= number
        self.lost_words |= lost_words
        self.lost_pairs |= lost_pairs
        return bool(lost_words or lost_pairs)

    def _word_odds(self, word: Spelling) -> float:
        pair = min(pairwise(word.pieces), key=self._kept.__getitem__)
        said = max(self._joined[pair] - 1, 0) * self._removed + self._said_by_kept(pair)
        return word.odds + self._removed + _bounded(said)

    def _pair_odds(self, spaced: SpacedPair) -> float:
        pair, odds = spaced
        said = max(self._spaced[pair] - 1, 0) * self._opened + self._said_by_kept(pair)
        return odds + self._opened + _bounded(said)

    def _said_by_kept(self, pair: Pair) -> float:
        return self._kept[pair] * log(max(self.damage.kept / STRAY, 1))


def _bounded(said: float) -> float:
    return max(-MOST_AGREEMENT, min(MOST_AGREEMENT, AGREEMENT * said))


def misplaced(gaps: Gaps, mode: HalfSpaces = "aggressive") -> list[Repair]:
    """What makes a space, or nothing, of half-spaces that stand where none should, and puts
    spaces between words that ran together. Ascending and apart.
    """
    found = ((number, gaps.words(number)) for number in gaps.misplaced())
    return _in_order(
        mode,
        (
            each
            for item, words in found
            for each in (*_run_together(item, words), *_wrong(item, words))
        ),
    )


def missing(gaps: Gaps, manner: Manner, mode: HalfSpaces = "aggressive") -> list[Repair]:
    """What puts half-spaces in, ascending and apart. To be asked again of what comes of it, until
    there is no more. `safe` gives some of `aggressive`.
    """
    words, pairs = manner.lost_words, manner.lost_pairs
    if mode == "safe":  # mostly there are none, and then nothing need be looked for
        words = {word: odds for word, odds in words.items() if min(odds, word.odds) > SAFE}
        pairs = {pair: odds for pair, odds in pairs.items() if min(odds, pair[1]) > SAFE}
    return _in_order(mode, chain(_removed(gaps, words), _opened(gaps, pairs)))


def _in_order(mode: HalfSpaces, repairs: Iterable[Repair]) -> list[Repair]:
    return sorted(each for each in repairs if mode == "aggressive" or each.odds > SAFE)


def cuts_of(items: Items[Item], repairs: Sequence[Repair]) -> list[Cut]:
    """Repairs of items as cuts of the text."""
    offsets = items.offsets(repair.number for repair in repairs)
    cuts = (repair.cut for repair in repairs)
    return [
        (at + start, at + end, new) for at, (start, end, new) in zip(offsets, cuts, strict=True)
    ]


def repaired_parts(
    items: Items[Item], repairs: Iterable[Repair], *, lines: bool
) -> Iterator[tuple[slice, str]]:
    """The parts of a text that repairs change, whole lines or what stands beside a repair: where
    their items are, and what comes of them.
    """
    parts: list[tuple[slice, list[Repair]]] = []
    for repair in repairs:
        if lines and parts and repair.number < parts[-1][0].stop:
            parts[-1][1].append(repair)
            continue
        where = items.line(repair.number) if lines else items.beside(repair.number)
        if parts and where.start < parts[-1][0].stop:
            before, several = parts.pop()
            where = slice(before.start, where.stop)
        else:
            several = []
        several.append(repair)
        parts.append((where, several))
    for where, several in parts:
        part = items.part(where)
        here = [repair._replace(number=repair.number - where.start) for repair in several]
        yield where, applied(part.text, cuts_of(part, here))


def put_right(
    found: Items[Item], mode: HalfSpaces, normalized: Callable[[str], Items[Item]]
) -> Items[Item]:
    """The items after all repairs; `normalized` takes lines apart after the character rules."""
    while repairs := misplaced(Gaps(found), mode):
        lines, texts = zip(*repaired_parts(found, repairs, lines=True), strict=True)
        found = found.changed(zip(lines, normalized(LINE_END.join(texts)).lines(), strict=True))
    gaps = Gaps(found)
    told = gaps.told()
    while repairs := missing(gaps, Manner(told), mode):
        parts, texts = zip(*repaired_parts(found, repairs, lines=False), strict=True)
        new = Items.of(LINE_END.join(texts), ITEMS)
        told = told.without(_told_by(found.known[part] for part in parts))
        told = told.along_with(Gaps(new).told())
        found = found.changed(zip(parts, new.lines(), strict=True))
        gaps = Gaps(found)
    return found


def _told_by(parts: Iterable[list[Item]]) -> Told:
    """What the gaps of some parts of a text tell."""
    line_end = ITEMS[LINE_END]
    return Gaps(Items([item for part in parts for item in (*part, line_end)])).told()


def damage(words: Counter[Spelling], pairs: Counter[SpacedPair], kept: int) -> Damage:
    """The likeliest shares of half-spaces removed, opened and kept: from words written without,
    pairs with a space between them, and the number of half-spaces that stand.
    """
    joined, spaced = defaultdict[float, int](int), defaultdict[float, int](int)
    for word, number in words.items():
        joined[word.odds] += number
    for (_, odds), number in pairs.items():
        spaced[odds] += number
    removed, opened, _ = (part / sum(PRIOR) for part in PRIOR)
    for _ in range(STEPS):
        lost = PRIOR[0] + _expected(joined, removed), PRIOR[1] + _expected(spaced, opened)
        total = sum(lost) + PRIOR[2] + kept
        removed, opened = lost[0] / total, lost[1] / total
    return Damage(removed, opened, 1 - removed - opened)


def _expected(counts: Mapping[float, int], share: float) -> float:
    """How many of the gaps were half-spaces, if this share of those looks as they do."""
    return sum(
        number * share / (share + exp(-odds)) for odds, number in counts.items() if odds > SURE
    )


def _removed(gaps: Gaps, lost: Mapping[Spelling, float]) -> Iterator[Repair]:
    """Half-spaces to put into words."""
    if not lost:
        return
    for item, known in gaps.losing:
        if lost.keys().isdisjoint(known.lost):
            continue
        words = gaps.words(item)
        for number in words.lost:
            spelling = words.facts[number].spelling
            if odds := lost.get(spelling):
                places = _places(words, number, spelling.pieces)
                for place, (stem, ending) in zip(places, pairwise(spelling.pieces), strict=True):
                    sure = SURE if _is_taste(stem, ending) else min(odds, spelling.odds)
                    yield Repair(item, (place, place, ZWNJ), "removed", sure)


def _opened(gaps: Gaps, lost: Mapping[SpacedPair, float]) -> Iterator[Repair]:
    """Half-spaces to put in place of spaces."""
    if not lost:
        return
    for item, pair in gaps.spaced:
        if odds := lost.get(pair):
            end = len(gaps.items.known[item].text)
            yield Repair(item, (end, end + 1, ZWNJ), "opened", min(odds, pair[1]))


def _run_together(item: int, words: Words) -> Iterator[Repair]:
    """Spaces to put between words that ran together."""
    for number in words.together:
        for place in _places(words, number, words.facts[number].apart):
            yield Repair(item, (place, place, " "), "run together", SURE)


def _wrong(item: int, words: Words) -> Iterator[Repair]:
    """Half-spaces that stand where none should."""
    for number, pair in words.wrong:
        word, end = words.parts[2 * number + 1], sum(map(len, words.parts[: 2 * number + 2]))
        if word[-1] in NON_JOINING:  # کشور|ها is کشورها, چند|سال is two words
            new = " " if spellings.are_two_words(*pair) else ""
            yield Repair(item, (end, end + 1, new), "needless", NEEDLESS)
        else:
            yield Repair(item, (end, end + 1, " "), "wrong", SURE)


def _places(words: Words, number: int, pieces: Iterable[str]) -> Iterator[int]:
    """Where pieces but the last end in a word of an item, marks and all."""
    before = sum(map(len, words.parts[: 2 * number + 1]))
    word = words.parts[2 * number + 1]
    letters = [at for at, char in enumerate(word, before) if not MARKS.match(char)]
    for end in accumulate(map(len, pieces)):
        if end < len(letters):
            yield letters[end]


def _is_taste(stem: str, ending: str) -> bool:
    """Whether many write the two together: plurals, but not after a mute ه (فیلمها and گروهها, but
    never رسانهها), and what can be read as such a plural (نامهای).
    """
    mute = stem[-1] == "ه" and stem[-2:-1] not in ("ا", "و")
    return ending == spellings.SINGULAR if mute else ending.startswith(PLURAL)
