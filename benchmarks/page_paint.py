"""How soon a page of many documents can be read, in headless Chromium.

    python benchmarks/page_paint.py [--documents 500] [FILE.txt | FILE.jsonl]…

Takes the documents of the files (the project's own examples where none is named), in turn, until
there are enough, and prints a table: the page's size, seconds to write it, milliseconds to first
paint, to the end of the script and for a first search through all texts. Median of five loads.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from collections.abc import Sequence
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from typing import Any

import msgspec

from pnews.document import Document
from pnews.formats.page import write_page
from pnews.formats.read import read
from pnews.pipeline import Pipeline

ROOT = Path(__file__).parent.parent
OWN = [*sorted(ROOT.glob("seeds/*.txt")), *sorted(ROOT.glob("examples/articles/*.txt"))]
LOADS = 5
FLAGS = ("headless=new", "no-sandbox", "disable-gpu", "no-first-run", "disable-sync",
         "disable-background-networking", "disable-component-update")  # fmt: skip

TIMES = """
const paint = performance.getEntriesByName("first-contentful-paint")[0].startTime;
const load = performance.getEntriesByType("navigation")[0].domContentLoadedEventEnd;
const box = document.getElementById("search");
box.value = "علیاف";
const start = performance.now();
box.dispatchEvent(new Event("input"));
return [paint, load, performance.now() - start];
"""


def documents(names: Sequence[str], count: int) -> list[Document]:
    """So many documents, each with an id of its own."""
    found = [
        document if document.has("blocks") else next(Pipeline()([document]))
        for document in read(names)
    ]
    return [
        msgspec.structs.replace(document, id=f"{number:05}-{document.id}")
        for number, document in enumerate(islice(cycle(found), count))
    ]


def browser(profile: str) -> Any:
    """A browser with nothing in its memory."""
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or ""
    for flag in FLAGS:
        options.add_argument(f"--{flag}")
    options.add_argument(f"--user-data-dir={profile}")
    return webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--documents", type=int, default=500)
    parser.add_argument("files", nargs="*", default=list(map(str, OWN)))
    given = parser.parse_args()
    several = documents(given.files, given.documents)
    characters = sum(len(document.text) for document in several)
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        start = time.perf_counter()
        with page.open("wb") as stream:
            write_page(several, stream)
        written = time.perf_counter() - start
        driver = browser(f"{folder}/profile")
        loads = []
        try:
            for _ in range(LOADS):
                driver.get("about:blank")
                driver.get(page.as_uri())
                time.sleep(0.5)  # the entry of the paint comes a little after it
                loads.append(driver.execute_script(TIMES))
            version = driver.capabilities["browserVersion"]
        finally:
            driver.quit()
        size = page.stat().st_size
    paint, script, search = (median(each) for each in zip(*loads, strict=True))
    print(f"{len(several)} documents, {characters:,} characters; Chromium {version}\n")
    print("| page | written | first paint | script done | first search |\n|---|---|---|---|---|")
    print(f"| {size / 1e6:.1f} MB | {written:.2f} s | {paint:.0f} ms | {script:.0f} ms "
          f"| {search:.0f} ms |")  # fmt: skip


if __name__ == "__main__":
    main()
