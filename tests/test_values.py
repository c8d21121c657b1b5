"""Dates, times, money and percentages: a test for every rule, with words of news."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pnews import data
from pnews.document import Money, new_document
from pnews.entities import stage
from pnews.entities.calendars import Calendar, from_day, to_day
from pnews.entities.expressions import characters, read
from pnews.entities.values import Expression, expressions
from pnews.pipeline import Pipeline

PUBLISHED = date(2019, 9, 5)  # Thursday, 14 Shahrivar 1398


def found(text: str, published: date | None = PUBLISHED) -> list[tuple[str, str, object]]:
    """Type, surface and value of the sure expressions of a text."""
    return [
        (one.type, text[one.start : one.end], one.value)
        for one in expressions(text, published)
        if one.sure
    ]


def only(text: str, published: date | None = PUBLISHED) -> tuple[str, str, object]:
    (one,) = found(text, published)
    return one


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("نهم نوامبر ۲۰۲۰", "2020-11-09"),
        ("۱۹ آبان ۱۳۹۹", "2020-11-09"),
        ("۱۹ آبان سال ۱۳۹۹", "2020-11-09"),
        ("سوم خرداد سال 95", "2016-05-23"),
        ("بیست و دوم بهمن", "2020-02-11"),
        ("سی\u200cام شهریورماه", "2019-09-21"),
        ("۲۱م مهر", "2019-10-13"),
        ("پنجم می ۲۰۱۸", "2018-05-05"),
        ("۱۰ تیرماه", "2019-07-01"),
        ("۲۶ بهمن", "2020-02-15"),
        ("۲ آوریل گذشته", "2019-04-02"),
        ("چهارم آبان ماه امسال", "2019-10-26"),
        ("۱۵ شهریور ماه جاری", "2019-09-06"),
        ("۲۳ تا ۳۰ آبان", "2019-11-14/2019-11-21"),
        ("روزهای 16 و 17 نوامبر", "2019-11-16/2019-11-17"),
        ("روز پنجشنبه ۱۴ شهریور", "2019-09-05"),
        ("سه شنبه، 12 شهریورماه", "2019-09-03"),
        ("امروز پنجشنبه ۱۴ شهریورماه ۹۸", "2019-09-05"),
        ("روز هفتم محرم", "2019-09-07"),
        ("هشتمین روز ماه محرم", "2019-09-08"),
        ("۲۸ صفر", "2019-10-27"),
        ("سیزدهم و چهاردهم مهرماه", "2019-10-05/2019-10-06"),
        ("روز شنبه ۱۸ و یکشنبه ۱۹ آبان", "2019-11-09/2019-11-10"),
        ("۱۵ اردیبهشت تا ۱۱ تیرماه سال جاری", "2019-05-05/2019-07-02"),
        ("اول خرداد تا پایان شهریور", "2019-05-22/2019-09-22"),
        ("۲۵ اسفند تا ۱۵ فروردین", "2020-03-15/2020-04-03"),
        ("۴ آبان ۴۳", "1964-10-26"),
        ("۹۸/۷/۳", "2019-09-25"),
        ("۲۷/۵/۱۳۹۸", "2019-08-18"),
        ("۱.۳.۹۸", "2019-05-22"),
        ("2019-08-27", "2019-08-27"),
    ],
)
def test_days(text: str, value: str) -> None:
    assert only(f"او در {text} آمد") == ("DATE", text, value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("مردادماه امسال", "2019-07-23/2019-08-22"),
        ("بهمن ۵۷", "1979-01-21/1979-02-19"),
        ("اکتبر ۲۰۱۶", "2016-10"),
        ("ماه می گذشته", "2019-05"),
        ("ماه اوت", "2019-08"),
        ("دسامبر سال ۲۰۱۸", "2018-12"),
        ("اوایل ماه ژوئیه", "2019-07"),
        ("پایان شهریور", "2019-09-22"),
        ("ابتدای مهرماه", "2019-09-23"),
        ("ماه مبارک رمضان", "2019-05-07/2019-06-04"),
        ("ماه صفر", "2019-09-30/2019-10-29"),
        ("ایام محرم", "2019-09-01/2019-09-29"),
        ("ایام محرم و صفر", "2019-09-01/2019-10-29"),
        ("محرم ۱۳۹۸", "2019-09-01/2019-09-29"),
        ("رمضان ۱۴۴۱", "2020-04-25/2020-05-23"),
        ("مرداد-شهریور", "2019-07-23/2019-09-22"),
        ("فروردین تا خرداد ۹۸", "2019-03-21/2019-06-21"),
        ("روزهای نخست مهر", "2019-09-23/2019-10-22"),
        ("هشتمین ماه سال جاری میلادی", "2019-08"),
        ("ماه سوم سال", "2019-05-22/2019-06-21"),
        ("ماه گذشته", "2019-07-23/2019-08-22"),
        ("همین ماه", "2019-08-23/2019-09-22"),
        ("ماه\u200cهای ژانویه تا اوت 2019", "2019-01-01/2019-08-31"),
        ("نیمه دوم آذر ماه", "2019-12-07/2019-12-21"),
        ("دهه اول محرم", "2019-09-01/2019-09-10"),
        ("هفته دوم شهریورماه", "2019-08-31/2019-09-06"),
        ("هفته پایانی آبان", "2019-11-16/2019-11-22"),
    ],
)
def test_months(text: str, value: str) -> None:
    assert only(f"او در {text} آمد") == ("DATE", text, value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("سال ۹۸", "2019-03-21/2020-03-19"),
        ("سال ۱۳۸۰", "2001-03-21/2002-03-20"),
        ("سال ۲۰۱۸", "2018"),
        ("سال ۲۰۰۰ میلادی", "2000"),
        ("سال هزار و سیصد و نود و هفت", "2018-03-21/2019-03-20"),
        ("سال ۹۵ و ۹۶", "2016-03-20/2018-03-20"),
        ("۱۳۶۹ شمسی", "1990-03-21/1991-03-20"),
        ("امسال", "2019-03-21/2020-03-19"),
        ("سال گذشته", "2018-03-21/2019-03-20"),
        ("سال جاری میلادی", "2019"),
        ("سال آینده", "2020-03-20/2021-03-20"),
        ("ابتدای سال جاری", "2019-03-21"),
        ("پایان سال", "2019-03-21/2020-03-19"),
        ("سال رونق تولید", "2019-03-21/2020-03-19"),
        ("۵ سال پیش", "2014-03-21/2015-03-20"),
        ("سه ماه نخست سال", "2019-03-21/2019-06-21"),
        ("۶ ماهه نخست امسال", "2019-03-21/2019-09-22"),
        ("سه ماهه سوم سال ۹۷", "2018-09-23/2018-12-21"),
        ("نیمه دوم سال", "2019-09-23/2020-03-19"),
        ("12 ماه سال 1392", "2013-03-21/2014-03-20"),
        ("بهار ۹۱", "2012-03-20/2012-06-20"),
        ("تابستان سال ۲۰۲۰", "2020-06-21/2020-09-21"),
        ("فصل پاییز", "2019-09-23/2019-12-21"),
        ("زمستان گذشته", "2018-12-22/2019-03-20"),
        ("دهه ۱۹۶۰", "1960/1969"),
        ("دهه شصت", "1981-03-21/1991-03-20"),
        ("دهه ۶۰ و ۷۰", "1981-03-21/2001-03-20"),
        ("سال\u200cهای دهه نود", "2011-03-21/2021-03-20"),
        ("دهه نود میلادی", "1990/1999"),
        ("اوایل ۲۰۱۴", "2014"),
        ("سالجاری", "2019-03-21/2020-03-19"),
        ("بهار و تابستان سال گذشته", "2018-03-21/2018-09-22"),
        ("قرن بیستم", "1901/2000"),
    ],
)
def test_years(text: str, value: str) -> None:
    assert only(f"او در {text} آمد") == ("DATE", text, value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("امروز", "2019-09-05"),
        ("دیروز", "2019-09-04"),
        ("پس\u200cفردا", "2019-09-07"),
        ("روز گذشته", "2019-09-04"),
        ("اواسط روز گذشته", "2019-09-04"),
        ("روز جاری", "2019-09-05"),
        ("سه روز پیش", "2019-09-02"),
        ("روز شنبه", "2019-08-31"),
        ("پنجشنبه", "2019-09-05"),
        ("سه\u200cشنبه", "2019-09-03"),
        ("جمعه گذشته", "2019-08-30"),
        ("پنجشنبه گذشته", "2019-08-29"),
        ("جمعه آینده", "2019-09-06"),
        ("روز یکشنبه هفته آینده", "2019-09-08"),
        ("روزهای دوشنبه و سه\u200cشنبه", "2019-09-02/2019-09-03"),
        ("هفته گذشته", "2019-08-24/2019-08-30"),
        ("هفته\u200cی گذشته", "2019-08-24/2019-08-30"),
        ("این هفته", "2019-08-31/2019-09-06"),
        ("پایان هفته", "2019-09-06"),
    ],
)
def test_days_seen_from_publication(text: str, value: str) -> None:
    assert only(f"او {text} آمد") == ("DATE", text, value)
    assert only(f"او {text} آمد", None) == ("DATE", text, None)


@pytest.mark.parametrize(
    "text",
    [
        "روزهای اخیر",
        "سال\u200cهای گذشته",
        "چند روز پیش",
        "یکی دو سال اخیر",
        "۲۴ ساعت گذشته",
        "سال تحصیلی جدید",
        "فصل گذشته",
        "این روزها",
        "۳۱ مهر",
        "۳۰ اسفند ۱۳۹۸",
        "30 فوریه ۲۰۱۹",
        "۳۰ محرم ۱۴۴۱",
        "محرم سال ۶۱ هجری قمری",
        "سال جدید",
        "سه سال دیگر",
    ],
)
def test_what_names_no_day_has_no_value(text: str) -> None:
    assert only(f"او در {text} آمد") == ("DATE", text, None)


def test_a_weekday_to_come_is_told_by_its_verb() -> None:
    assert only("مسابقات جمعه آغاز خواهد شد")[2] == "2019-09-06"
    assert only("مسابقات جمعه آغاز می\u200cشود")[2] == "2019-09-06"
    assert only("او جمعه گفت که تیم خواهد برد")[2] == "2019-08-30"
    assert only("می\u200cتوان از جمعه تمرین کند")[2] == "2019-09-06"
    assert only("تا روز چهارشنبه فرصت باقی است")[2] == "2019-09-11"
    assert only("تا چهارشنبه فرصت داشته باشیم")[2] == "2019-09-11"
    assert only("کار تا روز چهارشنبه ادامه داشته است")[2] == "2019-09-04"
    assert only("آنها روز چهارشنبه خواسته\u200cاند که او برود")[2] == "2019-09-04"


def test_years_that_begin_and_years_to_come() -> None:
    assert only("برنامه سال جدید", date(2013, 3, 16))[2] == "2013-03-21/2014-03-20"
    assert only("برنامه سال جدید", date(2013, 3, 29))[2] == "2013-03-21/2014-03-20"
    assert only("سال نو میلادی", date(2019, 12, 25))[2] == "2020"
    assert only("تا سه سال دیگر می\u200cماند")[2] == "2022-03-21/2023-03-20"


def test_what_the_text_has_said_before_is_no_date_by_itself() -> None:
    assert found("رشد از ماه قبل از آن کمتر بود") == []
    assert only("او هفته گذشته از آن شهر رفت")[2] == "2019-08-24/2019-08-30"
    assert found("واقعه سال ۶۱ هجری") == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("روزهای تاسوعا و عاشورا", "2019-09-09/2019-09-10"),
        ("اربعین امسال", "2019-10-19"),
        ("نیمه شعبان امسال", "2019-04-21"),
        ("نوروز سال آینده", "2020-03-20"),
        ("۲۰۱۹-۲۰۲۲", "2019/2022"),
    ],
)
def test_dates_if_the_tagger_says_so(text: str, value: str) -> None:
    (one,) = expressions(text, PUBLISHED)
    assert (one.start, one.end, one.value, one.sure) == (0, len(text), value, False)


def test_figures_that_are_no_years() -> None:
    assert [one.value for one in expressions("پایان ۴۵ دقیقه", PUBLISHED) if one.sure] == []


def test_an_article_s_today_is_the_weekday_that_it_names() -> None:
    said = found("نشست امروز (چهارشنبه) برگزار شد. دیروز باران آمد")
    assert [value for _, _, value in said] == ["2019-09-04", "2019-09-04", "2019-09-03"]


def test_an_article_s_today_is_the_day_of_the_month_that_it_names() -> None:
    said = found("رضا رحمانی امروز ۱۳ شهریور آمد و دیروز رفت")
    assert [value for _, _, value in said] == ["2019-09-04", "2019-09-03"]
    said = found("او امروز ۳ شهریور را به یاد دارد. دیروز رفت")
    assert said[-1][2] == "2019-09-04"


def test_two_dates_beside_each_other_are_one_day() -> None:
    said = found("فردا (جمعه) می\u200cآید و چهارشنبه (اول آبان 1398) می\u200cرود")
    assert [value for _, _, value in said] == ["2019-09-06"] * 2 + ["2019-10-23"] * 2


def test_an_article_of_gregorian_dates_means_gregorian_years() -> None:
    said = found("از اکتبر ۲۰۱۶ تا ژوئن ۲۰۱۷ رشد کرد؛ سال گذشته کم شد")
    assert said[-1] == ("DATE", "سال گذشته", "2018")


@pytest.mark.parametrize(
    "text",
    [
        "۵ سال در زندان بود",
        "امام جمعه قم",
        "نماز جمعه تهران",
        "با یک تیر دو نشان",
        "کار آغاز می\u200cشود",
        "هفته\u200cنامه صدا",
        "دوشنبه\u200cهای ورزشی",
        "۵ آبان را و ۲۰ نفر"[8:],
        "سال ۵ نفر",
        "۱۲ شنبه",
        "جام جهانی ۲۰۱۸",
        "بازی ۲-۱ شد",
    ],
)
def test_what_is_no_date(text: str) -> None:
    assert found(text) == [] or only(text)[1] == "شنبه"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("صبح امروز", "2019-09-05"),
        ("شامگاه چهارشنبه", "2019-09-04"),
        ("بامداد روز یکشنبه", "2019-09-01"),
        ("شب گذشته", "2019-09-04"),
        ("دیشب", "2019-09-04"),
        ("شنبه شب", "2019-08-31"),
        ("شب هشتم محرم", "2019-09-07"),
        ("ساعت ۱۸", "2019-09-05T18:00"),
        ("ساعت ۱۷:۳۰", "2019-09-05T17:30"),
        ("ساعت ۸ شب", "2019-09-05T20:00"),
        ("ساعت ۲:۳۰ ظهر سه\u200cشنبه", "2019-09-03T14:30"),
        ("ساعت 8 و 13 دقیقه", "2019-09-05T08:13"),
        ("ساعت هشت و نیم صبح", "2019-09-05T08:30"),
        ("ساعت ۱۲ شب", "2019-09-06T00:00"),
        ("ساعت 17 روز گذشته", "2019-09-04T17:00"),
        ("ساعت ۱۸ تا ۲۰", "2019-09-05T18:00/2019-09-05T20:00"),
        ("۹ صبح یکشنبه ۱۰ شهریور", "2019-09-01T09:00"),
        ("عصر روز یکشنبه پنجم آبان", "2019-10-27"),
        ("شنبه شب 26 مرداد ماه", "2019-08-17"),
        ("ساعت 19 روز 4 شنبه", "2019-09-04T19:00"),
    ],
)
def test_times(text: str, value: str) -> None:
    assert only(f"او از {text} آمد") == ("TIME", text, value)


def test_a_clock_without_a_day_is_on_the_day_named_before() -> None:
    said = found("روز شنبه ۹ شهریور در تهران، و از ساعت ۱۷ نشست بود")
    assert said[-1] == ("TIME", "ساعت ۱۷", "2019-08-31T17:00")
    assert found("از ساعت ۱۷ نشست بود", None) == [("TIME", "ساعت ۱۷", "T17:00")]


def test_a_bare_clock_is_a_time_only_if_the_tagger_says_so() -> None:
    (one,) = expressions("خبر سراسری ۱۲:۵۰", PUBLISHED)
    assert (one.type, one.value, one.sure) == ("TIME", "2019-09-05T12:50", False)


def test_no_hour_is_beyond_the_day() -> None:
    assert found("ساعت ۸۵ کیلومتر") == []


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("۲۴ میلیون و ۸۵۰ هزار تومان", "248500000", "IRR"),
        ("یک میلیارد دلار", "1000000000", "USD"),
        ("۳۰۰ هزارتومانی", "3000000", "IRR"),
        ("دو هزار و۵۰۰میلیارد تومان", "25000000000000", "IRR"),
        ("۲۰۰ هزار میلیارد تومان", "2000000000000000", "IRR"),
        ("سه و نیم میلیون تومان", "35000000", "IRR"),
        ("14.292 میلیارد یورو", "14292000000", "EUR"),
        ("۱٬۲۰۰ دلار", "1200", "USD"),
        ("1509 دلار و 81 سنت", "1509.81", "USD"),
        ("۵ میلیون دلار کانادا", "5000000", "CAD"),
        ("۲۰ تا ۳۰ میلیون تومان", "200000000/300000000", "IRR"),
        ("$۲۰", "20", "USD"),
        ("یکهزار و ۴۷۰ میلیارد ریال", "1470000000000", "IRR"),
    ],
)
def test_money(text: str, amount: str, currency: str) -> None:
    assert only(f"با قیمت {text} فروخت") == ("MONEY", text, Money(amount, currency))


def test_a_vague_amount_is_marked_without_a_value() -> None:
    assert only("یک موشک چند هزار دلاری") == ("MONEY", "چند هزار دلاری", None)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("۲۲.۵ درصدی", 22.5),
        ("۲/۵ درصد", 2.5),
        ("منفی 9,5 درصد", -9.5),
        ("یک و نیم درصد", 1.5),
        ("25 صدم درصدی", 0.25),
        ("هشت و سه دهم درصد", 8.3),
        ("77درصد", 77.0),
        ("صد در صد", 100.0),
        ("۱۲٪", 12.0),
        ("۶۰ تا ۷۰ درصد", "60/70"),
        ("صفر تا منفی یک درصد", "0/-1"),
    ],
)
def test_percent(text: str, value: float | str) -> None:
    assert only(f"با رشد {text} رسید") == ("PERCENT", text, value)


def test_the_stage_adds_what_the_tagger_missed_and_gives_values() -> None:
    text = "بهای آن روز شنبه به ۲۴ میلیون و ۸۵۰ هزار تومان رسید که ۲.۵ درصد کمتر از پارسال است."
    document = Pipeline(last="entities").annotate(text, date="2019-09-05")

    said = [(entity.type, entity.text, entity.value) for entity in document.entities]
    assert said == [
        ("DATE", "روز شنبه", "2019-08-31"),
        ("MONEY", "۲۴ میلیون و ۸۵۰ هزار تومان", Money("248500000", "IRR")),
        ("PERCENT", "۲.۵ درصد", 2.5),
        ("DATE", "پارسال", "2018-03-21/2019-03-20"),
    ]
    assert [entity.id for entity in document.entities] == ["e1", "e2", "e3", "e4"]
    for entity in document.entities:
        assert text[entity.start : entity.end] == entity.text


def test_other_schemes_keep_their_spans() -> None:
    class Nothing:
        name = "nothing"

        def tag(self, sentences: list[list[str]]) -> list[list[tuple[str, float]]]:
            return [[("O", 1.0)] * len(sentence) for sentence in sentences]

    document = new_document("روز شنبه ۲۰ درصد گران شد.", date="2019-09-05")
    ready = Pipeline(last="tokenize")([document])
    (done,) = stage(scheme="peyma", tagger=Nothing())(ready)  # type: ignore[arg-type]
    assert done.entities == ()


def test_the_calendar_libraries_are_imported_only_when_needed() -> None:
    code = (
        "import sys, pnews.entities.values as v; v.expressions('سلام دنیا ۲۰۱۸', None);"
        "print([m for m in ('persiantools', 'hijridate') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@given(st.dates(date(1940, 1, 1), date(2060, 1, 1)), st.sampled_from(["solar", "lunar"]))
@example(date(2028, 5, 24), "lunar")
@example(date(2028, 5, 25), "lunar")
@example(date(2028, 5, 26), "lunar")
def test_calendars_lead_there_and_back(day: date, calendar: Calendar) -> None:
    year, month = from_day(calendar, day)
    first = to_day(calendar, year, month, 1)
    assert first is not None and timedelta(0) <= day - first < timedelta(31)


@pytest.mark.parametrize(
    ("lunar", "day"),
    [
        ((1383, 1, 12), date(1963, 6, 5)),  # 15 Khordad 1342
        ((1399, 1, 10), date(1978, 12, 11)),  # Ashura, 20 Azar 1357
        ((1441, 2, 28), date(2019, 10, 27)),
        ((1445, 1, 10), date(2023, 7, 28)),
        ((1446, 10, 1), date(2025, 3, 31)),
    ],
)
def test_lunar_months_are_those_of_iran(lunar: tuple[int, int, int], day: date) -> None:
    assert to_day("lunar", *lunar) == day
    assert from_day("lunar", day) == lunar[:2]


def test_the_table_of_lunar_years_has_no_gap() -> None:
    rows = data.rows("lunar_years")
    assert [int(year) for year, _, _ in rows] == list(range(1340, 1450))
    for (_, first, months), (_, after, _) in pairwise(rows):
        lengths = [int(length) for length in months.split()]
        assert len(lengths) == 12 and set(lengths) <= {29, 30}
        assert date.fromisoformat(first) + timedelta(sum(lengths)) == date.fromisoformat(after)


@given(st.lists(st.sampled_from(["۳۱", "مهر", "سال", "۹۸", "تا", "ماه", "شنبه", "سه", "و", "۱۲",
    "میلیون", "تومان", "ساعت", "شب", "گذشته", "۹۹۹۹۹", "دهه", "درصد", "محرم", "هفته", "۰", "نیمه",
    "پیش", "دیگر", "ایام", "عاشورا", "بهار", "جدید", "-", "روز", "ها", "اول",
    "۱۳۹۸/۱۳/۴۵", "قرن", "فوریه", "امروز", "(", "،", "آینده", "۲۹", "اسفند"]), max_size=9),
    st.sampled_from([None, date(1, 1, 1), date(9999, 12, 31), PUBLISHED]))  # fmt: skip
def test_no_words_whatever_raise(words: list[str], published: date | None) -> None:
    text = " ".join(words)
    spans: list[Expression] = expressions(text, published)
    assert all(one.end <= other.start for one, other in pairwise(spans))
    assert len(read(text).classes) == len(read(text).atoms)


def test_every_class_has_its_character() -> None:
    assert len(set(characters().values())) == len(characters())
