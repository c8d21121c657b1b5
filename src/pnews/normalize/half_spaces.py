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

STRAY = 0.03
"""Share of spellings that differ from the text's own way, for no reason."""

AGREEMENT, MOST_AGREEMENT = 0.5, 4.0
"""Weight and bound of what the rest of the text says of a pair of pieces."""

UNLIKELY = -MOST_AGREEMENT
"""Log-odds that nothing can outweigh."""

SAFE = 3.5
"""Log-odds from which on a repair is all but certain."""

PLURAL = "ها"
NEEDLESS = 9.0
WRONG = -6.0
"""Known log-odds below which a half-space that stands is made a space (چنین|کاری)."""

CACHED = 1 << 14


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


class Words(NamedTuple):
    """A text taken apart.

    `text` is folded. `parts` are what is no word and words in turn, so that word n is
    `parts[2 * n + 1]`. `known` has the facts of each word by itself. Of the gaps that hold a
    half-space, `wrong` should not; both have the number of the word before and the pieces on
    the gap's sides.
    """

    text: str
    parts: list[str]
    known: dict[str, Facts]
    kept: list[tuple[int, Pair]]
    wrong: list[tuple[int, Pair]]


class Gaps(NamedTuple):
    """The doubtful gaps of a text: `joined` are numbers of words, `spaced` those of words before
    a space, with the pair and its log-odds.
    """

    words: Words
    facts: list[Facts]
    joined: list[int]
    spaced: list[tuple[int, SpacedPair]]


class Manner:
    """How a text writes half-spaces: what became of them, and how it spells each pair, once what
    has surely lost its half-spaces is put right.
    """

    def __init__(self, gaps: Gaps) -> None:
        words = Counter(gaps.facts[number].spelling for number in gaps.joined)
        pairs = Counter(pair for _, pair in gaps.spaced)
        self._kept = Counter(pair for _, pair in gaps.words.kept)
        self._joined: Counter[Pair] = Counter()
        self._spaced: Counter[Pair] = Counter()
        self._words: dict[spellings.Spelling, float] = {}
        self._pairs: dict[SpacedPair, float] = {}
        for word, number in words.items():
            for pair in pairwise(word.pieces):
                self._joined[pair] += number
        for (pair, _), number in pairs.items():
            self._spaced[pair] += number
        self.damage = damage(words, pairs, self._kept.total())
        while self._put_in(words, pairs):
            pass

    def _put_in(self, words: Counter[spellings.Spelling], pairs: Counter[SpacedPair]) -> bool:
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
        self._words |= lost_words
        self._pairs |= lost_pairs
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


def misplaced(words: Words, mode: HalfSpaces = "aggressive") -> list[Repair]:
    """What makes a space, or nothing, of half-spaces that stand where none should, and puts
    spaces between words that ran together. Ascending and apart.
    """
    return _placed(words.parts, _misplaced(words), mode)


def missing(words: Words, mode: HalfSpaces = "aggressive") -> list[Repair]:
    """What puts half-spaces in, ascending and apart. To be asked again of what comes of it, until
    there is no more. `safe` gives some of `aggressive`.
    """
    gaps = gaps_of(words)
    return _placed(words.parts, _missing(gaps, Manner(gaps)), mode)


def changed_lines(text: str, repairs: Iterable[Repair]) -> list[tuple[int, int]]:
    """Where the lines stand that repairs changed, in the text that came of them."""
    found: list[tuple[int, int]] = []
    moved = 0
    for (start, end, new), _, _ in repairs:
        at = start + moved
        moved += len(new) - (end - start)
        if not found or at >= found[-1][1]:
            line_end = text.find("\n", at)
            found.append((text.rfind("\n", 0, at) + 1, len(text) if line_end < 0 else line_end))
    return found


def applied(text: str, repairs: Iterable[Repair]) -> str:
    """A text after its repairs."""
    pieces: list[str] = []
    at = 0
    for (start, end, new), _, _ in repairs:
        pieces += text[at:start], new
        at = end
    return "".join((*pieces, text[at:]))


def words_of(text: str) -> Words:
    """Take a text apart."""
    text = fold(text)
    parts = WORD.split(text)
    known = {word: facts_of(word) for word in set(parts[1::2])}  # each is looked up once
    kept: list[tuple[int, Pair]] = []
    wrong: list[tuple[int, Pair]] = []
    for number in [number for number, gap in enumerate(parts[2:-1:2]) if gap == ZWNJ]:
        left, right = parts[2 * number + 1], parts[2 * number + 3]
        pair = known[left].last, known[right].first
        (wrong if _is_wrong(left, pair) else kept).append((number, pair))
    return Words(text, parts, known, kept, wrong)


def gaps_of(words: Words) -> Gaps:
    """The gaps of a text that may have lost a half-space."""
    written, between, known = words.parts[1::2], words.parts[2::2], words.known
    facts = [known[word] for word in written]
    rivals = {word for word, fact in known.items() if fact.spelling.rival}
    for number in [number for number, word in enumerate(written) if word in rivals]:
        follows = between[number] == " " and number + 1 < len(written)
        read = spellings.read(facts[number].spelling, written[number + 1] if follows else "")
        facts[number] = facts[number]._replace(
            spelling=read, first=read.pieces[0], last=read.pieces[-1]
        )
    doubtful = {word for word, fact in known.items() if fact.spelling.odds > UNLIKELY}
    opens = {word: fact.opens for word, fact in known.items()}
    closes = {word: fact.closes for word, fact in known.items()}
    spaced: list[tuple[int, SpacedPair]] = []
    for number in [
        number
        for number, (word, gap, after) in enumerate(
            zip(written, between, written[1:], strict=False)
        )
        if gap == " " and opens[word] + closes[after] > 1
    ]:
        pair = facts[number].last, facts[number + 1].first
        if (odds := spellings.pair(*pair)) > UNLIKELY:
            spaced.append((number, (pair, odds)))
    joined = [number for number, word in enumerate(written) if word in doubtful]
    return Gaps(words, facts, joined, spaced)


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
    if apart or any(map(_is_always_apart, pairwise(spelling.pieces))):
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


def damage(words: Counter[spellings.Spelling], pairs: Counter[SpacedPair], kept: int) -> Damage:
    """The likeliest shares of half-spaces removed, opened and kept: from words written without,
    pairs with a space between them, and the number of half-spaces that stand.
    """
    joined, spaced = Counter[float](), Counter[float]()
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
            places = _places(gaps.words.parts[2 * number + 1], spelling.pieces)
            for place, (stem, ending) in zip(places, pairwise(spelling.pieces), strict=True):
                sure = SURE if _is_taste(stem, ending) else min(odds, spelling.odds)
                yield Decision(number, place, ZWNJ, "removed", sure)
    for number, pair in gaps.spaced:
        if (odds := manner.pair_odds(pair)) > 0:
            end = len(gaps.words.parts[2 * number + 1])
            yield Decision(number, end, ZWNJ, "opened", min(odds, pair[1]))


def _is_taste(stem: str, ending: str) -> bool:
    """Whether many write the two together: plurals, but not after a mute ه (فیلمها and گروهها, but
    never رسانهها), and what can be read as such a plural (نامهای).
    """
    mute = stem[-1] == "ه" and stem[-2:-1] not in ("ا", "و")
    return ending == spellings.SINGULAR if mute else ending.startswith(PLURAL)


def _is_wrong(word: str, pair: Pair) -> bool:
    """Whether a half-space behind a word should not be there."""
    if word[-1] in NON_JOINING:
        return word[-1] != pair[1][0]  # three of a letter would be taken for one
    return _is_always_apart(pair) and spellings.word("".join(pair)).odds < 0


def _is_always_apart(pair: Pair) -> bool:
    odds = spellings.known_pair(*pair)
    return odds is not None and odds < WRONG


def _misplaced(words: Words) -> Iterator[Decision]:
    """Half-spaces that stand where none should, and words that ran together."""
    parts = words.parts
    together = {word for word, fact in words.known.items() if fact.apart}
    for number in [number for number, word in enumerate(parts[1::2]) if word in together]:
        if ZWNJ not in (parts[2 * number], parts[2 * number + 2]):
            word = parts[2 * number + 1]
            for place in _places(word, words.known[word].apart):
                yield Decision(number, place, " ", "run together", SURE)
    for number, pair in words.wrong:
        word = parts[2 * number + 1]
        if word[-1] in NON_JOINING:  # کشور|ها is کشورها, چند|سال is two words
            new = " " if spellings.are_two_words(*pair) else ""
            yield Decision(number, len(word), new, "needless", NEEDLESS)
        else:
            yield Decision(number, len(word), " ", "wrong", SURE)


def _placed(parts: list[str], decided: Iterable[Decision], mode: HalfSpaces) -> list[Repair]:
    """The decisions as cuts of the text, ascending."""
    taken = [each for each in decided if mode == "aggressive" or each.odds > SAFE]
    if not taken:
        return []
    taken.sort()
    found = []
    at = done = 0
    for number, place, new, rule, odds in taken:
        at += sum(map(len, parts[done : 2 * number + 1]))
        done = 2 * number + 1
        behind = place == len(parts[done])
        found.append(Repair((at + place, at + place + behind, new), rule, odds))
    return found
