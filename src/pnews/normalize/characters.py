"""Rules for single characters, marks and spacing.

Each rule is a row of the tables below: a name, a function that finds cuts in a text, and an
example. A rule never looks across a line break and never makes or removes one, so a text is
normalised line for line. (The one exception is the no-break space, whose meaning is read off the
whole text.)
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from html import unescape
from typing import Literal, NamedTuple

from pnews import data
from pnews.aligned import AlignedText, Cut, PlainText
from pnews.normalize.items import LINE_END, Items, Known, Memo
from pnews.normalize.rules import (
    Log,
    Rule,
    outside_foreign,
    space_after,
    space_before,
    substitution,
)
from pnews.normalize.scripts import (
    DIGIT,
    DUAL_JOINING,
    FOREIGN,
    FOREIGN_LINE,
    LATIN,
    LETTER,
    MARK,
    WEB,
    Table,
    replaced,
)

Digits = Literal["persian", "ascii", "keep"]
Diacritics = Literal["keep", "drop"]

PERSIAN_DIGITS = "۰۱۲۳۴۵۶۷۸۹"
ASCII_DIGITS = "0123456789"
ARABIC_DIGITS = "٠١٢٣٤٥٦٧٨٩"

P = f"[{LETTER}]"  # a letter
M = f"[{LETTER}{MARK}]"  # a letter or a mark on it
N = "[0-9۰-۹]"
MARKS = [chr(code) for code in range(0x64B, 0x6EE) if re.match(f"[{MARK}\u06c0\u06c2]", chr(code))]

# Invisible characters that old typesetting and careless pages use as a half-space.
HIDDEN = "\u00ad\u00ac\u0085\u009d\u200a\u200b\u200e\u200f\u2060\ufeff"
# Those of them, and others, that mean nothing elsewhere.
INVISIBLE = (
    "\x00-\x08\x0e-\x1b\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffc"
)
SPACE = "\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
SPACES = [*"\t\u00a0\u1680\u202f\u205f\u3000", *map(chr, range(0x2000, 0x200B))]
LINE_SEPARATOR = "\x0b\x0c\x1c\x1d\x1e\x1f\u2028\u2029"
PICTURE = "\u2190-\u2bff\ufe0f\U0001f000-\U0001faff"  # what a joiner joins in emoji
# Presentation forms, less ornate brackets and the signs that stand for a whole sentence (ﷺ).
FORM = "\ufb50-\ufd3d\ufd50-\ufdf9\ufe70-\ufefc"
SENTENCE_SIGN = "\ufdfa\ufdfb\ufdfd"
LETTER_FORM = "\ufb50-\ufbb1\ufbd3-\ufbff\ufe80-\ufefc"
QUOTED = re.compile(r'(["“„‟]|<<)([^"“”„‟\n<>]*)(["”]|>>)')


def unescaped(match: re.Match[str]) -> str:
    """`&amp;zwnj;` -> ZWNJ: references written over each other, as far as they go."""
    text = match.group()
    while (inner := unescape(text)) != text:
        text = inner
    return re.sub(r"[\n\r\u00a0]", " ", text)


def shaped(match: re.Match[str]) -> str:
    """A presentation form's letters; a final form before another letter shows a half-space."""
    form = match.group(1)
    letters = unicodedata.normalize("NFKC", form).strip()
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
    """`سلاممم` -> `سلام`, `زیباییی` -> `زیبایی`; but a whole word of one letter (`خخخ`) is somebody
    laughing, and in `دهههای` a plural lost its half-space.
    """
    text, start, end = match.string, match.start(), match.end()
    letter, before, after = match[1], text[start - 1 : start], text[end : end + 1]
    if not (re.match(P, before or " ") or re.match(P, after or " ")):
        return match.group()
    if match.group() == "ههه" and after == "ا":
        return match.group()
    return "یی" if letter == "ی" and before and before in "او" else letter


def quotation_marks(text: str) -> Iterator[Cut]:
    """`"متن"` and `“متن”` -> `«متن»`, in pairs of one line that hold a Persian letter."""
    for m in QUOTED.finditer(text):
        if re.search(P, m.group(2)):
            yield m.start(), m.start(2), "«"
            yield m.end(2), m.end(), "»"


AE_WORD = re.compile(rf"([{LETTER}]+(?<!\u06d5))\u06d5(اند|ام|ای|ایم|اید|ها|های|هایی|ی|اش|ات)?")
"""A Persian word with one U+06D5 where its ه stands, at its end or before an ending."""

KURDISH = re.compile("[ێۆڕڵڤ\u06d5]")


def persian_heh(match: re.Match[str]) -> str:
    """`شدەاند` -> `شده‌اند`: the letter looks like a ه that doesn't join the next. `هەنگاو` is a
    Kurdish word and stays, as does what goes on behind its ending.
    """
    word = AE_WORD.fullmatch(match.group())
    goes_on = match.string.startswith("\u200c", match.end())
    if not word or KURDISH.search(word.group(1)) or (word.group(2) and goes_on):
        return match.group()
    return f"{word.group(1)}ه\u200c{word.group(2)}" if word.group(2) else f"{word.group(1)}ه"


SHAPE_RULES = (
    Rule("line-end", substitution(r"\r\n?", "\n"), "\r"),
    Rule("line-separator", substitution(f"[{LINE_SEPARATOR}]", " "), LINE_SEPARATOR),
    # مي&zwnj;كند -> مي‌كند
    Rule("html-reference", substitution(r"&(?:amp;|#38;|#x26;)*#?\w{1,32};", unescaped), "&"),
    # ۵۰۰﷼ -> ۵۰۰ ریال
    Rule("rial-sign", substitution(f"\ufdfc(?<=({N})\ufdfc)?", rial), "\ufdfc"),
    # ﻣﯽﮐﻨﺪ -> می‌کند
    Rule("presentation-form", substitution(f"([{FORM}])(?=([{LETTER}{LETTER_FORM}]))?", shaped)),
    # بە -> به
    Rule("letter", substitution(f"{P}*\u06d5{P}*", persian_heh), "\u06d5"),
    # １２ -> 12
    Rule("full-width", substitution(r"[\uff01-\uff5e]", lambda m: chr(ord(m.group()) - 0xFEE0))),
)
"""Before letters are folded: what isn't one character for one."""

LETTER_RULES = (
    # خانۀ -> خانهٔ
    Rule("composed", substitution(f"{P}[{MARK}]+|[\u06c0\u06c2]", composed), MARKS),
    # کوویدـ۱۹ -> کووید-۱۹, کارگرـکارفرما -> کارگر-کارفرما: a letter that doesn't join has no tail
    Rule(
        "kashida",
        substitution(
            rf"(?<={P})(?<![{DUAL_JOINING}])\u0640(?!\u0640)|\u0640+\u200c?(?=[{DIGIT}])", "-"
        ),
        "\u0640",
    ),
    # کـتاب -> کتاب; تهران ـ ایرنا -> تهران - ایرنا
    Rule("kashida", substitution(f"({M})\u0640+", lambda m: m.group(1)), "\u0640"),
    Rule("kashida", substitution(f"\u0640+(?={P})", ""), "\u0640"),
    Rule("kashida", substitution("\u0640+", "-"), "\u0640"),
    # U+200E in رقابت‎ها -> half-space
    Rule(
        "half-space-lookalike",
        substitution(f"(?<={M})[{HIDDEN}\u200c]*[{HIDDEN}][{HIDDEN}\u200c]*(?={P})", "\u200c"),
        HIDDEN,
    ),
    Rule("invisible", substitution(f"[{INVISIBLE}]", "")),
    # ه‍.ش -> ه.ش; the joiners of an emoji stay
    Rule("joiner", substitution(f"\u200d(?![{PICTURE}])|(?<![{PICTURE}])\u200d", ""), "\u200d"),
    Rule("half-space-run", substitution("\u200c{2,}", "\u200c"), ["\u200c\u200c"]),
    Rule(
        "half-space-stray",
        substitution(rf"\u200c(?:(?!\w)|(?<![\w{MARK}]\u200c))", ""),
        "\u200c",
    ),
    # سلاممم -> سلام
    Rule("repeated-letter", substitution(rf"({P})\1{{2,}}", shortened)),
)

SPACE_RULES = (
    Rule("space", substitution(f"[{SPACE}][ {SPACE}]*| [ {SPACE}]+", " "), [*SPACES, "  "]),
    Rule("line-space", substitution(r"^ +|(?<=\n) +", "")),
    Rule("line-space", substitution(r" +(?=\n|$)", "")),
)

WORD_END = f"[{LETTER}{MARK}»)]"
PLURAL = rf"(?:ها|های|هایی|ی|ای|ام|ات|اش)(?![\w{MARK}])"
ORDINAL = rf"(?:ام|امین|مین|ها|های|هایی)(?![\w{MARK}])"

MARK_RULES = (
    Rule("quotation-mark", substitution('""+', '"'), ['""']),
    Rule("quotation-mark", quotation_marks, '"“„‟<'),
    # گفت, -> گفت،
    Rule(
        "comma",
        outside_foreign(
            substitution(f",(?:(?<={WORD_END},)|(?<={WORD_END} ,)|(?= ?[{LETTER}«]))", "،")
        ),
        ",",
    ),
    Rule(
        "semicolon",
        outside_foreign(substitution(f";(?:(?<={WORD_END};)|(?<={WORD_END} ;))", "؛")),
        ";",
    ),
    Rule(
        "question-mark",
        outside_foreign(
            substitution(
                rf"\?(?:(?<=[{LETTER}{MARK}»)؟!۰-۹]\?)|(?<=[{LETTER}»)] \?)(?=[\s»]|$))", "؟"
            )
        ),
        "?",
    ),
    # گفت : -> گفت:
    Rule(
        "space-before",
        outside_foreign(substitution(r" (?<=[^\s(\[«] )(?=[،؛؟!:])(?!:[^\s\w«])", "")),
    ),
    # است . -> است.
    Rule("space-before", outside_foreign(substitution(r" (?<=[^\s.] )(?=\.(?:\s|$))", "")), [" ."]),
    # ( ایرنا ) -> (ایرنا)
    Rule("space-before", substitution(r" (?<=\S )(?=[»)\]](?!\w))", ""), [" »", " )", " ]"]),
    Rule(
        "space-after",
        substitution(r" (?:(?<=^[«(\[] )|(?<=[^\w][«(\[] ))", ""),
        ["« ", "( ", "[ "],
    ),
    # گفت:«ما -> گفت: «ما
    Rule(
        "space-after",
        outside_foreign(
            space_after(f"[،؛](?=[{LETTER}{LATIN}«(])|[؟!:](?=[{LETTER}«])|[،؛](?<={P}[،؛])(?={N})")
        ),
    ),
    # است.وی -> است. وی; but بی.بی.سی
    Rule("space-after", space_after(rf"\.(?<={P}{P}{P}\.)(?={P}{P})(?!{P}{{1,4}}\.{P})"), "."),
    # (ایرنا)گفت -> (ایرنا) گفت; but «کتاب»ها
    Rule(
        "space-after",
        space_after(rf"[)\]](?=[{LETTER}«])|»(?<=[\w.؟!]»)(?={P})(?!{PLURAL})"),
        ")]»",
    ),
    # پیامبر(ص) -> پیامبر (ص)
    Rule("space-before", space_before(rf"[(\[](?<={WORD_END}.)(?<!\).)|«(?<={M}«)(?=\w)"), "([«"),
    # محمدﷺ -> محمد ﷺ
    Rule("space-before", space_before(f"[{SENTENCE_SIGN}](?<={M}.)"), SENTENCE_SIGN),
    Rule("space-after", space_after(f"[{SENTENCE_SIGN}](?={P})"), SENTENCE_SIGN),
    # ۲۰درصد -> ۲۰ درصد; سال۱۳۹۸ -> سال ۱۳۹۸; but ۲۰ام
    Rule("digit-space", outside_foreign(space_after(f"{N}(?={P}{P})(?!{ORDINAL})"))),
    Rule("digit-space", outside_foreign(space_before(f"{N}(?<={P}{P}{N})"))),
)


PASSES = 8
"""Passes after which a text has settled; real text needs one, hostile text two or three."""

LETTERS = "ءآأإؤئابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی"
OPENING = "[«(]?+"
CLOSING = r"(?:\.\.\.|[-.،؛:؟!])?+[»)]?+[.،؛:؟!]?+"
_LETTERS = f"(?:[{LETTERS}][\u064b-\u0652]?+|ه\u0654)++"
_WORD = rf"{_LETTERS}(?:\u200c{_LETTERS})*+"
_NUMBER = r"[۰-۹]++(?:[./٫٬][۰-۹]++)*+"
_ITEM = rf"(?:{OPENING}(?:{_WORD}|{_NUMBER})(?:-(?:{_WORD}|{_NUMBER}))*+{CLOSING}|[-–•*])"
ITEM = re.compile(_ITEM)

SETTLED, EMPTY, UNSETTLED, FAR_REACHING = ".", "e", "u", "f"
"""Classes of items: no rule changes them; nothing between two spaces, or on a line; rules may
change them; the same, by more than the words beside them.
"""

TO_RULE = re.compile(f"[{EMPTY}{UNSETTLED}{FAR_REACHING}]")

REPEATED = re.compile(rf"({P})\1\1")
FAR_REACHING_SIGN = re.compile('["“”„‟<&\u00a0\r]')

REACH = 2
"""Words on each side that no other rule looks beyond."""

STRETCH = re.compile(
    rf".{{0,{REACH}}}[{EMPTY}{UNSETTLED}](?:.{{0,{2 * REACH}}}[{EMPTY}{UNSETTLED}])*.{{0,{REACH}}}"
)
"""What rules may change in the classes of a line, with the words beside it."""


def class_of(item: str) -> str:
    """What rules may do to an item: one of the classes above, or `LINE_END`."""
    if ITEM.fullmatch(item) and not REPEATED.search(item):
        return SETTLED
    if item == LINE_END:
        return LINE_END
    if FAR_REACHING_SIGN.search(item):
        return FAR_REACHING
    return UNSETTLED if item else EMPTY


class Classed(NamedTuple):
    """What is known of an item for the rules of characters alone."""

    code: str
    text: str


CLASSES = Memo(lambda item: Classed(class_of(item), item), 1 << 16)


def is_settled(text: str) -> bool:
    """Whether no rule can change a text with Persian digits (false where that isn't plain)."""
    return not any(_unsettled(Items.of(text, CLASSES)))


def _are_settled(lines: Iterable[str]) -> Iterator[bool]:
    """The same of each line; all are taken apart at once."""
    together = Items.of(LINE_END.join(lines), CLASSES)
    return (not any(_unsettled(line)) for line in together.lines())


def _unsettled(items: Items[Known]) -> Iterator[slice]:
    """The stretches of items that rules may change, with the items beside them."""
    done = 0
    for match in TO_RULE.finditer(items.classes):
        if match.start() < done:
            continue
        line = items.line(match.start())
        classes = items.classes[line]
        if FAR_REACHING in classes:
            yield line
        elif classes != EMPTY:
            for stretch in STRETCH.finditer(classes):
                yield slice(line.start + stretch.start(), line.start + stretch.end())
        done = line.stop


def normalize_characters(
    aligned: AlignedText,
    *,
    digits: Digits = "persian",
    diacritics: Diacritics = "keep",
    log: Log | None = None,
) -> AlignedText:
    """All character rules over an aligned text, again until nothing changes.

    `log` is told what each rule does.
    """
    for _ in range(PASSES):
        before = aligned.text
        aligned = _one_pass(aligned, digits, diacritics, log)
        if aligned.text == before or (digits == "persian" and is_settled(aligned.text)):
            break
    return aligned


def _one_pass(
    aligned: AlignedText, digits: Digits, diacritics: Diacritics, log: Log | None
) -> AlignedText:
    aligned = _apply(aligned, SHAPE_RULES, log)
    aligned = _fold(aligned, "letter", _letters(), WEB, log)
    aligned = _apply(aligned, (_no_break_space(aligned.text), *LETTER_RULES), log)
    if diacritics == "drop":
        aligned = _apply(aligned, (BARE,), log)
    aligned = _apply(aligned, SPACE_RULES, log)
    if digits != "keep":
        aligned = _fold(aligned, "digit", _digits(digits), FOREIGN, log)
    return _apply(aligned, (*MARK_RULES, *SPACE_RULES), log)


def _normalized_lines(lines: Sequence[str]) -> list[str]:
    """Each line as `normalize_characters` gives it; those that have settled aren't looked at
    again.
    """
    found = list(lines)
    left = list(range(len(found)))
    for _ in range(PASSES):
        text = PlainText(LINE_END.join(found[number] for number in left))
        new = _one_pass(text, "persian", "keep", None).text.split(LINE_END)
        changed = [
            (number, line) for number, line in zip(left, new, strict=True) if line != found[number]
        ]
        if not changed:
            break
        for number, line in changed:
            found[number] = line
        settled = _are_settled(line for _, line in changed)
        left = [number for (number, _), done in zip(changed, settled, strict=True) if not done]
        if not left:
            break
    return found


def normalize_items(
    text: str, *, know: Memo[Known], digits: Digits, diacritics: Diacritics
) -> Items[Known]:
    """The text that `normalize_characters` gives, as items, by rule only where some need it.

    `know` says at least their classes.
    """
    usual = digits == "persian" and diacritics == "keep"
    if "\u200c" in text:
        text = text.replace("\u00a0", " ")  # as `_no_break_space` has it
    if not usual or "\u00a0" in text or "\r" in text:
        normal = normalize_characters(PlainText(text), digits=digits, diacritics=diacritics)
        return Items.of(normal.text, know)
    items = Items.of(replaced(text, (*_letters(), *_digits("persian"))), know)
    stretches = list(_unsettled(items))
    if not stretches:
        return items
    changed = _normalized_lines(_written(text, items, stretches))
    new = Items.of(LINE_END.join(changed), know).lines()
    return items.changed(
        (stretch, known if line or stretch == items.line(stretch.start) else Items[Known]([]))
        for stretch, line, known in zip(stretches, changed, new, strict=True)
    )


def _written(text: str, items: Items[Known], stretches: Iterable[slice]) -> list[str]:
    """Stretches of items, which ascend, as they are written in the text."""
    lines = text.split(LINE_END)
    found = []
    number = line_start = done = 0
    words = lines[0].split(" ")
    for stretch in stretches:
        if passed := items.classes.count(LINE_END, done, stretch.start):
            number += passed
            words = lines[number].split(" ")
            line_start = items.classes.rfind(LINE_END, done, stretch.start) + 1
        done = stretch.stop
        found.append(" ".join(words[stretch.start - line_start : stretch.stop - line_start]))
    return found


def _apply(aligned: AlignedText, rules: Iterable[Rule], log: Log | None) -> AlignedText:
    for rule in rules:
        if rule.applies(aligned.text):
            cuts = rule.cuts(aligned.text)
            if log:
                log(rule.name, aligned, cuts := list(cuts))
            aligned = aligned.replace(cuts)
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


BARE = Rule("diacritics", substitution(rf"([{LETTER}])[{MARK}]+", lambda m: m.group(1)))


def _fold(
    aligned: AlignedText, name: str, table: Table, kept: re.Pattern[str], log: Log | None
) -> AlignedText:
    """Replace single characters by single characters, but not in what `kept` matches."""
    text = aligned.text
    here = [(written, meant) for written, meant in table if written in text]
    if not here:
        return aligned
    pieces: list[str] = []
    at = 0
    for line in FOREIGN_LINE.finditer(text):
        for m in kept.finditer(text, line.start(), line.end()):
            pieces += replaced(text[at : m.start()], here), m.group()
            at = m.end()
    pieces.append(replaced(text[at:], here))
    new = "".join(pieces)
    if log:
        pairs = enumerate(zip(text, new, strict=True))
        log(name, aligned, [(at, at + 1, meant) for at, (old, meant) in pairs if old != meant])
    return aligned.with_text(new)


@cache
def _letters() -> Table:
    return tuple(
        (chr(int(code.removeprefix("U+"), 16)), meant)
        for code, meant, *_ in data.rows("characters")
    )


@cache
def _digits(digits: Digits) -> Table:
    if digits == "persian":
        return tuple(zip(ARABIC_DIGITS + ASCII_DIGITS, PERSIAN_DIGITS * 2, strict=True))
    return tuple(zip(ARABIC_DIGITS + PERSIAN_DIGITS, ASCII_DIGITS * 2, strict=True))
