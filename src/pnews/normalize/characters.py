"""Rules for single characters, marks and spacing.

Each rule is a row of `RULES`: a name and a function that finds cuts in a text. A rule never looks
across a line break and never makes or removes one, so a text is normalised line for line.
(The one exception is the no-break space, whose meaning is read off the whole text.)
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from html import unescape
from typing import Literal, NamedTuple

from pnews import data
from pnews.aligned import AlignedText, Cut
from pnews.normalize.scripts import DUAL_JOINING, FOREIGN, LATIN, LETTER, MARK, WEB

Digits = Literal["persian", "ascii", "keep"]
Diacritics = Literal["keep", "drop"]

Replacement = str | Callable[[re.Match[str]], str]

PERSIAN_DIGITS = "۰۱۲۳۴۵۶۷۸۹"
ASCII_DIGITS = "0123456789"
ARABIC_DIGITS = "٠١٢٣٤٥٦٧٨٩"
P = rf"[{LETTER}]"


class Rule(NamedTuple):
    """A named finder of cuts: ascending, non-overlapping."""

    name: str
    cuts: Callable[[str], Iterable[Cut]]


def substitution(pattern: str, replacement: Replacement) -> Callable[[str], Iterator[Cut]]:
    """Replace each match."""
    compiled = re.compile(pattern)
    new = replacement if callable(replacement) else lambda _: replacement

    def cuts(text: str) -> Iterator[Cut]:
        return ((m.start(), m.end(), new(m)) for m in compiled.finditer(text))

    return cuts


def outside_foreign(pattern: str, replacement: Replacement) -> Callable[[str], Iterator[Cut]]:
    """Replace each match that doesn't lie in an address, a handle or Latin text."""
    compiled = re.compile(pattern)
    new = replacement if callable(replacement) else lambda _: replacement

    def cuts(text: str) -> Iterator[Cut]:
        line_end = -1
        kept: list[tuple[int, int]] = []
        for m in compiled.finditer(text):
            if m.start() > line_end:  # looked for only in lines where something matched
                line_start = text.rfind("\n", 0, m.start()) + 1
                line_end = text.find("\n", m.start()) % (len(text) + 1)
                kept = [k.span() for k in FOREIGN.finditer(text, line_start, line_end)]
                kept.reverse()
            while kept and kept[-1][1] <= m.start():
                kept.pop()
            if not kept or m.end() <= kept[-1][0]:
                yield m.start(), m.end(), new(m)

    return cuts


def unescaped(match: re.Match[str]) -> str:
    """`&amp;zwnj;` -> ZWNJ: references written over each other, as far as they go."""
    text = match.group()
    while (inner := unescape(text)) != text:
        text = inner
    return re.sub(r"[\n\r\u00a0]", " ", text)


def shaped(match: re.Match[str]) -> str:
    """A presentation form's letters; a final form before another letter shows a half-space."""
    form = match.group(1)
    letters = re.sub(" ", "", unicodedata.normalize("NFKC", form)) if form != "\ufdfa" else (
        unicodedata.normalize("NFKC", form)
    )
    name = unicodedata.name(form, "")
    apart = name.endswith(("FINAL FORM", "ISOLATED FORM")) and letters[-1:] in DUAL_JOINING
    return letters + "\u200c" if apart and match.group(2) is not None else letters


def rial(match: re.Match[str]) -> str:
    """The currency sign, spelt out as a word of its own."""
    before = " " if match.group(1) else ""
    return f"{before}ریال"


def composed(match: re.Match[str]) -> str:
    """A letter and its marks in NFC, and with the one spelling of hamza on ye and he."""
    text = unicodedata.normalize("NFC", match.group())
    return text.replace("ی\u0654", "ئ").replace("\u06c0", "ه\u0654").replace("\u06c2", "ه\u0654")


def shortened(match: re.Match[str]) -> str:
    """`سلاممم` -> `سلام`; a whole word of one letter (`خخخ`) is somebody laughing."""
    text, start, end = match.string, match.start(), match.end()
    alone = not (
        re.match(P, text[start - 1 : start] or " ") or re.match(P, text[end : end + 1] or " ")
    )
    return match.group() if alone else match.group(1)


def quotation_marks(text: str) -> Iterator[Cut]:
    """`"متن"` and `“متن”` -> `«متن»`, in pairs of one line that hold a Persian letter."""
    for m in _QUOTED.finditer(text):
        if re.search(P, m.group(2)):
            yield m.start(), m.start(2), "«"
            yield m.end(2), m.end(), "»"


_QUOTED = re.compile(r'(["“„‟]|<<)([^"“”„‟\n<>]*)(["”]|>>)')

_HIDDEN = "\u00ad\u00ac\u0085\u009d\u200a\u200b\u200e\u200f\u2060\ufeff"
_SPACE = "\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_PICTURE = "\u2190-\u2bff\ufe0f\U0001f000-\U0001faff"

SHAPE_RULES = (
    Rule("line-end", substitution(r"\r\n?", "\n")),
    Rule("line-separator", substitution(r"[\x0b\x0c\x1c-\x1f\u2028\u2029]", " ")),
    Rule("html-reference", substitution(r"&(?:amp;|#38;|#x26;)*#?\w{1,32};", unescaped)),
    Rule("rial-sign", substitution(r"(?<=([0-9۰-۹٠-٩]))?\ufdfc", rial)),
    Rule(
        "presentation-form",  # ﻣﯽﮐﻨﺪ -> می‌کند
        substitution(
            rf"([\ufb50-\ufd3d\ufd50-\ufdfb\ufe70-\ufefc])(?=([{LETTER}\ufb50-\ufbb1\ufbd3-\ufbff\ufe80-\ufefc]))?",
            shaped,
        ),
    ),
    Rule("full-width", substitution(r"[\uff01-\uff5e]", lambda m: chr(ord(m.group()) - 0xFEE0))),
)
"""Before letters are folded: what isn't one character for one."""

LETTER_RULES = (
    Rule("composed", substitution(rf"[{LETTER}][{MARK}]+|[\u06c0\u06c2]", composed)),
    Rule("kashida", substitution(rf"([{LETTER}{MARK}])\u0640+", lambda m: m.group(1))),
    Rule("kashida", substitution(rf"\u0640+(?=[{LETTER}])", "")),
    Rule("kashida", substitution(r"\u0640+", "-")),  # تهران ـ ایرنا -> تهران - ایرنا
    Rule("half-space-lookalike", substitution(rf"(?<=[{LETTER}{MARK}])[{_HIDDEN}\u200c]*[{_HIDDEN}][{_HIDDEN}\u200c]*(?=[{LETTER}])", "\u200c")),
    Rule("invisible", substitution(rf"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9c\x9e\x9f\u061c\u202a-\u202e\u2061-\u206f\ufff9-\ufffc]|[\u00ad\u0085\u009d\u200b\u200e\u200f\u2060\ufeff]|\u200d(?![{_PICTURE}])|(?<![{_PICTURE}])\u200d", "")),
    Rule("half-space-run", substitution("\u200c{2,}", "\u200c")),
    Rule("half-space-stray", substitution(rf"(?<![\w{MARK}])\u200c|\u200c(?!\w)", "")),
    Rule("repeated-letter", substitution(rf"([{LETTER}])\1{{2,}}", shortened)),
)  # fmt: skip

SPACE_RULES = (
    Rule("space", substitution(rf" [ {_SPACE}]+|[{_SPACE}][ {_SPACE}]*", " ")),
    Rule("line-space", substitution(r"(?m)^ +| +$", "")),
)

MARK_RULES = (
    Rule("quotation-mark", substitution(r'""+', '"')),
    Rule("quotation-mark", quotation_marks),
    Rule("comma", outside_foreign(rf"(?:(?<=[{LETTER}{MARK}»)])|(?<=[{LETTER}{MARK}»)] )),|,(?= ?[{LETTER}«])", "،")),
    Rule("semicolon", outside_foreign(rf"(?:(?<=[{LETTER}{MARK}»)])|(?<=[{LETTER}{MARK}»)] ));", "؛")),
    Rule("question-mark", outside_foreign(rf"(?<=[{LETTER}{MARK}»)؟!۰-۹])\?|(?<=[{LETTER}»)] )\?(?=[\s»]|$)", "؟")),
    Rule("space-before", outside_foreign(r"(?<=[^\s(\[«]) +(?=[،؛؟!:])(?! :[^\s\w«])", "")),  # گفت : -> گفت:
    Rule("space-before", outside_foreign(r"(?<=[^\s.]) +(?=\.(?:\s|$))", "")),
    Rule("space-before", substitution(r"(?<=\S) +(?=[»)\]](?!\w))", "")),
    Rule("space-after", substitution(r"(?m)(?:(?<=^[«(\[])|(?<=[^\w\n][«(\[])) +", "")),
    Rule("space-after", outside_foreign(rf"(?<=[،؛])(?=[{LETTER}{LATIN}«(])|(?<=[؟!:])(?=[{LETTER}«])|(?<=[{LETTER}][،؛])(?=[0-9۰-۹])", " ")),
    Rule("space-after", substitution(rf"(?<={P}{P}{P}\.)(?={P}{P})(?!{P}{{1,4}}\.{P})", " ")),  # است.وی -> است. وی
    Rule("space-after", substitution(rf"(?<=[)\]])(?=[{LETTER}«])|(?<=[\w.؟!]»)(?=[{LETTER}])(?!(?:ها|های|هایی|ی|ای|ام|ات|اش)(?!\w))", " ")),
    Rule("space-before", substitution(rf"(?<=[{LETTER}{MARK}»])(?=[(\[])|(?<=[{LETTER}{MARK})])(?=«\w)", " ")),
    Rule("digit-space", outside_foreign(rf"(?<=[0-9۰-۹])(?={P}{P})(?!(?:ام|امین|مین|ها|های|هایی)(?!\w))", " ")),  # ۲۰درصد -> ۲۰ درصد
    Rule("digit-space", outside_foreign(rf"(?<={P}{P})(?=[0-9۰-۹])", " ")),  # سال۱۳۹۸ -> سال ۱۳۹۸
)  # fmt: skip


def normalize_characters(
    aligned: AlignedText, *, digits: Digits = "persian", diacritics: Diacritics = "keep"
) -> AlignedText:
    """One pass of all character rules over an aligned text."""
    aligned = _apply(aligned, SHAPE_RULES)
    aligned = _translate(aligned, _letters(), WEB)
    aligned = _apply(aligned, (_no_break_space(aligned.text), *LETTER_RULES))
    if diacritics == "drop":
        aligned = aligned.replace(_bare(aligned.text))
    aligned = _apply(aligned, SPACE_RULES)
    if digits != "keep":
        aligned = _translate(aligned, _digits(digits), FOREIGN)
    return _apply(aligned, (*MARK_RULES, *SPACE_RULES))


def _apply(aligned: AlignedText, rules: Iterable[Rule]) -> AlignedText:
    for rule in rules:
        aligned = aligned.replace(rule.cuts(aligned.text))
    return aligned


def _no_break_space(text: str) -> Rule:
    """In archives without half-spaces a no-break space is one; elsewhere it is a space.

    Hamshahri's old archive joins `نيمه` and `پاياني` by U+00A0; today's pages write `&nbsp;`
    between words and the half-space as U+200C.
    """
    if "\u00a0" not in text or "\u200c" in text:
        return Rule("no-break-space", lambda _: ())
    return Rule(
        "no-break-space", substitution(rf"(?<=[{LETTER}{MARK}])\u00a0(?=[{LETTER}])", "\u200c")
    )


_bare = substitution(rf"([{LETTER}])[{MARK}]+", lambda m: m.group(1))


def _translate(aligned: AlignedText, table: dict[int, str], kept: re.Pattern[str]) -> AlignedText:
    """Fold single characters everywhere but in what `kept` matches."""
    text = aligned.text
    pieces: list[str] = []
    at = 0
    for m in kept.finditer(text):
        pieces += text[at : m.start()].translate(table), m.group()
        at = m.end()
    pieces.append(text[at:].translate(table))
    return aligned.with_text("".join(pieces))


@cache
def _letters() -> dict[int, str]:
    return {int(written[2:], 16): meant for written, meant, *_ in data.rows("characters")}


@cache
def _digits(digits: Digits) -> dict[int, str]:
    if digits == "persian":
        return str.maketrans(ARABIC_DIGITS + ASCII_DIGITS, PERSIAN_DIGITS * 2)
    return str.maketrans(ARABIC_DIGITS + PERSIAN_DIGITS, ASCII_DIGITS * 2)
