"""A table of real cases for each rule of the character layer, then its laws."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pnews.aligned import AlignedText
from pnews.normalize import normalize, normalize_blocks
from pnews.normalize.characters import is_settled

Z = "\u200c"


def normalized(text: str, **options: str) -> str:
    return normalize(text, half_spaces="off", **options).text


CASES = {
    "arabic ye and kaf": ("خبرگزاري فارس: دبير كل", "خبرگزاری فارس: دبیر کل"),
    "alef maksura": ("موسى", "موسی"),
    "teh marbuta": ("دایرة المعارف", "دایره المعارف"),
    "regional shapes of he": ("ھمە ہستند", "همه هستند"),
    "a Kurdish keyboard's he": ("بە زندان شدەاند", f"به زندان شده{Z}اند"),
    "a Kurdish word": ("سازمان حقوق بشری «هەنگاو»", "سازمان حقوق بشری «هەنگاو»"),
    "he with hamza": ("خانۀ ما", "خانه\u0654 ما"),
    "ye with a hamza of its own": ("مسی\u0654ول", "مسئول"),
    "alef with a madda of its own": ("ا\u0653ب", "آب"),
    "hamza kept": ("مسؤول و تأکید", "مسؤول و تأکید"),
    "letters of other languages kept": ("ڤیدیو و ێ ۆ", "ڤیدیو و ێ ۆ"),
    "presentation forms": ("ﻣﻠﺖ ﺍﯾﺮﺍﻥ", "ملت ایران"),
    "final form inside a word": ("ﻣﯽﮐﻨﺪ", f"می{Z}کند"),
    "lam-alef": ("اﺳﻼم", "اسلام"),
    "allah": ("آیت ﷲ", "آیت الله"),
    "a sign for a sentence": ("محمدﷺ فرمود", "محمد ﷺ فرمود"),
    "rial sign": ("۵۰۰﷼", "۵۰۰ ریال"),
    "full-width digits": ("سال １３９８", "سال ۱۳۹۸"),
    "arabic digits": ("٢٠١٩", "۲۰۱۹"),
    "ascii digits": ("سال 1398", "سال ۱۳۹۸"),
    "kashida": ("تهـــران", "تهران"),
    "kashida as a hyphen": ("کوویدـ۱۹ کارگرـکارفرما", "کووید-۱۹ کارگر-کارفرما"),
    "kashida as a dash": ("تهران ـ ایرنا", "تهران - ایرنا"),
    "vowel signs kept": ("عمدتاً مُهم", "عمدتاً مُهم"),
    "no-break space in an archive": ("نيمه\u00a0پاياني", f"نیمه{Z}پایانی"),
    "no-break space on a page": (f"می{Z}شد\u00a0و رفت", f"می{Z}شد و رفت"),
    "no-break space beside a mark": ("سالانه\u00a0، فهرست", "سالانه، فهرست"),
    "hair space": ("بین\u200aالمللی", f"بین{Z}المللی"),
    "left-to-right mark between letters": ("رقابت\u200eها", f"رقابت{Z}ها"),
    "soft hyphen between letters": ("ان\u00adشاءالله", f"ان{Z}شاءالله"),
    "windows-1256's half-space read as Latin-1": ("می\u009dشود", f"می{Z}شود"),
    "run of half-spaces": (f"می{Z}{Z}{Z}کند", f"می{Z}کند"),
    "half-space at the end of a word": (f"دانشگاه{Z} برتر", "دانشگاه برتر"),
    "half-space before a mark": (f"کرد{Z}.", "کرد."),
    "half-space after a number": (f"۲۰{Z}ساله", f"۲۰{Z}ساله"),
    "joiner": ("۱۳۹۹ ه\u200d.ش.", "۱۳۹۹ ه.ش."),
    "bidi controls": ("\u202bتهران\u202c", "تهران"),
    "byte-order mark": ("\ufeffتهران", "تهران"),
    "tabs and runs of spaces": ("تهران\t\t  ایرنا ", "تهران ایرنا"),
    "html references": ("مي&zwnj;كند &laquo;او&raquo;", f"می{Z}کند «او»"),
    "html references twice over": ("&amp;quot;", '"'),
    "html space": ("گفت&nbsp;که", "گفت که"),
    "repeated letters": ("سلاممم سلامممم", "سلام سلام"),
    "repeated ye behind a vowel": ("زیباییی روستایییان خیلییی", "زیبایی روستاییان خیلی"),
    "a plural in -هه": ("دهههای", "دهههای"),
    "laughter": ("خخخخ", "خخخخ"),
    "space before a mark": ("گفت : او آمد .", "گفت: او آمد."),
    "space after a mark": ("گفت:«ما،او»", "گفت: «ما، او»"),
    "sentences run together": ("آمد.وی گفت", "آمد. وی گفت"),
    "ellipsis": ("و ... رفت", "و ... رفت"),
    "quotation marks": ('گفت: "ما آمدیم"', "گفت: «ما آمدیم»"),
    "curly quotation marks": ("“خبر”", "«خبر»"),
    "doubled quotation marks": ('""خبر""', "«خبر»"),
    "spaces inside quotation marks": ("« خبر » ( ایرنا )", "«خبر» (ایرنا)"),
    "brackets against words": ("پیامبر(ص)فرمود", "پیامبر (ص) فرمود"),
    "plural after a quotation mark": ("«تانک»ها", "«تانک»ها"),
    "comma": ("تهران, قم", "تهران، قم"),
    "question mark": ("چرا?", "چرا؟"),
    "semicolon": ("رفت; آمد", "رفت؛ آمد"),
    "number against a word": ("۲۰درصد سال۱۳۹۸", "۲۰ درصد سال ۱۳۹۸"),
    "ordinal": ("۱۱ام", "۱۱ام"),
    "line ends": ("یک\r\nدو\rسه", "یک\nدو\nسه"),
}

KEPT = (
    "۱۲.۵ درصد",
    "۱٬۲۳۴٫۵",
    "۱۳۹۹/۸/۱۹",
    "۲۰۱۹/۰۵/۰۶",
    "۲-۱",
    "ساعت ۱۸:۳۰",
    "https://www.irna.ir/news/123?x=1,2",
    "https://fa.wikipedia.org/wiki/علي",
    "info@irna.ir",
    "@irna_1392",
    "COVID-19",
    "F-16 و 5G",
    "Windows 10 Pro",
    "U.S.A",
    "ه.ش.",
    "م.",
    "بی.بی.سی",
    "👨\u200d👩\u200d👧 🇮🇷 👍🏽",
    "«کتاب»",
    "Paris, London; ok?",
)


@pytest.mark.parametrize("name", CASES)
def test_case(name: str) -> None:
    given_, expected = CASES[name]
    assert normalized(given_) == expected


@pytest.mark.parametrize("text", KEPT)
def test_kept(text: str) -> None:
    assert normalized(text) == text


def test_thousands_keep_their_mark() -> None:
    assert normalized("1,234 ریال و 12.5 درصد") == "۱,۲۳۴ ریال و ۱۲.۵ درصد"


def test_digits_can_be_kept_or_made_ascii() -> None:
    assert normalized("۱۲ و 34 و ٥", digits="keep") == "۱۲ و 34 و ٥"
    assert normalized("۱۲ و 34 و ٥", digits="ascii") == "12 و 34 و 5"


def test_diacritics_can_be_dropped() -> None:
    assert normalized("عمدتاً مُهمّ خانۀ", diacritics="drop") == "عمدتا مهم خانه"


def test_a_letter_stands_for_its_dropped_marks() -> None:
    assert normalize("مهمّ است", half_spaces="off", diacritics="drop").source_span(0, 3) == (0, 4)


HOSTILE = (
    'اببييكککيهۀةمممـًٔ\u200c\u200d\u00a0\u200e\u00ad  \n\t.,،:؛;؟?!«»"()[]%&123۱۲٤aBhttp:/@#-_'
    "ﷲﻣﯽﮐﻼ﷼&amp;zwnj;\r“”👨👧<>+\u2028\x85\x9d"
)
TEXT = st.text(alphabet=st.sampled_from(HOSTILE) | st.characters(codec="utf-8"), max_size=60)


@given(TEXT, st.sampled_from(["persian", "ascii", "keep"]), st.sampled_from(["keep", "drop"]))
@example("&am&amp;p;lt;", "persian", "keep")
def test_normalizing_twice_changes_nothing(text: str, digits: str, diacritics: str) -> None:
    once = normalized(text, digits=digits, diacritics=diacritics)
    assert normalized(once, digits=digits, diacritics=diacritics) == once


@given(TEXT)
def test_edits_lead_from_the_source_to_the_same_alignment(text: str) -> None:
    aligned = normalize(text, half_spaces="off")
    assert AlignedText.from_edits(text, aligned.edits()) == aligned


@given(TEXT.filter(lambda text: "\u00a0" not in text and "&" not in text))
def test_a_line_is_normalized_as_if_it_were_alone(text: str) -> None:
    aligned = normalize(text, half_spaces="off")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    assert aligned.text.split("\n") == [normalized(line) for line in lines]


SHAPES = st.sampled_from(
    [
        *("دولت", f"می{Z}کند", "۱۲", "۱۲.۵", "1398", "«کتاب»", "(ایرنا)", "گفت:", "رفت.", "کرد.»،"),
        *(
            "-",
            "–",
            "•",
            "مهمّ",
            "خانه\u0654",
            "رفت...",
            "الف-ب",
            "۲-۱",
            "چرا؟!",
            "«",
            ")",
            "كرد",
            "ددد",
        ),
        *("(ص)،", "۲۰۱۹/۰۵/۰۶", "عمدتاً", "م.", "ه.ش.", "؟", "۲۰درصد", "رفت.آمد", "a", "#خبر", "\n"),
    ]
)
LINES = st.lists(SHAPES, max_size=8).map(" ".join)


@given(
    TEXT | LINES, st.sampled_from(["persian", "ascii", "keep"]), st.sampled_from(["keep", "drop"])
)
def test_the_quick_way_gives_the_same_text(text: str, digits: str, diacritics: str) -> None:
    quick = normalize_blocks([text], half_spaces="off", digits=digits, diacritics=diacritics)
    assert "".join(quick) == normalized(text, digits=digits, diacritics=diacritics)


@given(LINES)
def test_no_rule_changes_what_is_settled(text: str) -> None:
    assert not is_settled(text) or normalized(text) == text


def test_a_long_line_takes_linear_time() -> None:
    for text in ("ا" * 200_000, "." * 200_000, '"' * 200_000, "a@" * 100_000, "&" * 200_000):
        assert normalized(text)
