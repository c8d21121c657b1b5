"""How a word is spelt: which of its gaps hold a half-space, and how sure that is.

Two questions, each answered by the log-odds of the half-space (natural logarithm; above 0 it is
the likelier spelling of edited text):

- `word`: letters written together, `رسانههای`: are they one piece, or `رسانه|های`?
- `pair`: two pieces with a space between, `گام های`: are they two words, or one with a half-space?

What the training texts settle is looked up (`data/half-spaces.*.marisa`); everything else is
told from what is known of its pieces, by weights of a log-linear model
(`data/half-spaces.weights.tsv`). `training/train_half_spaces.py` makes both, with the functions
here, so that training sees what the repairer sees.

Words here are folded (`fold`): letters only, without marks.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import accumulate, pairwise, product, repeat
from mmap import ACCESS_READ, mmap
from typing import Any, NamedTuple

from pnews import data
from pnews.normalize.scripts import replaced

ZWNJ = "\u200c"
NON_JOINING = frozenset("اآدذرزژوء")
"""Letters that don't join to the next: a half-space behind them shows nothing."""

FOLDS = tuple(zip("يىكأإٱؤئةۀ", "ییکاااویهه", strict=True))
FOLDED = frozenset(letter for letter, _ in FOLDS)


def fold(text: str) -> str:
    """The text with one spelling of hamza, ye and kaf; places stay."""
    return replaced(text, FOLDS)


NEVER = -99.0
"""The log-odds where no half-space can stand."""

PRODUCTIVE = 4
"""Bucket of partners from which on a piece is taken for a prefix or an ending."""

MOST_CANDIDATES = 14
MOST_SPLITS = 6
CACHED = 1 << 14
PIECE_BYTES = 9
STARTS, ENDS = 1, 2
"""Bits of `Piece.in_pairs`."""

LONG_HEH = "ههه"
"""It stands in a word only where a plural of one in -ه lost its half-space (دهههای)."""


class Piece(NamedTuple):
    """What is known of a piece of a word, in buckets (`bucket`) of counts.

    `listed` says which dictionaries list it as a word, a bit each. `left` describes it before a
    gap, `right` behind one: log-odds of half-space against space, how often, with how many
    partners. `in_pairs` says whether pairs in the table that may hold a half-space start
    (`STARTS`) or end (`ENDS`) with it.
    """

    word: int = 0
    part: int = 0
    listed: int = 0
    left_odds: int = 0
    left_count: int = 0
    left_kinds: int = 0
    right_odds: int = 0
    right_count: int = 0
    right_kinds: int = 0
    in_pairs: int = 0

    @property
    def is_prefix(self) -> bool:
        return self.left_kinds >= PRODUCTIVE

    @property
    def is_ending(self) -> bool:
        return self.right_kinds >= PRODUCTIVE

    @property
    def takes_any_tail(self) -> bool:
        """Whether it is a prefix that may stand before a word it was never seen with."""
        return self.is_prefix and self.left_odds >= OPEN

    @property
    def takes_any_head(self) -> bool:
        """The same of an ending."""
        return self.is_ending and self.right_odds >= OPEN

    def pack(self) -> bytes:
        """Ten small numbers as nine bytes."""
        bits = self.listed + 4 * self.in_pairs
        left, right = self.left_odds + 8, self.right_odds + 8
        return bytes((*self[:2], bits, left, *self[4:6], right, *self[7:9]))

    @classmethod
    def unpack(cls, packed: bytes) -> Piece:
        word, part, bits, left, left_count, left_kinds, *behind = packed[:PIECE_BYTES]
        in_pairs, listed = divmod(bits, 4)
        before = left - 8, left_count, left_kinds
        right, right_count, right_kinds = behind
        return cls(word, part, listed, *before, right - 8, right_count, right_kinds, in_pairs)


UNKNOWN = Piece()

Lookup = Callable[[str], Piece]
Seen = Callable[[str, str], int]
"""How two pieces were seen together: `pack_seen`, or 0 if never."""
Split = tuple[str, ...]
Features = list[str]


class Spelling(NamedTuple):
    """The likeliest spelling with half-spaces, and its log-odds against none.

    Where the same letters are a singular in -ه with ای and a plural with های (نامه|ای, نام|های),
    `rival` is the less likely of the two and `lead` the log-odds of `pieces` against it.
    """

    pieces: Split
    odds: float
    rival: Split = ()
    lead: float = 0.0


def plain(word: str) -> Spelling:
    """No half-space anywhere."""
    return Spelling((word,), NEVER)


def bucket(count: float) -> int:
    """0, 1, 2-3, 4-7, … as 0, 1, 2, 3, …, 9 at most."""
    return min(9, 1 + int(math.log2(max(count, 1)))) if count > 0 else 0


def odds_bucket(odds: float) -> int:
    return max(-6, min(6, round(odds)))


def pack_seen(odds: float, count: float) -> int:
    """A byte of the log-odds of half-space against space and of how often both were seen."""
    return (odds_bucket(odds) + 7) * 4 + min(3, bucket(count) // 2) if count > 0 else 0


PREVERBAL = {
    f"{preverb}{particle}": particle
    for preverb in ("بر", "فرو", "فرا", "وا", "باز", "در")
    for particle in ("می", "نمی")
}
"""می behind a preverb is as likely as by itself (فرومی|ریزد)."""


def like(piece: str) -> str:
    """The piece whose like it is, where it is too rare to tell by itself."""
    return PREVERBAL.get(piece, piece)


# Candidates and features: what training and repair share.


def candidates(word: str, piece: Lookup, known: Callable[[str], Iterable[Split]]) -> list[Split]:
    """The splits of a word into pieces that are worth a thought, likelier ones first.

    `known` gives the splits of a word that are known as its spellings.
    """
    found: dict[Split, None] = dict.fromkeys(known(word))
    if letters := letters_of(word):
        found[letters] = None
    for head, tail in _likely_splits(word, piece):
        found[head, tail] = None
        if piece(tail).is_ending:
            for stem in (*known(head), *_stems(head, piece)):
                found[*stem, tail] = None
        if piece(head).is_prefix:
            for rest in known(tail):
                found[head, *rest] = None
    if LONG_HEH in word:  # جبههه|ای would be read as جبه|ای
        found = {each: None for each in found if not any(head.endswith(LONG_HEH) for head in each)}
    return list(found)[:MOST_CANDIDATES]


def letters_of(word: str) -> Split:
    """The names of Latin letters that make up a word (سیانان: سی|ان|ان); empty for other words.

    Linear: what can't be taken apart from one place on is found out once.
    """
    names, several = data.letter_names(), _several_letters()
    if not several.fullmatch(word):
        return ()
    longest = max(map(len, names))
    apart: dict[int, Split] = {len(word): ()}
    for start in range(len(word) - 1, -1, -1):
        for end in range(start + 1, min(start + longest, len(word)) + 1):
            name = word[start:end]
            if name in names and end in apart and (end == len(word) or name[-1] not in NON_JOINING):
                apart[start] = (name, *apart[end])
                break
    found = apart.get(0, ())
    return found if len(found) > 1 else ()


@cache
def _several_letters() -> re.Pattern[str]:
    """Two names of letters or more: what most words can be seen not to be."""
    return re.compile(f"(?:{'|'.join(map(re.escape, sorted(data.letter_names())))}){{2,}}")


def _likely_splits(word: str, piece: Lookup) -> list[tuple[str, str]]:
    ranked = []
    for at in range(1, len(word)):
        if word[at - 1] in NON_JOINING:
            continue
        head, tail = word[:at], word[at:]
        first, second = piece(like(head)), piece(tail)
        if first is UNKNOWN and second is UNKNOWN:
            continue
        ending, prefix = second.is_ending, first.is_prefix
        whole = len(head) > 1 and len(tail) > 1
        if (ending and len(head) > 1) or (
            whole and (prefix or (_seen(first) > 1 and _seen(second) > 1))
        ):
            rank = (
                ending * second.right_count * (1 + 4 * bool(_seen(first)))
                + prefix * first.left_count * (1 + 4 * bool(_seen(second)))
                + _seen(first) * _seen(second) / 9
            )
            ranked.append((-rank, head, tail))
    return [(head, tail) for _, head, tail in sorted(ranked)[:MOST_SPLITS]]


def _seen(piece: Piece) -> int:
    return max(piece.word, piece.part)


def _stems(stem: str, piece: Lookup) -> Iterator[Split]:
    """A second split, where a prefix or an ending shows it (می|بر|د, کتاب|خانه|ها)."""
    for at in range(1, len(stem)):
        head, tail = stem[:at], stem[at:]
        if head[-1] in NON_JOINING:
            continue
        first, second = piece(head), piece(tail)
        if (first.is_prefix and _seen(second)) or (
            second.is_ending and first.word and second.right_count > PRODUCTIVE
        ):
            yield head, tail


def plain_features(word: str, piece: Lookup) -> Features:
    """Of the spelling without a half-space."""
    whole = piece(word)
    return [
        f"word{whole.word}",
        f"word-listed{whole.listed}",
        f"length{min(len(word), 10)}",
        *(f"end={word[-1:]}", f"end={word[-2:]}", f"end={word[-3:]}", f"start={word[:2]}"),
    ]


def split_features(pieces: Split, piece: Lookup, seen: Seen) -> Features:
    """Of a spelling with half-spaces."""
    found = [f"pieces{len(pieces)}"]
    for head, tail in pairwise(pieces):
        found.append(f"pair{seen(head, tail)}")
        found += _gap_features(like(head), tail, piece)
    return found


def _gap_features(head: str, tail: str, piece: Lookup) -> Features:
    first, second = piece(head), piece(tail)
    prefix, ending = first.is_prefix, second.is_ending
    found = [
        "gap",
        f"head{first.word}",
        f"tail{second.word}",
        f"head-part{first.part}",
        f"tail-part{second.part}",
        f"both{min(first.word, 5)},{min(second.word, 5)}",
        f"head-length{min(len(head), 6)}",
        f"tail-length{min(len(tail), 6)}",
        f"listed{first.listed},{second.listed}",
        f"meet={head[-1]}{tail[0]}",
        f"ending{ending:d}prefix{prefix:d}",
    ]
    if data.letter_names().issuperset((head, tail)):
        found.append("letters")
    if ending:
        found += (
            f"tail={tail}",
            f"tail={tail}&{head[-1]}",
            f"tail={tail}&head{min(first.word, 4)}",
            f"tail={tail}&length{min(len(head), 4)}",
            f"tail-kinds{second.right_kinds}",
        )
    if prefix:
        found += (
            f"head={head}",
            f"head={head}&tail{min(second.word, 4)}",
            f"head={head}&{tail[0]}",
            f"head-kinds{first.left_kinds}",
        )
    return found


def pair_features(head: str, tail: str, piece: Lookup) -> Features:
    """Of two pieces with a space between them."""
    first, second = piece(head), piece(tail)
    return [
        *_left_features(head, first),
        *_right_features(tail, second),
        *_meeting_features(head, tail, first, second),
    ]


def _left_features(head: str, first: Piece) -> Features:
    """Of the first piece alone."""
    return [
        "pair",
        f"left{first.left_odds}|{first.left_count}",
        f"head{min(first.word, 5)}",
        f"head-length{min(len(head), 6)}",
        *(f"head-end={head[-2:]}", f"head-end={head[-3:]}"),
        *((f"head={head}",) if first.is_prefix else ()),
    ]


def _right_features(tail: str, second: Piece) -> Features:
    """Of the second piece alone."""
    return [
        f"right{second.right_odds}|{second.right_count}",
        f"tail{min(second.word, 5)}",
        f"tail-length{min(len(tail), 6)}",
        *(f"tail-end={tail[-2:]}", f"tail-end={tail[-3:]}", f"tail-start={tail[:3]}"),
        *((f"tail={tail}",) if second.is_ending else ()),
    ]


def _meeting_features(head: str, tail: str, first: Piece, second: Piece) -> Features:
    """Of both together."""
    found = [f"left{first.left_odds}right{second.right_odds}"]
    if second.is_ending:
        found += (
            f"tail={tail}&{head[-1]}",
            f"tail={tail}&{head[-2:]}",
            f"tail={tail}&head{min(first.word, 4)}",
        )
    if first.is_prefix:
        found += (
            f"head={head}&tail{min(second.word, 4)}",
            f"head={head}&{tail[-1]}",
            f"head={head}&{tail[0]}",
        )
    return found


def may_join(head: str, tail: str, piece: Lookup) -> bool:
    """Whether two pieces that nothing is known of together may have a half-space between."""
    return head[-1] not in NON_JOINING and (
        piece(tail).takes_any_head or piece(head).takes_any_tail
    )


OPEN = -2
"""Bucket of log-odds from which on a prefix or an ending is tried on every word."""


def best(
    word: str,
    splits: Iterable[Split],
    piece: Lookup,
    seen: Seen,
    weights: Mapping[str, float],
) -> Spelling:
    """The likeliest of the splits; its odds are those of all of them together."""
    splits = list(splits)
    if not splits:
        return plain(word)
    without = weights.get("plain", 0.0) + _sum(plain_features(word, piece), weights)
    scored = [
        (weights.get("split", 0.0) + _sum(split_features(split, piece, seen), weights), split)
        for split in splits
    ]
    return likeliest(word, without, scored)


def likeliest(word: str, without: float, scored: Sequence[tuple[float, Split]]) -> Spelling:
    """The best of the splits with their scores, against the score of the word without one."""
    if not scored:
        return plain(word)
    top, split = max(scored)
    total = top + math.log(sum(math.exp(score - top) for score, _ in scored))
    other = _other_reading(split)
    rivals = [score for score, each in scored if each == other]
    if not rivals:
        return Spelling(split, total - without)
    return Spelling(split, total - without, other, top - rivals[0])


SINGULAR, PLURAL = "ای", "های"


def _other_reading(split: Split) -> Split:
    """نامه|ای of نام|های and the other way round; empty for other words."""
    *head, stem, ending = split
    if ending == PLURAL:
        return (*head, f"{stem}ه", SINGULAR)
    if ending == SINGULAR and stem[-1] == "ه" and len(stem) > 1:
        return (*head, stem[:-1], PLURAL)
    return ()


def read(spelling: Spelling, following: str) -> Spelling:
    """The reading that the next word asks for; a noun or an adjective follows a plural in های."""
    said = _weights("reading").get(following, _weights("reading").get("other", 0.0))
    if spelling.lead + (said if spelling.pieces[-1] == SINGULAR else -said) >= 0:
        return spelling
    return Spelling(spelling.rival, spelling.odds)


def pair_odds(head: str, tail: str, piece: Lookup, weights: Mapping[str, float]) -> float:
    """The log-odds of a half-space between two pieces, from what is known of each."""
    return _sum(pair_features(head, tail, piece), weights)


def _sum(features: Features, weights: Mapping[str, float]) -> float:
    return sum(map(weights.get, features, repeat(0.0)))


# The tables.

STEP = 8
"""Log-odds are stored as bytes, in steps of 1/8."""


def pack_odds(odds: float) -> int:
    return max(0, min(255, round(odds * STEP) + 128))


def unpack_odds(packed: int) -> float:
    return (packed - 128) / STEP


ODDS = tuple(map(unpack_odds, range(256)))
"""Each number once, however many remember it."""


def pack_spelling(spelling: Spelling) -> bytes:
    """The odds, the places of the half-spaces and, if there is a rival, 0 and the lead; nothing
    where there is no half-space.
    """
    if len(spelling.pieces) == 1:
        return b""
    places = accumulate(map(len, spelling.pieces[:-1]))
    lead = (0, pack_odds(spelling.lead)) if spelling.rival else ()
    return bytes((pack_odds(spelling.odds), *places, *lead))


def unpack_spelling(word: str, packed: bytes) -> Spelling:
    if not packed:
        return plain(word)
    inner, _, lead = packed[1:].partition(b"\0")
    places = (0, *inner, len(word))
    pieces = tuple(word[start:end] for start, end in pairwise(places))
    odds = unpack_odds(packed[0])
    if not lead:
        return Spelling(pieces, odds)
    return Spelling(pieces, odds, _other_reading(pieces), unpack_odds(lead[0]))


def word(letters: str) -> Spelling:
    """The likeliest half-spaced spelling of letters written together."""
    if not 3 <= len(letters) <= LONGEST:
        return plain(letters)
    packed = _row("words", letters)
    if packed is not None:
        return unpack_spelling(letters, packed)
    splits = candidates(letters, _piece, _known)
    return best(letters, splits, _piece, _seen_together, _weights("word"))


def pair(head: str, tail: str) -> float:
    """The log-odds of a half-space between two pieces that a space parts."""
    odds = known_pair(like(head), tail)
    return pair_thought_out(head, tail) if odds is None else odds


def pair_thought_out(head: str, tail: str) -> float:
    """The same of two pieces that the training texts don't know together."""
    head = like(head)
    if not may_join(head, tail, _piece):
        return NEVER
    meeting = _meeting_features(head, tail, _piece(head), _piece(tail))
    return _left_odds(head) + _right_odds(tail) + _sum(meeting, _weights("pair"))


@lru_cache(maxsize=CACHED)
def _left_odds(head: str) -> float:
    return _sum(_left_features(head, _piece(head)), _weights("pair"))


@lru_cache(maxsize=CACHED)
def _right_odds(tail: str) -> float:
    return _sum(_right_features(tail, _piece(tail)), _weights("pair"))


def _seen_together(head: str, tail: str) -> int:
    packed = _row("pairs", f"{head} {tail}")
    return packed[1] if packed else 0


def known_pair(head: str, tail: str) -> float | None:
    """The log-odds of a pair that the training texts settle, else None."""
    packed = _row("pairs", f"{head} {tail}")
    return ODDS[packed[0]] if packed else None


Readiness = tuple[int, int]
"""How readily half-spaces stand before and behind a word: `closes`, `opens`."""


def settled(letters: str) -> Readiness | None:
    """Of a word of which nothing else is to be known, as the table says of most words of news;
    None for all others.
    """
    packed = _row("pieces", letters)
    if packed is None or len(packed) == PIECE_BYTES:
        return None
    return READY[packed[PIECE_BYTES]]


def pack_settled(piece: bytes, before: int, behind: int) -> bytes:
    """A packed piece of which `settled` says this."""
    return bytes((*piece[:PIECE_BYTES], READY.index((before, behind))))


def opens(piece: str) -> int:
    """How readily a half-space follows a piece: not at all (`NO_GAP`), never known (0), known (1),
    before most words (2). A pair is worth a question if its two pieces have 2 together.
    """
    known = _piece(like(piece))
    if piece[-1] in NON_JOINING:
        return NO_GAP
    return 2 if known.takes_any_tail else int(known.left_kinds > 0 or known.in_pairs & STARTS > 0)


def closes(piece: str) -> int:
    """How readily a half-space precedes a piece, as `opens` says."""
    known = _piece(piece)
    return 2 if known.takes_any_head else int(known.right_kinds > 0 or known.in_pairs & ENDS > 0)


NO_GAP = -2
READINESS = (NO_GAP, 0, 1, 2)
READY: tuple[Readiness, ...] = tuple(product(READINESS, READINESS))
"""By the code of a settled word."""


def is_sound(spelling: Spelling) -> bool:
    """Whether a half-spaced spelling is likely and made of pieces that aren't rare."""
    pieces = map(_piece, spelling.pieces)
    return spelling.odds > 0 and all(_seen(piece) > RARE for piece in pieces)


RARE = 3


def are_two_words(one: str, other: str) -> bool:
    """Whether two pieces are words by themselves much more than they are one (چند سال)."""
    apart = min(frequency(one), frequency(other))
    return closes(other) < 2 and apart >= COMMON and frequency(one + other) < apart - RARE


COMMON = 6
"""Bucket of frequency from which on a word is common."""

LONGEST = 40
"""Letters of the longest word that is looked into; longer runs of letters are no words."""

LEAST_RUN, LEAST_WORD = 6, 4
"""Letters of words that ran together, and of each that is no particle."""


def run_together(letters: str) -> Split:
    """The words that ran together: `معدنیبااشاره` -> معدنی با اشاره.

    Empty unless the letters are no word that was seen more than once, nor one with half-spaces, and
    fall into two or three common words, long ones or particles.
    """
    if not LEAST_RUN <= len(letters) <= LONGEST or frequency(letters) or any(_known(letters)):
        return ()
    for words in (2, 3):
        ways = [way for way in _ways(letters, words) if max(map(len, way)) >= LEAST_WORD]
        if ways:
            return max(ways, key=lambda way: (sum(map(frequency, way)), way))
    return ()


def _ways(letters: str, words: int) -> Iterator[Split]:
    """The ways to cut letters into so many words."""
    if words == 1:
        if _stands_alone(letters):
            yield (letters,)
        return
    for at in range(2, len(letters) - 1):
        if _stands_alone(letters[:at]):
            for rest in _ways(letters[at:], words - 1):
                yield (letters[:at], *rest)


def _stands_alone(letters: str) -> bool:
    long = len(letters) >= LEAST_WORD and frequency(letters) > COMMON and closes(letters) < 2
    return long or letters in data.words("particles")


def frequency(letters: str) -> int:
    """How common the letters are as a word: a bucket, 0 for never."""
    return _piece(letters).word


def _known(letters: str) -> Iterable[Split]:
    if packed := _row("words", letters):
        spelling = unpack_spelling(letters, packed)
        if spelling.odds > 0:
            yield spelling.pieces


@lru_cache(maxsize=CACHED)
def _piece(letters: str) -> Piece:
    packed = _row("pieces", letters)
    return UNKNOWN if packed is None else Piece.unpack(packed)


@lru_cache(maxsize=CACHED)
def _row(name: str, letters: str) -> bytes | None:
    """What a table says of letters, None for nothing; one word is asked about several times."""
    packed = _table(name).get(letters)
    return packed[0] if packed else None


@cache
def _table(name: str) -> Any:
    import marisa_trie

    return marisa_trie.BytesTrie().mmap(str(data.path(f"half-spaces.{name}.marisa")))


# What `_quick.c` looks up by itself.

MARK_BYTES = 4
MIXING = 0xD6E8FEB86659FD93
FULL = 1 << 64


def hashed(key: str) -> int:
    """A number of 64 bits: Fowler, Noll and Vo's hash (FNV-1a) of the characters, mixed."""
    found = 0xCBF29CE484222325
    for char in key:
        found = (found ^ ord(char)) * 0x100000001B3 % FULL
    return (found ^ found >> 32) * MIXING % FULL


def pack_table(values: Mapping[str, int]) -> bytes:
    """Values below 256 of keys, seven tenths of the places taken at most.

    The upper half of a key's hash tells its place, the lower half marks it: of unknown keys one in
    five hundred million is taken for a known one.
    """
    places = 1 << (len(values) * 10 // 7).bit_length()
    marks, bytes_ = bytearray(MARK_BYTES * places), bytearray(places)
    for key, value in values.items():
        upper, lower = divmod(hashed(key), 1 << 32)
        at = upper % places
        while marks[MARK_BYTES * at]:  # odd where one stands
            at = (at + 1) % places
        marks[MARK_BYTES * at : MARK_BYTES * (at + 1)] = (lower | 1).to_bytes(MARK_BYTES, "little")
        bytes_[at] = value
    return bytes(marks + bytes_)


def mapped(name: str) -> mmap:
    """A table of `pack_table`, `settled` or `pairs`."""
    with data.path(f"half-spaces.{name}.table").open("rb") as file:
        return mmap(file.fileno(), 0, access=ACCESS_READ)


@cache
def _weights(kind: str) -> dict[str, float]:
    rows = data.rows("half-spaces.weights")
    return {feature: float(weight) for model, feature, weight in rows if model == kind}
