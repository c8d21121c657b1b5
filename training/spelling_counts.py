"""Counts of spellings in the corpora, for `train_half_spaces.py`.

The texts fall into five groups by how far their half-spaces can be trusted:

- `edited`: the lines of `halfspace/train-*.txt`;
- `careful`: news articles whose verbs, plurals and compounds are all but always half-spaced;
- `modern` and `print`: those where that is nearly so (Hamshahri 2003-07 is `print`);
- `rough`: all other news.

Whether an article's compounds are half-spaced is asked of those that hazm's word list (MIT)
writes so. Each text belongs to one of five parts, so that a model can be fitted on words counted
elsewhere.
"""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import corpora
import marisa_trie
from build_lemmas import PREVERBS, conjugation, stems

from pnews import data
from pnews.normalize import normalize
from pnews.normalize.spellings import NON_JOINING, PLURAL, SINGULAR, ZWNJ, fold
from pnews.tokenize.lemmas import VERBAL, joined

WELL_EDITED = ("edited", "careful", "modern", "print")
GROUPS = (*WELL_EDITED, "rough")
EDITED = ("perspell", "hamshahri-rss", "wiki")
PARTS = 5
RUN = 7
"""Neighbouring texts that share a part; some lines come twice, one after the other."""

LETTERS = "\u0621-\u063a\u0641-\u064a\u0671-\u06d3\u06d5"
MARKS = "\u064b-\u065f\u0670"
INNER_MARKS = re.compile(f"(?<=[{LETTERS}])[{MARKS}]+(?=[{LETTERS}{ZWNJ}])")
NEEDLESS = re.compile(f"(?<=[{''.join(sorted(NON_JOINING))}]){ZWNJ}")
WORDS = re.compile(f"[{LETTERS}{ZWNJ}]+(?: [{LETTERS}{ZWNJ}]+)*")

VERB = re.compile(
    r"(?<!\w)ن?می([ \u200c]?)(?:شود|شوند|شد|کند|کنند|کنم|کنیم|کرد|کردند|دهد|دهند|تواند|توانند|رسد"
    r"|گوید|گویند|گیرد|گیرند|آید|خواهد|خواهند|داند|دانند|توان|باشد|باشند|دارد|رود|روند)(?!\w)"
)
PLURALS = re.compile(r"\w(?:[ \u200c]|(?<![\Wاآدذرزژوء]))(?:های|هایی|هایش)(?!\w)")
LEAST_ENDINGS, LEAST_COMPOUNDS, CAREFUL_COMPOUNDS = 0.93, 0.72, 0.85

Pair = tuple[str, str]


class Text(NamedTuple):
    """A normalised text with its half-spaces as they were; `source` is its corpus."""

    source: str
    group: str
    part: int
    text: str


class Counts(NamedTuple):
    """Of one group and part: words as spelt, pairs of pieces half-spaced and spaced, and what
    follows an ending ای and های.
    """

    words: Counter[str]
    half_spaced: Counter[Pair]
    spaced: Counter[Pair]
    following: Counter[Pair]

    @classmethod
    def empty(cls) -> Counts:
        return cls(Counter(), Counter(), Counter(), Counter())

    def add(self, other: Counts) -> None:
        for mine, others in zip(self, other, strict=True):
            mine.update(others)


@cache
def hazm_words() -> dict[str, int]:
    """Hazm's words, folded, with their frequencies."""
    import hazm

    found: dict[str, int] = {}
    table = Path(hazm.__file__).parent / "data" / "words.dat"
    for line in table.read_text(encoding="utf-8").splitlines():
        word, frequency, *_ = line.split("\t")
        word = folded(word)
        found[word] = max(found.get(word, 0), int(frequency))
    return found


@cache
def davat_words() -> dict[str, int]:
    """Davat's words (MIT), folded, with their ranks; common words stand first."""
    import davat

    table = Path(davat.__file__).parent / "data" / "words.txt"
    found: dict[str, int] = {}
    for rank, word in enumerate(table.read_text(encoding="utf-8").splitlines()):
        found.setdefault(folded(word), rank)
    return found


@cache
def verb_forms() -> dict[str, int]:
    """The verb forms of `data/lemmas.marisa`, folded, with the half-spaces that their making gives
    them; of the perfect, which is a participle too, also the second person (گفته\u200cای). Each
    with 0 for its frequency.
    """
    lemmas = marisa_trie.BytesTrie().mmap(str(data.path("lemmas.marisa")))
    forms = {form for past, presents in stems().items() for form in conjugation(past, presents)}
    forms |= {preverb + form for preverb in PREVERBS for form in forms}
    found = {form for form in forms if VERBAL + joined(form) in lemmas}
    found |= {form.removesuffix("م") + "ی" for form in found if form.endswith(f"ه{ZWNJ}ام")}
    return dict.fromkeys(map(folded, sorted(found)), 0)


def listed_words() -> dict[str, dict[str, int]]:
    """What is listed somewhere: form -> frequency or rank, by the list's name."""
    return {"hazm": hazm_words(), "davat": davat_words(), "verb": verb_forms()}


def folded(text: str) -> str:
    """Letters folded, marks inside words and needless half-spaces gone."""
    text = INNER_MARKS.sub("", fold(text.strip()))
    return re.sub(f"{ZWNJ}+", ZWNJ, NEEDLESS.sub("", text)).strip(ZWNJ)


def runs(text: str) -> Iterator[list[list[str]]]:
    """Words that only spaces part, each as its pieces."""
    for line in folded(text).split("\n"):
        for match in WORDS.finditer(line):
            words = (word.split(ZWNJ) for word in match.group().split(" "))
            yield [pieces for word in words if (pieces := [piece for piece in word if piece])]


def texts(left_out: str = "") -> list[Text]:
    """All texts; of the corpus `left_out`, if any, not those of part 0."""
    with ProcessPoolExecutor() as pool:
        normal = pool.map(_normalized, *zip(*_raw(), strict=True), chunksize=200)
        found = list(normal)
    print(f"{len(found)} texts", flush=True)
    compounds = edited_pairs(text for source, text in found if source in EDITED)
    return [
        Text(source, _group(source, text, compounds), part, text)
        for number, (source, text) in enumerate(found)
        if (part := number // RUN % PARTS) or source != left_out
    ]


def left_out_lines(corpus: str) -> list[str]:
    """The lines that `texts(corpus)` leaves out, as they are in the file."""
    lines = _lines(corpus)
    first = sum(len(_lines(name)) for name in EDITED[: EDITED.index(corpus)])
    return [line for number, line in enumerate(lines, first) if not number // RUN % PARTS]


def _lines(corpus: str) -> list[str]:
    path = corpora.SHARED / f"halfspace/train-{corpus}.txt"
    return path.read_text(encoding="utf-8").splitlines()


def _raw() -> Iterator[tuple[str, str]]:
    for name in EDITED:
        yield from ((name, line) for line in _lines(name))
    for name in corpora.NEWS:
        with gzip.open(corpora.SHARED / f"news/{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            for line in lines:
                record = json.loads(line)
                fields = (record.get(field) for field in corpora.TEXT_FIELDS)
                yield name, "\n".join(field for field in fields if field)


def _normalized(source: str, text: str) -> tuple[str, str]:
    return source, normalize(text, half_spaces="off").text


def edited_pairs(edited: Iterable[str]) -> frozenset[Pair]:
    """Pairs that hazm's list half-spaces and that the edited texts don't contradict."""
    counts = count(edited)
    compounds = (tuple(word.split(ZWNJ)) for word in hazm_words() if word.count(ZWNJ) == 1)
    return frozenset(
        (head, tail)
        for head, tail in compounds
        if counts.spaced[head, tail] <= counts.half_spaced[head, tail]
    )


def _group(source: str, text: str, compounds: frozenset[Pair]) -> str:
    if source in EDITED:
        return "edited"
    gaps = [match.group(1) for match in VERB.finditer(text)]
    gaps += [match.group()[1] for match in PLURALS.finditer(text)]
    kept, others = gaps.count(ZWNJ), len(gaps) - gaps.count(ZWNJ)
    counts = count([text])
    good = sum(number for pair, number in counts.half_spaced.items() if pair in compounds)
    bad = sum(number for pair, number in counts.spaced.items() if pair in compounds)
    compounds_kept = (good + 2) / (good + bad + 2.6)
    if len(gaps) < 3 or (kept + 1) / (kept + others + 1.2) < LEAST_ENDINGS:
        return "rough"
    if compounds_kept < LEAST_COMPOUNDS:
        return "rough"
    if compounds_kept >= CAREFUL_COMPOUNDS:
        return "careful"
    return "print" if source == "hamshahri" else "modern"


def count(several: Iterable[str]) -> Counts:
    """The counts of some texts."""
    counts = Counts.empty()
    for text in several:
        for words in runs(text):
            counts.words.update(map(ZWNJ.join, words))
            for pieces in words:
                counts.half_spaced.update(pairwise(pieces))
            counts.spaced.update((one[-1], two[0]) for one, two in pairwise(words))
            counts.following.update(
                (one[-1], word)
                for one, two in pairwise([*words, [""]])
                if len(one) > 1 and one[-1] in (SINGULAR, PLURAL)
                for word in {two[0], "".join(two)}
            )
    return counts


def counted(left_out: str = "") -> dict[tuple[str, int], dict[str, Counts]]:
    """(Group, part) -> corpus -> counts."""
    gathered: defaultdict[tuple[str, int, str], list[str]] = defaultdict(list)
    for text in texts(left_out):
        gathered[text.group, text.part, text.source].append(text.text)
    found: dict[tuple[str, int], dict[str, Counts]] = {}
    keys = sorted(gathered)
    with ProcessPoolExecutor() as pool:
        for (group, part, source), counts in zip(
            keys, pool.map(count, (gathered[key] for key in keys)), strict=True
        ):
            found.setdefault((group, part), {})[source] = counts
    return found
