"""Half-spaces (ZWNJ): which gaps between letters are joined, half-spaced or spaced.

Scraped text has lost its half-spaces in one way or another: removed (`میکند`), opened
(`می کند`), or both; edited text has kept them. So the first thing learnt of a text is what has
become of its half-spaces, by expectation maximisation over all its gaps (Dempster et al. 1977):
what share was removed, opened and kept. Then each gap is decided by three terms, log-odds all of
them: how likely edited text has a half-space there (`spellings`), how likely one would look as
this gap does, and how the same two pieces are written elsewhere in the text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import accumulate, pairwise
from math import exp, log
from typing import Literal, NamedTuple

from pnews.aligned import Cut
from pnews.normalize import spellings
from pnews.normalize.scripts import LETTER, MARK
from pnews.normalize.spellings import NO_GAP, NON_JOINING, ZWNJ, fold

HalfSpaces = Literal["aggressive", "safe", "off"]
Pair = tuple[str, str]
SpacedPair = tuple[Pair, float]
"""Two pieces and the log-odds of a half-space between them."""

WORD = re.compile(f"([#@][\\w{ZWNJ}]++|[{LETTER}]++(?:[{MARK}][{LETTER}{MARK}]*+)?+)")
"""A word, hashtag or handle."""

MARKS = re.compile(f"[{MARK}]")

SURE = 1.0
PRIOR = (1.0, 1.0, 2.0)
"""Half-spaces removed, opened and kept that a text is thought to have shown beforehand."""

STEPS = 6
"""Steps of the estimation."""

MOST_ROUNDS = 8
"""Rounds after which a text has settled; real text needs one or two."""

STRAY = 0.03
"""Share of spellings that differ from the text's own way, for no reason."""

AGREEMENT, MOST_AGREEMENT = 0.5, 4.0
"""Weight and bound of what the rest of the text says of a pair of pieces."""

UNLIKELY = -MOST_AGREEMENT
"""Log-odds that nothing can outweigh."""

SAFE = 3.5
NEEDLESS = 9.0
WRONG = -6.0
"""Known log-odds below which a half-space that stands is made a space (چنین|کاری)."""

CACHED = 1 << 16


class Repair(NamedTuple):
    """A cut, what it repairs and the log-odds that it is right."""

    cut: Cut
    rule: str
    odds: float


class Facts(NamedTuple):
    """What is known of a word by itself.

    `first` and `last` are its outer pieces, `closes` and `opens` how readily a half-space stands
    before and behind them; `apart` are the words that ran together in it.
    """

    spelling: spellings.Spelling
    first: str
    last: str
    closes: int
    opens: int
    apart: tuple[str, ...]


class Damage(NamedTuple):
    """What became of a text's half-spaces: shares that add up to 1."""

    removed: float
    opened: float
    kept: float


class Gaps(NamedTuple):
    """The doubtful gaps of a text, and those that hold a half-space.

    `text` is folded. `parts` are what is no word and words in turn, so that word n is
    `parts[2 * n + 1]`. `joined` are numbers of words, the others those of words before a gap,
    with the pieces on its sides; `spaced` has the log-odds too, `wrong` are half-spaces where
    none should be.
    """

    text: str
    parts: list[str]
    facts: list[Facts]
    joined: list[int]
    spaced: list[tuple[int, SpacedPair]]
    kept: list[tuple[int, Pair]]
    wrong: list[tuple[int, Pair]]


class Manner:
    """How a text writes half-spaces: what became of them, and how it spells each pair."""

    def __init__(self, gaps: Gaps) -> None:
        self.damage = damage(gaps)
        self._kept = Counter(pair for _, pair in gaps.kept)
        self._joined: Counter[Pair] = Counter()
        self._spaced: Counter[Pair] = Counter()
        self._words: dict[spellings.Spelling, float] = {}
        self._pairs: dict[SpacedPair, float] = {}
        words = Counter(gaps.facts[number].spelling for number in gaps.joined)
        pairs = Counter(pair for _, pair in gaps.spaced)
        for word, number in words.items():
            for pair in pairwise(word.pieces):
                self._joined[pair] += number
        for (pair, _), number in pairs.items():
            self._spaced[pair] += number
        while self._put_in(words, pairs):
            pass

    def _put_in(self, words: Counter[spellings.Spelling], pairs: Counter[SpacedPair]) -> bool:
        """Count what has surely lost its half-spaces as kept; whether there was any."""
        lost_words = [word for word in words if self._word_odds(word) > 0]
        lost_pairs = [pair for pair in pairs if self._pair_odds(pair) > 0]
        for word in lost_words:
            number = words.pop(word)
            for pair in pairwise(word.pieces):
                self._kept[pair] += number
                self._joined[pair] -= number
        for spaced in lost_pairs:
            number = pairs.pop(spaced)
            self._kept[spaced[0]] += number
            self._spaced[spaced[0]] -= number
        return bool(lost_words or lost_pairs)

    def word_odds(self, word: spellings.Spelling) -> float:
        """The log-odds of the half-spaces of a word that is written without."""
        if word not in self._words:
            self._words[word] = self._word_odds(word)
        return self._words[word]

    def pair_odds(self, pair: SpacedPair) -> float:
        """The log-odds of a half-space between two pieces that a space parts."""
        if pair not in self._pairs:
            self._pairs[pair] = self._pair_odds(pair)
        return self._pairs[pair]

    def _word_odds(self, word: spellings.Spelling) -> float:
        pair = min(pairwise(word.pieces), key=self._kept.__getitem__)
        removed = log(self.damage.removed)
        said = max(self._joined[pair] - 1, 0) * removed + self._said_by_kept(pair)
        return word.odds + removed + _bounded(said)

    def _pair_odds(self, spaced: SpacedPair) -> float:
        pair, odds = spaced
        opened = log(self.damage.opened)
        said = max(self._spaced[pair] - 1, 0) * opened + self._said_by_kept(pair)
        return odds + opened + _bounded(said)

    def _said_by_kept(self, pair: Pair) -> float:
        return self._kept[pair] * log(max(self.damage.kept / STRAY, 1))


def _bounded(said: float) -> float:
    return max(-MOST_AGREEMENT, min(MOST_AGREEMENT, AGREEMENT * said))


def misplaced(gaps: Gaps, mode: HalfSpaces = "aggressive") -> list[Repair]:
    """What makes a space, or nothing, of half-spaces that stand where none should, and puts
    spaces between words that ran together. Ascending and apart.
    """
    return _placed(gaps, _misplaced(gaps), mode)


def missing(gaps: Gaps, mode: HalfSpaces = "aggressive") -> Iterator[list[Repair]]:
    """What puts half-spaces in, round by round.

    The repairs of a round are ascending and apart, and are places in the text as the rounds
    before left it. Those of `safe` are all among those of `aggressive`.
    """
    manner = Manner(gaps)
    found = _placed(gaps, _missing(gaps, manner), mode)
    text = gaps.text
    for _ in range(MOST_ROUNDS):
        if not found:
            return
        yield found
        text = applied(text, found)
        found = _in_lines(text, found, manner, mode)


def _in_lines(text: str, last: Iterable[Repair], manner: Manner, mode: HalfSpaces) -> list[Repair]:
    """What is missing in the lines that the last round changed; the others are as they were."""
    lines: list[str] = []
    shifts: list[tuple[int, int]] = []
    at = moved = 0
    for (start, end, new), _, _ in last:
        start += moved
        moved += len(new) - (end - start + moved)
        if lines and start < shifts[-1][1] + len(lines[-1]):
            continue
        first = text.rfind("\n", 0, start) + 1
        line = text[first : text.find("\n", start) % (len(text) + 1)]
        lines.append(line)
        shifts.append((at, first))
        at += len(line) + 1
    gaps = gaps_of("\n".join(lines))
    found = []
    for (start, end, new), rule, odds in _placed(gaps, _missing(gaps, manner), mode):
        at, first = shifts[bisect_right(shifts, (start, len(text))) - 1]
        found.append(Repair((start - at + first, end - at + first, new), rule, odds))
    return found


def applied(text: str, repairs: Iterable[Repair]) -> str:
    """A text after its repairs."""
    pieces: list[str] = []
    at = 0
    for (start, end, new), _, _ in repairs:
        pieces += text[at:start], new
        at = end
    return "".join((*pieces, text[at:]))


def gaps_of(text: str) -> Gaps:
    """A text taken apart."""
    text = fold(text)
    parts = WORD.split(text)
    facts = list(map(facts_of, parts[1::2]))
    for number, fact in enumerate(facts):
        if fact.spelling.rival:
            behind = parts[2 * number + 2 : 2 * number + 4]
            following = behind[1] if behind[0] == " " and len(behind) > 1 else ""
            read = spellings.read(fact.spelling, following)
            facts[number] = fact._replace(spelling=read, first=read.pieces[0], last=read.pieces[-1])
    joined = [number for number, fact in enumerate(facts) if fact.spelling.odds > UNLIKELY]
    spaced: list[tuple[int, SpacedPair]] = []
    kept: list[tuple[int, Pair]] = []
    wrong: list[tuple[int, Pair]] = []
    pair_odds = spellings.pair
    for number, (left, gap, right) in enumerate(zip(facts, parts[2::2], facts[1:], strict=False)):
        if gap == " ":
            if left.opens + right.closes > 1:
                odds = pair_odds(left.last, right.first)
                if odds > UNLIKELY:
                    spaced.append((number, ((left.last, right.first), odds)))
        elif gap == ZWNJ:
            pair = left.last, right.first
            (wrong if _is_wrong(parts[2 * number + 1], pair) else kept).append((number, pair))
    return Gaps(text, parts, facts, joined, spaced, kept, wrong)


@lru_cache(maxsize=CACHED)
def facts_of(word: str) -> Facts:
    """What is known of a folded word by itself."""
    if word[0] in "#@":
        return Facts(spellings.plain(word), word, word, NO_GAP, NO_GAP, ())
    if MARKS.search(word):
        bare = facts_of(MARKS.sub("", word))
        return bare._replace(opens=NO_GAP) if MARKS.match(word[-1]) else bare
    spelling = spellings.word(word)
    apart = spellings.run_together(word) if not spellings.is_sound(spelling) else ()
    if apart:
        spelling = spellings.plain(word)
    pieces = spelling.pieces if spelling.odds > 0 else (word,)
    return Facts(
        spelling,
        first=pieces[0],
        last=pieces[-1],
        closes=spellings.closes(pieces[0]),
        opens=spellings.opens(pieces[-1]),
        apart=apart,
    )


def damage(gaps: Gaps) -> Damage:
    """The likeliest shares of half-spaces removed, opened and kept."""
    joined = Counter(gaps.facts[number].spelling.odds for number in gaps.joined)
    spaced = Counter(odds for _, (_, odds) in gaps.spaced)
    removed, opened, _ = (part / sum(PRIOR) for part in PRIOR)
    for _ in range(STEPS):
        lost = PRIOR[0] + _expected(joined, removed), PRIOR[1] + _expected(spaced, opened)
        total = sum(lost) + PRIOR[2] + len(gaps.kept)
        removed, opened = lost[0] / total, lost[1] / total
    return Damage(removed, opened, 1 - removed - opened)


def _expected(counts: Counter[float], share: float) -> float:
    """How many of the gaps were half-spaces, if this share of those looks as they do."""
    return sum(
        number * share / (share + exp(-odds)) for odds, number in counts.items() if odds > SURE
    )


class Decision(NamedTuple):
    """What shall stand in a word at a place, or behind it where `place` is its length."""

    word: int
    place: int
    new: str
    rule: str
    odds: float


def _places(word: str, pieces: Iterable[str]) -> Iterator[int]:
    """Where pieces but the last end in a word, marks and all."""
    letters = [at for at, char in enumerate(word) if not MARKS.match(char)]
    for end in accumulate(map(len, pieces)):
        if end < len(letters):
            yield letters[end]


def _missing(gaps: Gaps, manner: Manner) -> Iterator[Decision]:
    """Half-spaces to put in."""
    for number in gaps.joined:
        spelling = gaps.facts[number].spelling
        if (odds := manner.word_odds(spelling)) > 0:
            for place in _places(gaps.parts[2 * number + 1], spelling.pieces):
                yield Decision(number, place, ZWNJ, "removed", min(odds, spelling.odds))
    for number, pair in gaps.spaced:
        if (odds := manner.pair_odds(pair)) > 0:
            end = len(gaps.parts[2 * number + 1])
            yield Decision(number, end, ZWNJ, "opened", min(odds, pair[1]))


def _is_wrong(word: str, pair: Pair) -> bool:
    """Whether a half-space behind a word should not be there."""
    if word[-1] in NON_JOINING:
        return word[-1] != pair[1][0]  # three of a letter would be taken for one
    odds = spellings.known_pair(*pair)
    return odds is not None and odds < WRONG and spellings.word("".join(pair)).odds < 0


def _misplaced(gaps: Gaps) -> Iterator[Decision]:
    """Half-spaces that stand where none should, and words that ran together."""
    for number, fact in enumerate(gaps.facts):
        if not fact.apart or ZWNJ in (gaps.parts[2 * number], gaps.parts[2 * number + 2]):
            continue
        for place in _places(gaps.parts[2 * number + 1], fact.apart):
            yield Decision(number, place, " ", "run together", SURE)
    for number, pair in gaps.wrong:
        word = gaps.parts[2 * number + 1]
        if word[-1] in NON_JOINING:  # کشور|ها is کشورها, چند|سال is two words
            new = " " if spellings.are_two_words(*pair) else ""
            yield Decision(number, len(word), new, "needless", NEEDLESS)
        else:
            yield Decision(number, len(word), " ", "wrong", SURE)


def _placed(gaps: Gaps, decided: Iterable[Decision], mode: HalfSpaces) -> list[Repair]:
    """The decisions as cuts of the text, ascending."""
    taken = [each for each in decided if mode == "aggressive" or each.odds > SAFE]
    if not taken:
        return []
    starts = list(accumulate(map(len, gaps.parts)))
    found = []
    for number, place, new, rule, odds in taken:
        start = starts[2 * number] + place
        behind = place == len(gaps.parts[2 * number + 1])
        found.append(Repair((start, start + behind, new), rule, odds))
    return sorted(found)
