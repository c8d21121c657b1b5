"""The page of `pnews view` in a real browser: Debian's chromium, driven by selenium."""

from __future__ import annotations

import base64
import json
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import ATTACK, ROOT, SEED, SPOOF, hostile

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
try:
    from selenium import webdriver
    from selenium.common.exceptions import NoAlertPresentException
    from selenium.webdriver.chrome.service import Service
    from selenium.webdriver.common.keys import Keys
except ImportError:
    CHROMIUM = None

pytestmark = pytest.mark.skipif(
    not (CHROMIUM and DRIVER),
    reason="no browser: apt install chromium chromium-driver, pip install pnews[dev]",
)

FLAGS = (
    "headless=new", "no-sandbox", "disable-gpu", "no-first-run", "disable-background-networking",
    "disable-component-update", "disable-sync", "disable-dev-shm-usage",
)  # fmt: skip
Z = "\u200c"


class Reader:
    """Somebody at the page: what they see and press."""

    def __init__(self, driver: Any) -> None:
        self.driver = driver

    def open(self, page: Path, fragment: str = "") -> None:
        self.driver.get("about:blank")
        self.driver.get_log("browser")
        self.driver.get_log("performance")
        self.driver.get(page.as_uri() + fragment)

    def js(self, code: str, *arguments: object) -> Any:
        return self.driver.execute_script(f"return {code}", *arguments)

    def all(self, selector: str) -> list[Any]:
        return list(self.driver.find_elements("css selector", selector))

    def one(self, selector: str) -> Any:
        return self.driver.find_element("css selector", selector)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.driver.switch_to.active_element.send_keys(key)

    def focused(self) -> str:
        return str(self.js("document.activeElement.outerHTML"))

    def focused_mention(self) -> int:
        return int(self.js("Number(document.activeElement.dataset.mention)"))

    def until(self, condition: Callable[[], object]) -> None:
        """Wait until it is so; the page waits for no clock but the search's and the pointer's."""
        end = time.monotonic() + 10
        while not condition():
            assert time.monotonic() < end, "it never came to be so"
            time.sleep(0.02)

    def hits(self, name: str = "hit") -> list[str]:
        """The words that a search has lit."""
        return list(
            self.js(
                "[...CSS.highlights.get(arguments[0])].map(hit => { const range = new Range();"
                " range.setStart(hit.startContainer, hit.startOffset);"
                " range.setEnd(hit.endContainer, hit.endOffset); return String(range); })", name,
            )
        )  # fmt: skip

    def emulate(self, **media: object) -> None:
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", media)

    def wide(self, width: int) -> None:
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500},
        )


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in FLAGS:
        options.add_argument(f"--{flag}")
    options.add_argument(f"--user-data-dir={tmp_path_factory.mktemp('chromium')}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(DRIVER))
    yield driver
    driver.quit()


@pytest.fixture
def reader(driver: Any) -> Iterator[Reader]:
    reader = Reader(driver)
    reader.wide(1300)
    yield reader
    reader.emulate(media="", features=[])


def write(folder: Path, *documents: Any) -> Path:
    from pnews.formats.page import write_page

    page = folder / "page.html"
    with page.open("wb") as stream:
        write_page(documents, stream)
    return page


@pytest.fixture(scope="module")
def annotated(seed_text: str) -> list[Any]:
    from pnews import Pipeline

    pipeline = Pipeline()
    others = sorted((ROOT / "examples" / "articles").glob("*.txt"))
    return [
        pipeline.annotate(seed_text, id=SEED.name, date="2022-05-28"),
        *(pipeline.annotate(path.read_text(encoding="utf-8"), id=path.name) for path in others),
    ]


@pytest.fixture(scope="module")
def one(annotated: list[Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("one"), annotated[0])


@pytest.fixture(scope="module")
def several(annotated: list[Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("several"), *annotated)


@pytest.fixture
def attacked(tmp_path: Path) -> Path:
    import msgspec

    from pnews.document import Document

    document = msgspec.convert(hostile(), Document)
    return write(tmp_path, document, document)


def test_the_page_reads_from_right_to_left(reader: Reader, one: Path) -> None:
    reader.open(one)
    assert reader.js("getComputedStyle(document.body).direction") == "rtl"
    title, text, names = (reader.one(each).rect for each in ("h1", "#text", "#names"))
    assert names["x"] + names["width"] <= text["x"] + 1
    assert title["x"] + title["width"] == pytest.approx(text["x"] + text["width"], abs=2)
    first, second = (reader.js(f"document.querySelectorAll('h1 mark')[{n}].getClientRects()[0].x")
                     for n in (0, 1))  # fmt: skip
    assert first > second


def test_the_text_is_all_there_in_both_writings(
    reader: Reader, one: Path, annotated: list[Any]
) -> None:
    (document, *_) = annotated
    reader.open(one)
    for view, text in (("norm", document.normalized), ("source", document.text)):
        reader.js(f"document.querySelector('[value={view}]').click()")
        shown = reader.js(
            "[...document.querySelectorAll('#text :is(h1,h2,p)')].map(line => {"
            " const copy = line.cloneNode(true);"
            " for (const note of copy.querySelectorAll('.speaker')) note.remove();"
            " return copy.textContent; }).join('\\n')"
        )
        assert "".join(shown.split()) == "".join(text.split())
        for mark in reader.all("#text mark:not(.role)")[:12]:
            words = reader.js("arguments[0].textContent", mark)
            assert words in (text[e.norm_start : e.norm_end] if view == "norm" else e.text
                             for e in document.entities)  # fmt: skip


def test_a_click_switches_writings(reader: Reader, one: Path) -> None:
    reader.open(one)
    assert f"علی{Z}اف" in reader.one("h1").text
    reader.one("[value=source] + span").click()
    assert "علیاف" in reader.one("h1").text
    assert reader.js("getComputedStyle(document.querySelector('[value=source] + span'))"
                     ".backgroundColor") != "rgba(0, 0, 0, 0)"  # fmt: skip


def test_switching_writings_moves_nothing_under_the_eyes(reader: Reader, one: Path) -> None:
    reader.open(one)
    number = reader.all("#text mark")[30].get_attribute("data-mention")
    top = f"document.querySelector('#text [data-mention=\"{number}\"]').getBoundingClientRect().top"
    reader.js(f"scrollBy({{ top: {top} - 300, behavior: 'instant' }})")
    before = reader.js(top)
    reader.one("[value=source] + span").click()
    assert reader.js(top) == pytest.approx(before, abs=120)
    assert reader.js("scrollY") > 100


def test_a_name_of_the_panel_leads_to_its_mentions(reader: Reader, one: Path) -> None:
    reader.open(one)
    (button,) = [each for each in reader.all("#names button") if "Joe Biden" in each.text]
    times = len(reader.js("[...document.querySelectorAll('#text mark')]"
                          ".filter(mark => /بایدن/.test(mark.textContent))"))  # fmt: skip
    assert times >= 5
    seen = []
    for _ in range(3):
        button.click()
        seen.append(reader.focused_mention())
        assert "mark" in reader.focused()
    assert seen == sorted(set(seen))
    assert button.get_attribute("aria-pressed") == "true"
    assert len(reader.all("mark.same")) >= times


def test_a_card_says_who_it_is_and_where(reader: Reader, one: Path, annotated: list[Any]) -> None:
    reader.open(one)
    assert not reader.one("#card").is_displayed()
    aliyev = next(e for e in annotated[0].entities if "علیاف" in e.text)
    mark = next(each for each in reader.all("#text mark") if f"علی{Z}اف" in each.text)
    mark.click()
    card = reader.one("#card")
    assert card.is_displayed()
    for words in (f"الهام علی{Z}اف", "Ilham Aliyev", "PER", f"{aliyev.start}–{aliyev.end}",
                  f"{aliyev.norm_start}–{aliyev.norm_end}"):  # fmt: skip
        assert words in card.text
    rect = card.rect
    assert 0 <= rect["x"] <= 1300 - rect["width"]
    reader.press(Keys.ESCAPE)
    assert not card.is_displayed()


def test_a_card_shows_under_the_pointer_too(reader: Reader, one: Path) -> None:
    reader.open(one)
    moves = webdriver.ActionChains(reader.driver, duration=0)
    moves.move_to_element(reader.one("#text mark")).perform()
    reader.until(reader.one("#card").is_displayed)
    moves.move_to_element(reader.one(".about")).perform()
    reader.until(lambda: not reader.one("#card").is_displayed())


def test_ids_lead_out_by_addresses_of_ours(reader: Reader, one: Path) -> None:
    reader.open(one)
    next(each for each in reader.all("#names button") if "United States" in each.text).click()
    links = {link.text: link for link in reader.all("#card a")}
    assert links["wikidata Q30"].get_attribute("href") == "https://www.wikidata.org/wiki/Q30"
    assert links["wikidata Q30"].get_attribute("rel") == "noopener noreferrer"


def test_the_keys_go_from_mention_to_mention(reader: Reader, one: Path) -> None:
    reader.open(one)
    reader.js("document.querySelector('#text mark').focus()")
    assert reader.focused_mention() == 0
    reader.press(Keys.TAB)
    assert reader.focused_mention() == 1
    reader.press(Keys.ARROW_LEFT)
    assert reader.focused_mention() == 2
    reader.press(Keys.ARROW_RIGHT, Keys.ARROW_UP)
    assert reader.focused_mention() == 0
    assert reader.js("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    assert reader.js("parseFloat(getComputedStyle(document.activeElement).outlineWidth)") >= 2
    assert reader.one("#card").is_displayed()


def test_enter_goes_into_the_card_and_escape_out_of_it(reader: Reader, one: Path) -> None:
    reader.open(one)
    mark = next(each for each in reader.all("#text mark") if "ایالات متحده" in each.text
                and "role" not in each.get_attribute("class"))  # fmt: skip
    number = int(mark.get_attribute("data-mention"))
    reader.js("arguments[0].focus()", mark)
    reader.press(Keys.ENTER)
    assert "wikidata.org" in reader.focused()
    reader.press(Keys.ESCAPE)
    assert reader.focused_mention() == number
    assert not reader.one("#card").is_displayed()


def test_the_first_tab_offers_a_way_past_everything(reader: Reader, one: Path) -> None:
    reader.open(one)
    reader.js("document.body.focus()")
    reader.press(Keys.TAB)
    assert reader.js("document.activeElement.className") == "skip"
    assert reader.js("document.activeElement.getBoundingClientRect().width") > 40
    reader.press(Keys.ENTER)
    assert reader.js("document.activeElement.id") == "article"


def test_slash_searches_and_escape_ends_it(reader: Reader, one: Path) -> None:
    reader.open(one)
    reader.press("/")
    assert reader.js("document.activeElement.id") == "search"
    assert reader.js("document.activeElement.value") == ""
    reader.press("باکو")
    reader.until(lambda: reader.one("#found").text)
    assert reader.js("CSS.highlights.get('hit').size") >= 7
    reader.press(Keys.ENTER)
    assert reader.one("#found").text.startswith("۱ از")
    assert reader.hits("hit-here") == ["باکو"]
    reader.press(Keys.ENTER)
    assert reader.one("#found").text.startswith("۲ از")
    reader.press(Keys.ESCAPE)
    assert reader.js("document.getElementById('search').value") == ""
    assert reader.js("CSS.highlights.get('hit').size") == 0


FOLDED = [
    ("علیاف", f"علی{Z}اف"),
    (f"علی{Z}اف", f"علی{Z}اف"),
    ("علي اف", f"علی{Z}اف"),
    ("اذربايجان", "آذربایجان"),
    ("٢٠٢٠", "۲۰۲۰"),
    ("2020", "۲۰۲۰"),
    ("رسانههای", f"رسانه{Z}های"),
]


@pytest.mark.parametrize(("typed", "found"), FOLDED)
def test_a_search_takes_spellings_as_one(reader: Reader, one: Path, typed: str, found: str) -> None:
    reader.open(one)
    reader.js(
        "(box => { box.value = arguments[0]; box.dispatchEvent(new Event('input')); })"
        "(document.getElementById('search'))", typed,
    )  # fmt: skip
    hits = reader.hits()
    assert hits
    assert set(hits) == {found}


def test_a_search_finds_the_place_in_the_original_too(reader: Reader, one: Path) -> None:
    reader.open(one)
    reader.one("[value=source] + span").click()
    reader.press("/", f"علی{Z}اف")
    hits = reader.hits()
    assert {"علیاف", "علی اف"} <= set(hits)


def test_several_documents_are_listed_and_searched(reader: Reader, several: Path) -> None:
    reader.open(several)
    assert len(reader.all("#list a")) == 4
    reader.all("#list a")[2].click()
    reader.until(lambda: "نفت" in reader.one("h1").text)
    assert reader.driver.title.startswith("بهای هر بشکه نفت")
    assert reader.one("#list a[aria-current]").text.startswith("بهای")
    reader.press("/", "ژاپن")
    reader.until(lambda: len(reader.all("#list a")) == 1)
    reader.press(Keys.ENTER)
    reader.until(lambda: "ژاپن" in reader.one("h1").text)
    reader.driver.back()
    reader.until(lambda: "نفت" in reader.one("h1").text)
    reader.one("#search").clear()
    reader.one("#search").send_keys("هیچ‌کجا")
    reader.until(lambda: not reader.all("#list a"))


def test_one_document_has_no_list(reader: Reader, one: Path) -> None:
    reader.open(one)
    assert not reader.one("#documents").is_displayed()


def test_a_wrong_fragment_shows_the_first_document(reader: Reader, several: Path) -> None:
    for fragment in ("#/99", "#/0", "#x", "#/1e3"):
        reader.open(several, fragment)
        assert "بایدن" in reader.one("h1").text


def test_a_long_list_is_made_as_it_is_read(
    reader: Reader, annotated: list[Any], tmp_path: Path
) -> None:
    reader.open(write(tmp_path, *(annotated[1:] * 100)))
    assert 0 < len(reader.all("#list a")) < 300
    for _ in range(2):
        made = len(reader.all("#list a"))
        reader.js("document.querySelector('#list').lastElementChild.scrollIntoView()")
        reader.until(lambda made=made: len(reader.all("#list a")) > made)
    assert len(reader.all("#list a")) == 300


def test_speakers_stand_in_the_margin(reader: Reader, one: Path) -> None:
    reader.open(one)
    note = reader.one(".speaker")
    assert "جو بایدن" in note.text
    text = reader.js("document.querySelector('.speaker').parentElement.getBoundingClientRect().x")
    assert note.rect["x"] + note.rect["width"] <= text + 1


def test_what_is_no_part_of_the_article_is_dim(reader: Reader, one: Path) -> None:
    reader.open(one)
    colour = "getComputedStyle(document.querySelector('{}')).color"
    assert reader.js(colour.format(".boilerplate")) != reader.js(colour.format(".body"))
    assert len(reader.all(".repeat")) == 2


def test_dark_where_the_reader_wants_it_dark(reader: Reader, one: Path) -> None:
    reader.open(one)
    light = reader.js("getComputedStyle(document.body).backgroundColor")
    reader.emulate(features=[{"name": "prefers-color-scheme", "value": "dark"}])
    dark = reader.js("getComputedStyle(document.body).backgroundColor")
    assert sum(map(int, dark[4:-1].split(","))) < 150 < sum(map(int, light[4:-1].split(",")))
    assert reader.js("getComputedStyle(document.querySelector('mark.PER')).backgroundColor") != (
        reader.js("getComputedStyle(document.querySelector('mark.LOC')).backgroundColor")
    )


def test_types_are_told_by_words_and_not_by_colour_alone(reader: Reader, one: Path) -> None:
    reader.open(one)
    label = "getComputedStyle(document.querySelector('mark.{}'), '::after').content"
    assert "شخص" in reader.js(label.format("PER"))
    assert "مکان" in reader.js(label.format("LOC"))
    # a half-space before it: else the last letter of the name would join to the label
    assert Z in reader.js(label.format("LOC"))


@pytest.mark.parametrize("width", [320, 390, 768, 1300])
def test_nothing_sticks_out_sideways(reader: Reader, several: Path, width: int) -> None:
    reader.wide(width)
    reader.open(several)
    assert reader.js("document.documentElement.scrollWidth") <= width
    reader.all("#text mark")[3].click()
    rect = reader.one("#card").rect
    assert rect["x"] >= 0
    assert rect["x"] + rect["width"] <= width
    assert reader.js("document.documentElement.scrollWidth") <= width


def test_print_leaves_the_controls_out(reader: Reader, several: Path) -> None:
    reader.open(several)
    reader.emulate(media="print")
    assert not reader.one(".bar").is_displayed()
    assert not reader.one("#documents").is_displayed()
    assert reader.one("#names").is_displayed()
    assert reader.js("parseFloat(getComputedStyle(document.querySelector('mark'))"
                     ".borderTopWidth)") >= 1  # fmt: skip
    printed = reader.driver.execute_cdp_cmd("Page.printToPDF", {"printBackground": True})
    assert base64.b64decode(printed["data"]).startswith(b"%PDF")


def requests(reader: Reader) -> list[str]:
    """Addresses that the page asked for."""
    messages = [json.loads(each["message"])["message"] for each in
                reader.driver.get_log("performance")]  # fmt: skip
    return [
        each["params"]["request"]["url"]
        for each in messages
        if each["method"] == "Network.requestWillBeSent"
    ]


def test_the_page_asks_nobody_for_anything(reader: Reader, several: Path) -> None:
    reader.open(several)
    reader.press("/", "باکو", Keys.ENTER)
    reader.all("#text mark")[0].click()
    assert requests(reader) == [several.as_uri()]
    assert reader.driver.get_log("browser") == []


def test_a_hostile_document_can_do_nothing(reader: Reader, attacked: Path) -> None:
    reader.open(attacked)
    reader.press("/", "سلام", Keys.ENTER, Keys.ESCAPE)
    reader.all("#list a")[1].click()
    for mark in reader.all("#text mark"):
        reader.js("arguments[0].click()", mark)
        assert ATTACK in reader.one("#card").text
        assert not reader.all("#card a")
    for button in reader.all("#names button"):
        reader.js("arguments[0].click()", button)
    assert reader.js("typeof window.pwned") == "undefined"
    assert requests(reader) == [attacked.as_uri()]
    assert reader.driver.get_log("browser") == []  # a script that the policy stops is told here
    for selector in ("#text", "#card", "#names", "#list"):
        assert not reader.all(f"{selector} :is(img, script, b)")
    with pytest.raises(NoAlertPresentException):
        reader.driver.switch_to.alert  # noqa: B018 (asking is the test)


def test_the_policy_stops_what_would_get_in_all_the_same(
    reader: Reader, one: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.html"
    page = one.read_text(encoding="utf-8")
    marks = (
        "<script>window.pwned = 1</script><script src='pwned.js'></script>"
        "<b id=b onclick='window.pwned = 2'>b</b><img src='x.png' onerror='window.pwned = 3'>"
        "<style>h1 { display: none }</style><iframe src='x.html'></iframe>"
    )
    broken.write_text(page.replace("<main", f"{marks}<main"), encoding="utf-8")
    reader.open(broken)
    reader.js("document.getElementById('b').click()")
    assert reader.js("typeof window.pwned") == "undefined"
    assert reader.one("h1").is_displayed()
    stopped = [each["message"] for each in reader.driver.get_log("browser")]
    for directive in ("script-src", "style-src", "default-src"):
        assert any(directive in message for message in stopped)


def test_overrides_are_shown_and_turn_nothing(reader: Reader, attacked: Path) -> None:
    reader.open(attacked)
    assert SPOOF not in reader.js("document.body.innerText")
    assert SPOOF not in reader.driver.title
    assert reader.js("document.querySelector('h1 .control').textContent") == "U+202E"
    (button, *_) = reader.all("#names button")
    assert "U+202E" in button.text
    assert button.text.endswith("بار")
    name, times = (
        button.find_element("css selector", ".cell"),
        button.find_element("css selector", ".times"),
    )
    assert times.rect["x"] < name.rect["x"]
