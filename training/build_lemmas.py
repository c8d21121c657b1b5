"""Make data/lemmas.marisa: the lemmas of word forms, by the convention of UD_Persian.

    python training/build_lemmas.py

From hazm's verb and word tables (MIT), `training/irregular_lemmas.tsv`, and the counts of word
forms and of their neighbours in the news of `$PNEWS_SHARED/data/news`. The lemma of a verb is
its past stem (می\u200cکند: کرد), of a plural, a comparative or a noun with an ending the bare word.

Where a form can be read in two ways, its neighbours decide: a finite verb stands before a full
stop, a comma or a conjunction; a participle before است, بود, شد; an indefinite noun after هر, هیچ
or before که. A form without evidence keeps itself.
"""

from __future__ import annotations

import gzip
import json
import os
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from itertools import product
from pathlib import Path
from typing import Any

import marisa_trie

from pnews.tokenize.lemmas import NOMINAL, VERBAL, joined, stripped

HERE = Path(__file__).parent
SHARED = Path(os.environ.get("PNEWS_SHARED", HERE.parent.parent / "shared"))
OUT = HERE.parent / "src/pnews/data/lemmas.marisa"
ZWNJ = "\u200c"

SENTENCE_ENDS = ("", *'.،؛؟!»)"', "و", "که", "تا", "اما", "ولی", "زیرا", "چون")
AUXILIARIES = (
    *("است", "بود", "شد", "شده", "نشده", "باشد", "باشند", "بودند", "بودم", "بودیم", "شدند"),
    *("شود", "شوند", "نشد", f"می{ZWNJ}شود", f"می{ZWNJ}شوند", f"می{ZWNJ}شد", f"نمی{ZWNJ}شود"),
    *("نیست", "هستند", "ام", "ایم", "اند"),
)
DETERMINERS = ("یک", "هر", "هیچ", "چنین", "همچین")

PAST_ENDINGS = ("م", "ی", "", "یم", "ید", "ند")
PRESENT_ENDINGS = ("م", "ی", "د", "یم", "ید", "ند")
PERFECT_ENDINGS = ("ام", "ایم", "اید", "اند", "است")
PREVERBS = ("بر", "در", "باز", "فرا", "فرو", "وا", "ور", "پیش", "پس")

IRREGULAR = {
    "هست": "هستم هست هستیم هستید هستند نیستم نیستی نیست نیستیم نیستید نیستند",
    "است": "است ست",
    "بایست": "باید نباید میباید نمیباید بایست نبایست میبایست نمیبایست بایستی نبایستی میبایستی",
    "توان": "میتوان نمیتوان بتوان نتوان",
    "کرد": "کن مکن",
    "بود": "نبود باش مباش باشی",
    "خواست": "خواهم خواهی خواهد خواهیم خواهید خواهند نخواهم نخواهی نخواهد نخواهیم نخواهید نخواهند",
}
"""Past stem (or what UD_Persian has for it) -> joined forms."""


class News:
    """How often each word form stands in the news, and beside what."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.count: Counter[str] = Counter()
        self.after: dict[str, Counter[str]] = defaultdict(Counter)
        self.before: dict[str, Counter[str]] = defaultdict(Counter)
        for text in texts:
            for line in text.split("\n"):
                words = ["", *forms(line), ""]
                self.count.update(words[1:-1])
                for left, word, right in zip(words, words[1:], words[2:], strict=False):
                    self.before[word][left] += 1
                    self.after[word][right] += 1

    def share_before(self, word: str, following: Iterable[str]) -> float:
        """The share of the word's occurrences that stand before one of these."""
        return sum(self.after[word][other] for other in following) / max(1, self.count[word])

    def share_after(self, word: str, preceding: Iterable[str]) -> float:
        return sum(self.before[word][other] for other in preceding) / max(1, self.count[word])


CHARACTERS = str.maketrans(
    {"ي": "ی", "ى": "ی", "ك": "ک", "ة": "ه", "ۀ": "ه", "\xa0": " ", "\xad": ZWNJ, "\u0640": None}
)
FORM = re.compile(r"[\u0620-\u064a\u066e-\u06d3\u200c]+|\d+|\S")


def forms(line: str) -> Iterator[str]:
    """Words and marks of a line, half-spaces put in where می or ها stands alone."""
    line = re.sub("[\u064b-\u065f\u0670\u200e\u200f]", "", line.translate(CHARACTERS))
    line = re.sub(r"\b(ن?می) (?=\w)", rf"\1{ZWNJ}", line)
    line = re.sub(r" (ها|های|هایی|تر|ترین)\b", rf"{ZWNJ}\1", line)
    return filter(None, (form.strip(ZWNJ) for form in FORM.findall(line)))


def news_texts() -> Iterator[str]:
    for path in sorted((SHARED / "data/news").glob("*.jsonl.gz")):
        if "sample" in path.name:
            continue
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for row in map(json.loads, lines):
                yield from (row[key] for key in TEXT_FIELDS if row.get(key))


TEXT_FIELDS = ("title", "summary", "abstract", "body", "text")


def hazm_table(name: str) -> list[list[str]]:
    spec: Any = find_spec("hazm")
    path = Path(spec.origin).parent / "data" / name
    return [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if line]


def main() -> None:
    news = News(news_texts())
    words = hazm_table("words.dat")
    listed = {word: tags.split(",") for word, _, tags in words if word == word.strip(ZWNJ)}
    known = {word for word, tags in listed.items() if tags != ["0"]}
    verbs = verb_forms(news, known)
    nouns = noun_forms(news, listed, verbs)
    rows = [(VERBAL + form, lemma.encode()) for form, lemma in sorted(verbs.items())]
    rows += [(NOMINAL + form, lemma.encode()) for form, lemma in sorted(nouns.items())]
    marisa_trie.BytesTrie(rows).save(str(OUT))
    print(f"{OUT}: {len(verbs)} verb forms, {len(nouns)} nouns, {OUT.stat().st_size} bytes")


# Verbs


def verb_forms(news: News, known: set[str]) -> dict[str, str]:
    """Joined form -> past stem; of two verbs with one form the commoner wins."""
    plain: dict[str, str] = {}
    with_preverb: dict[str, str] = {}
    for past, presents in sorted(stems().items(), key=lambda verb: weight(verb[0], news)):
        if sum(news.count[form] for form in marked_forms(past, presents)) < 3:
            plain |= {joined(f): past for f in conjugation(past, presents) if remote(f, news)}
            continue
        forms = [f for f in conjugation(past, presents) if accepted(f, past, news, known)]
        plain |= {joined(form): past for form in forms}
        forms = [f for f in prefixed(past, presents, news) if accepted(f, past, news, known)]
        with_preverb |= {joined(form): past for form in forms}
    irregular = {
        joined(word): lemma for lemma, words in IRREGULAR.items() for word in words.split()
    }
    return with_preverb | plain | irregular


def weight(past: str, news: News) -> int:
    """How often the news has the verb in forms of the past that are nothing else."""
    return sum(news.count[past + end] for end in ("م", "یم", "ند"))


def stems() -> dict[str, set[str]]:
    """Past stem -> present stems, as hazm's table has them."""
    found: dict[str, set[str]] = defaultdict(set)
    for (row,) in hazm_table("verbs.dat"):
        past, _, present = row.partition("#")
        if past and present and " " not in row and present != "است":
            found[past].add(present)
    for past, present in STEMS.items():
        found[past].add(present)
    return {past: presents for past, presents in found.items() if past not in NOT_STEMS}


STEMS = {"سپرد": "سپار", "شمرد": "شمار", "افشرد": "فشار", "گستراند": "گستران"}
"""Verbs that hazm's table lacks or has under a rare past stem."""

NOT_STEMS = {"بایست", "سپارد", "شمارد", "یابید", "آوردید", "پیچیدن", "شنود"}
"""What the table has for a past stem and is none, or is irregular."""


def marked_forms(past: str, presents: set[str]) -> Iterator[str]:
    """می\u200cکرد, می\u200cکند."""
    yield from (f"می{ZWNJ}{past}{end}" for end in PAST_ENDINGS)
    yield from (f"می{ZWNJ}{stem}{end}" for stem in presents for end in PRESENT_ENDINGS)


def conjugation(past: str, presents: set[str]) -> Iterator[str]:
    """می\u200cکرد, نکردند, کرده\u200cاند, می\u200cکند, بکند, کنید, بکن."""
    for prefix, end in product(("", "ن", "می\u200c", "نمی\u200c", "همی\u200c"), PAST_ENDINGS):
        yield glide(prefix, past) + end
    for prefix, end in product(("", "ن", "می\u200c", "نمی\u200c"), ("", *PERFECT_ENDINGS)):
        yield f"{glide(prefix, past)}ه{ZWNJ if end else ''}{end}"
    for stem in sorted(presents):
        for prefix, end in product(
            ("", "ن", "ب", "می\u200c", "نمی\u200c", "همی\u200c"), PRESENT_ENDINGS
        ):
            yield from (form + end for form in spellings(prefix, stem))
        for prefix in ("ن", "ب"):
            yield from spellings(prefix, re.sub("(?<=[او])ی$", "", stem))


def glide(prefix: str, stem: str) -> str:
    """ن + آمد: نیامد; ن + افتاد: نیفتاد."""
    if prefix in ("ن", "ب") and stem[0] == "آ":
        return f"{prefix}یا{stem[1:]}"
    if prefix in ("ن", "ب") and stem[0] == "ا" and stem[:2] != "ای":
        return f"{prefix}ی{stem[1:]}"
    return prefix + stem


def spellings(prefix: str, stem: str) -> Iterator[str]:
    """ب + انداز: بینداز, بیانداز."""
    yield glide(prefix, stem)
    if prefix in ("ن", "ب") and stem[0] == "ا":
        yield f"{prefix}ی{stem}"


def prefixed(past: str, presents: set[str], news: News) -> Iterator[str]:
    """برمی\u200cگردد, بازگشته\u200cاند: with each preverb that the news has with this verb."""
    forms = sorted({*conjugation(past, presents)} - {past})
    for preverb in PREVERBS:
        if sum(news.count[preverb + form] for form in forms) >= 3:
            yield from (preverb + form for form in forms)
    if past == "خواست":
        futures = IRREGULAR["خواست"].split()
        yield from (preverb + form for preverb, form in product(PREVERBS, futures))


def remote(form: str, news: News) -> bool:
    """Whether a form of a rare verb can be nothing else."""
    return ZWNJ in form and not news.count[joined(form)]


def accepted(form: str, past: str, news: News, known: set[str]) -> bool:
    """Whether the form is this verb more than it is anything else."""
    if form == past or ZWNJ in form:
        return True
    ends = news.share_before(form, SENTENCE_ENDS)
    if form.endswith(f"{past[1:]}ه"):
        auxiliary = news.share_before(form, AUXILIARIES)
        return auxiliary >= 0.38 or (auxiliary >= 0.25 and auxiliary + ends >= 0.55)
    if form.endswith("ی"):
        return news.count[form] >= 50 and ends >= 0.6
    if form not in known and (past in MODALS or form.startswith(past) or form == f"ن{past}"):
        return True
    if form not in known and news.count[form] < 8:
        return bool(PERSONAL.search(form))
    prefixed = form[0] in "بن" and form[:2] != past[:2]
    needed = 0.6 if form in known else 0.2 if prefixed else 0.35
    return news.count[form] >= 8 and ends >= needed


MODALS = ("توانست", "خواست")
PERSONAL = re.compile("^[بن].+[مد]$|(?:ند|ید|یم)$")


# Nouns and adjectives


def noun_forms(news: News, listed: dict[str, list[str]], verbs: dict[str, str]) -> dict[str, str]:
    """Form -> lemma, and form -> "" where the rules of `pnews.tokenize.lemmas` would be wrong."""
    known = {word for word, tags in listed.items() if tags != ["0"]}
    plurals = {word for word in known if "PL" in listed[word]}
    irregular = dict(tab_separated(HERE / "irregular_lemmas.tsv"))
    found = {form: "" if form == lemma else lemma for form, lemma in irregular.items()}
    found |= {form: "" for form in known if stripped(form) is not None and form not in verbs}
    free = [
        form
        for form, count in news.count.most_common()
        if count >= 2 and len(form) > 2 and form not in found and joined(form) not in verbs
    ]
    adjectives = {word for word in known if "AJ" in listed[word] and irregular.get(word) != word}
    for form in free:
        if form not in known or form in plurals or form.endswith("گان"):
            base = possessed(form, news, known) or plural(form, news, known)
            found |= {form: base} if base else {}
    for form in free:
        if form not in found and form not in known:
            base = comparative(form, news, adjectives) or ezafe(form, news, known | found.keys())
            found |= {form: found.get(base) or base} if base else {}
    for form in free:
        if form not in found and form.endswith("ی"):
            base = indefinite(form, news, known | found.keys())
            found |= {form: found.get(base) or base} if base else {}
    found |= {form: "" for form in free if relational(form, news)}
    found |= {form: form[:2] for form in free if SHORT_PLURAL.match(form) and form[:2] in known}
    return found


SHORT_PLURAL = re.compile("[^\\W\\d_]{2}ها(?:ی|یی)?$")
"""گلهای: the rules want three letters before an ending that is joined."""


def tab_separated(path: Path) -> Iterator[list[str]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


def possessed(form: str, news: News, known: set[str]) -> str | None:
    """برایشان: برای, دستمان: دست; not درویشان."""
    base = form[:-3]
    own = form.endswith(("شان", "مان", "تان")) and form[:-2] not in known
    return base if own and base in known and news.count[base] >= 50 else None


def plural(form: str, news: News, known: set[str]) -> str | None:
    """کودکان: کودک, نمایندگان: نماینده, دانشجویان: دانشجو, حملات: حمله, سیاسیون: سیاسی."""
    for ending, singulars in PLURALS:
        stem = form.removesuffix(ending)
        if stem == form or len(stem) < (3 if ending == "ان" else 2):
            continue
        for base in sorted(
            (stem + singular for singular in singulars), key=lambda base: -news.count[base]
        ):
            if base in known and 10 * news.count[base] >= news.count[form]:
                return base
    return None


PLURALS = (
    ("گان", ("ه",)),
    ("ایان", ("ا",)),
    ("ویان", ("و",)),
    ("یان", ("ی",)),
    ("جات", ("ه", "جه", "")),
    ("ات", ("ت", "ه")),
    ("ات", ("",)),
    ("ان", ("",)),
    ("یون", ("ی",)),
)
"""Plural endings and what the singular may have in their place; the first that fits is taken."""


def comparative(form: str, news: News, adjectives: set[str]) -> str | None:
    """بزرگترین: بزرگ; not فیلتر."""
    for ending in ("ترین", "تری", "تر"):
        base = form.removesuffix(ending)
        if base != form and len(base) > 2 and base in adjectives and gradable(base, news):
            return base
    return None


def ezafe(form: str, news: News, known: set[str]) -> str | None:
    """شورای: شورا, گفتگوی: گفتگو; not معنوی."""
    base = form[:-1]
    if not form.endswith(("ای", "وی")) or len(base) < 3 or base not in known:
        return None
    surely = news.count[base] >= 5 and (form.endswith("ای") or adjectival(form, news) < 0.08)
    return base if surely else None


def indefinite(form: str, news: News, known: set[str]) -> str | None:
    """کسی: کس, جایی: جا, افرادی: فرد, زیادی: زیاد; not سیاسی, آزادی."""
    base = form[:-2] if form.endswith(("ایی", "ویی")) else form[:-1]
    if base not in known or news.count[form] < 15 or news.count[base] < 0.15 * news.count[form]:
        return None
    marked = news.share_after(form, DETERMINERS) + news.share_before(form, ["که"])
    if marked >= 0.12 and adjectival(form, news) <= 0.2:
        return base
    definite = news.share_before(form, ["را"])
    if definite >= 0.07 and marked + definite >= 0.09 and gradable(base, news):
        return base
    return None


def gradable(base: str, news: News) -> bool:
    """Whether the news uses the word as an adjective: مهم\u200cتر, کشورهای مختلف."""
    compared = sum(news.count[f"{base}{ZWNJ}{ending}"] for ending in ("تر", "ترین"))
    return compared >= 0.004 * news.count[base] or adjectival(base, news) >= 0.12


def adjectival(form: str, news: News) -> float:
    """The share of the form's occurrences after a plural with ezafe: کشورهای اسلامی."""
    before = news.before[form].items()
    after_plural = sum(count for word, count in before if word.endswith(("های", "ای")))
    return after_plural / max(1, news.count[form])


def relational(form: str, news: News) -> bool:
    """Whether the form is an adjective of its own: هسته\u200cای, not خانه\u200cای."""
    if not form.endswith(f"ه{ZWNJ}ای") or news.count[form] < 10:
        return False
    marked = news.share_after(form, DETERMINERS) + news.share_before(form, ["که", "را"])
    base = form.removesuffix(f"{ZWNJ}ای")
    return marked < 0.1 and adjectival(form, news) >= 0.08 and not gradable(base, news)


if __name__ == "__main__":
    main()
