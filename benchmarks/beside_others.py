"""pnews beside hazm, parsivar, shekar, rishe and nets of known shapes: one run, one page.

    python benchmarks/beside_others.py SHARED/data --peers PYTHON [--write]

Prints Markdown: speed of normalising and tokenising, of entities on one thread and two, of the
whole chain; start, memory, disk; F1 as `floors.json` holds it. `--write` also puts it into
docs/benchmarks.md with a plot (docs/images/speed.svg, by matplotlib), and its summary into
README.md. What is measured is in the other files here; `PYTHON` has the peers installed.

An article is 1 KB (1,024 bytes) of text in UTF-8, the unit of slovnet's figures.
"""

from __future__ import annotations

import argparse
import datetime
import gzip
import io
import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import redirect_stdout
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import floors

ROOT = Path(__file__).parent.parent
TEMPLATE = Path(__file__).parent / "page.md"
PAGE, PLOT = ROOT / "docs/benchmarks.md", ROOT / "docs/images/speed.svg"
README = ROOT / "README.md"
BEGIN, END = "<!-- made by make bench -->\n", "<!-- /made by make bench -->\n"

ARTICLE = 1024
"""Bytes of an article."""
SLOVNET = 25.3
"""Articles a second that slovnet claims for its own entities, on its own machine."""
CHARACTERS = 3_000_000
"""Of Hamshahri's news that are read; systems in `SLOW` normalise a twentieth of it."""
MODELS = ("fast", "accurate")
SLOW = ("parsivar", "shekar")
STARTS = 3
"""Times that a process is timed for one line; the least counts."""
SHAPE = "shape"
"""In the names of nets with random weights."""
CRF_ROUNDS = 100
DOCUMENTS = 400
"""Articles of news that go through the whole chain."""
RUNS = 5


class Text(NamedTuple):
    """Speed over plain text: characters a second (None where that took no longer than a line),
    seconds to start, MB of memory at most.
    """

    rate: float | None
    start: float
    memory: int


class Tagger(NamedTuple):
    """Words a second on one thread and two (None where it knows only one), F1 on PEYMA's dev."""

    one: float
    two: float | None
    f1: float | None


class Chain(NamedTuple):
    """`pnews annotate` over news: what a second gives, at most how much memory."""

    articles: float
    characters: float
    memory: int


class Figures(NamedTuple):
    """All that a run measures."""

    head: str
    normalizing: dict[str, Text]
    tokenizing: dict[str, Text]
    disk: dict[str, tuple[int, int]]
    taggers: dict[str, Tagger]
    bytes_a_word: float
    chain: dict[str, Chain]
    start: dict[str, float]

    def articles(self, words: float) -> float:
        """Articles a second, of words a second."""
        return words * self.bytes_a_word / ARTICLE


def measured(data: Path, peers: str) -> Figures:
    """Everything, in turn; progress on standard error.

    The taggers come last: a process that is started counts what its parent holds as its own.
    """
    head = machine(peers)
    texts = news(data)
    steps: dict[str, Callable[[], Any]] = {
        "normalizing": lambda: text_speeds("normalize", texts, peers),
        "tokenizing": lambda: text_speeds("tokenize", texts, peers),
        "chain": lambda: {model: chain(texts, model) for model in MODELS},
        "start": starts,
        "disk": lambda: disk(peers),
        "bytes_a_word": lambda: bytes_a_word(data),
        "taggers": lambda: taggers(data),
    }
    found = {}
    for name, step in steps.items():
        print(f"{datetime.datetime.now():%H:%M:%S} {name}", file=sys.stderr)
        found[name] = step()
    return Figures(head=head, **found)


def machine(peers: str) -> str:
    """Day, processor, load, versions."""
    import half_spaces

    return (
        f"{datetime.date.today()}, {len(os.sched_getaffinity(0))} cores of {processor()}, load "
        f"{os.getloadavg()[0]:.1f} at the start; Python {platform.python_version()}, "
        f"onnxruntime {version('onnxruntime')}, {half_spaces.versions(peers)}"
    )


def processor() -> str:
    """The processor's own name where the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def news(data: Path) -> list[str]:
    """The first texts of Hamshahri, each on one line."""
    with gzip.open(data / "news/hamshahri.jsonl.gz", "rt", encoding="utf-8") as records:
        texts = (" ".join(json.loads(record)["text"].split()) for record in records)
        return first(texts, CHARACTERS)


def first(texts: Iterable[str], characters: int) -> list[str]:
    """The first texts, of so many characters together."""
    chosen, total = [], 0
    for text in texts:
        if total >= characters:
            break
        chosen.append(text)
        total += len(text)
    return chosen


def text_speeds(what: str, texts: Sequence[str], peers: str) -> dict[str, Text]:
    """Of whole processes, less what each takes for one line."""
    found = {}
    for name, command in text_commands(what, peers).items():
        slow = what == "normalize" and name in SLOW
        lines = first(texts, CHARACTERS // (20 if slow else 1))
        found[name] = text_speed(command, lines)
    return found


def text_commands(what: str, peers: str) -> dict[str, list[str]]:
    """Name -> a command that works line by line."""
    import half_spaces

    script = str(half_spaces.HERE / "peers.py")
    if what == "normalize":
        return half_spaces.commands(peers)
    own = {"pnews": [sys.executable, script, "pnews", what]}
    return own | {name: [peers, script, name, what] for name in half_spaces.PEERS}


def text_speed(command: Sequence[str], lines: Sequence[str]) -> Text:
    from half_spaces import timed

    text = "".join(f"{line}\n" for line in lines)
    start = min(timed(command, f"{lines[0]}\n")[0] for _ in range(STARTS))
    took, memory = timed(command, text)
    return Text(len(text) / (took - start) if took > start else None, start, memory)


def disk(peers: str) -> dict[str, tuple[int, int]]:
    """Bytes of each package, and with all that it needs."""
    from half_spaces import HERE, PEERS

    script = str(HERE / "peers.py")
    found: dict[str, tuple[int, int]] = {}
    for command in ([sys.executable, script, "sizes", "pnews"], [peers, script, "sizes", *PEERS]):
        made = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
        found |= {name: (own, whole) for name, (own, whole) in made.items()}
    return found


def taggers(data: Path) -> dict[str, Tagger]:
    """Speed of each in turns; F1 of pnews from the floors, of hazm's CRF measured here."""
    import tagger_speed

    from pnews.evaluate import read_table

    gold = read_table(data / "ner/peyma-dev.tsv")
    sentences = [words for words, _ in gold]
    crf = tagger_speed.hazm_crf(read_table(data / "ner/peyma-train.tsv"), CRF_ROUNDS)
    one = tagger_speed.rates(sentences, crf)
    two = tagger_speed.rates(sentences, None, threads=2)
    kept = floors.entries("tagger.")
    f1s = {f"pnews {model}": kept[f"{model}.peyma-dev.f1"]["measured"] for model in MODELS}
    f1s[tagger_speed.CRF] = crf_f1(crf(sentences), [labels for _, labels in gold])
    return {name: Tagger(rate, two.get(name), f1s.get(name)) for name, rate in one.items()}


def crf_f1(tagged: Sequence[Sequence[tuple[str, str]]], gold: Sequence[Sequence[str]]) -> float:
    """Strict F1 on the tokens of gold."""
    from pnews.entities.schemes import spans
    from pnews.evaluate import ALL, Placed, score

    def placed(sentences: Sequence[Sequence[str]]) -> Iterator[Placed]:
        for number, labels in enumerate(sentences):
            for span in spans(labels):
                yield Placed(str(number), *span)

    found = [[label for _, label in sentence] for sentence in tagged]
    types = sorted({span.type for span in placed(gold)})
    return score(placed(gold), placed(found), types=types)[ALL].f1


def bytes_a_word(data: Path) -> float:
    """Of PEYMA's dev set, on which the taggers are timed, a blank behind each word."""
    from pnews.evaluate import read_table

    words = [word for words, _ in read_table(data / "ner/peyma-dev.tsv") for word in words]
    return sum(len(word.encode()) + 1 for word in words) / len(words)


def chain(texts: Sequence[str], model: str) -> Chain:
    """`pnews annotate` in one process on the cores that it takes by itself."""
    from half_spaces import timed

    command = [sys.executable, "-c", "from pnews.cli import main; main()", "annotate", "-f"]
    command += ["jsonl", "--model", model]
    chosen = texts[: DOCUMENTS if model == "fast" else DOCUMENTS // 8]
    lines = [json.dumps({"text": text}, ensure_ascii=False) + "\n" for text in chosen]
    start, _ = timed(command, lines[0])
    took, memory = timed(command, "".join(lines))
    size = sum(len(text.encode()) for text in chosen) / ARTICLE
    return Chain(size / (took - start), sum(map(len, chosen)) / (took - start), memory)


def starts() -> dict[str, float]:
    """Median seconds of whole processes."""
    import cold_start

    return {name: median(times) for name, times in cold_start.measured(RUNS).items()}


def page(found: Figures) -> str:
    """The whole page, as `page.md` lays it out."""
    chains = [
        (model, f"{one.articles:,.0f}", f"{one.characters:,.0f}", one.memory)
        for model, one in found.chain.items()
    ]
    return TEMPLATE.read_text(encoding="utf-8").format(
        head=found.head,
        slovnet=SLOVNET,
        crf_rounds=CRF_ROUNDS,
        entities=table(
            ("", "articles/s, 1 thread", "2 threads", "words/s, 1 thread", "2 threads", "F1"),
            entity_rows(found),
        ),
        other_f1s=other_f1s(),
        chain=table(("model", "articles/s", "characters/s", "peak memory, MB"), chains),
        slow=" and ".join(SLOW),
        text=table(
            (
                "", "normalising, characters/s", "tokenising, characters/s", "start, s",
                "peak memory, MB", "disk, MB",
            ),
            text_rows(found),
        ),
        start=table(
            ("whole process", "seconds"),
            ((f"`{name}`", f"{seconds:.2f}") for name, seconds in found.start.items()),
        ),
    )  # fmt: skip


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Rows as Markdown."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def entity_rows(found: Figures) -> Iterator[list[str]]:
    for name, one in found.taggers.items():
        rates = [one.one, one.two]
        articles = [f"{found.articles(rate):,.1f}" if rate else "–" for rate in rates]
        words = [f"{rate:,.0f}" if rate else "–" for rate in rates]
        yield [name, *articles, *words, written_f1(name, one)]


def written_f1(name: str, one: Tagger) -> str:
    return f"{one.f1:.3f}" if one.f1 else "random weights" if SHAPE in name else "–"


def other_f1s() -> str:
    kept = floors.entries("tagger.")
    parts = []
    for key, name in (("gold-dev", "pnews's own ten types"), ("arman-dev", "ARMAN dev")):
        f1s = (kept[f"{model}.{key}.f1"]["measured"] for model in MODELS)
        parts.append(f"{name} {' / '.join(f'{f1:.3f}' for f1 in f1s)}")
    return "; ".join(parts)


def text_rows(found: Figures) -> Iterator[list[object]]:
    for name, one in found.normalizing.items():
        both = (each and each.rate for each in (one, found.tokenizing.get(name)))
        rates = [f"{rate:,.0f}" if rate else "–" for rate in both]
        taken = " / ".join(f"{size / 1e6:,.0f}" for size in found.disk.get(name, ()))
        yield [name, *rates, f"{one.start:.2f}", one.memory, taken]


def summary(found: Figures) -> str:
    """What README shows."""
    rows = (
        (name, f"{found.articles(one.one):,.1f}", f"{one.one:,.0f}", written_f1(name, one))
        for name, one in found.taggers.items()
    )
    heads = ("entities, one thread", "articles (1 KB)/s", "words/s", "F1, PEYMA dev")
    times = found.articles(found.taggers["pnews fast"].one) / SLOVNET
    whole = found.chain["fast"]
    return (
        f"{found.head} (`make bench`; [more](docs/benchmarks.md)).\n\n{table(heads, rows)}\n\n"
        f"`pnews fast` is {times:,.0f} times the {SLOVNET} articles/s that slovnet claims; the "
        f"whole `pnews annotate` does\n{whole.articles:,.0f} articles/s with {whole.memory} MB at "
        "most.\n"
    )


def between_marks(text: str, made: str) -> str:
    """The text with what stands between the marks made anew."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise SystemExit(f"{README}: no {BEGIN.strip()} … {END.strip()}; put them where it belongs")
    return f"{before}{BEGIN}{made}{END}{after}"


def plot(taggers: Mapping[str, tuple[float, float | None]]) -> str:
    """F1 against articles a second (name -> both) as SVG; a line where there is no F1."""
    import matplotlib
    from matplotlib.figure import Figure

    f1s = [f1 for _, f1 in taggers.values() if f1 is not None]
    lines = {f"{name}, speed alone": rate for name, (rate, _) in taggers.items() if SHAPE in name}
    lines["slovnet (Russian), as it claims"] = SLOVNET
    style: Any = {"svg.fonttype": "none", "svg.hashsalt": "pnews", "font.size": 11}
    with matplotlib.rc_context(style):
        figure = Figure(figsize=(8, 4.4), layout="constrained")
        axes = figure.subplots()
        for number, (name, rate) in enumerate(sorted(lines.items(), key=lambda line: line[1])):
            axes.axvline(rate, color="#767676", linestyle="--", linewidth=1)
            side = "left" if number else "right"  # the slowest two may touch
            axes.text(
                rate, 0.02, f" {name} ", rotation=90, va="bottom", ha=side, color="#595959",
                size=9, transform=axes.get_xaxis_transform(),
            )  # fmt: skip
        for name, (rate, f1) in taggers.items():
            if f1 is not None:
                colour = "#0072B2" if name.startswith("pnews") else "#D55E00"
                axes.plot(rate, f1, "o", color=colour, markersize=9)
                axes.annotate(name, (rate, f1), (0, 9), textcoords="offset points", ha="center")
        axes.set_xscale("log")
        axes.margins(x=0.2)
        axes.xaxis.set_major_formatter("{x:,g}")
        axes.set_ylim(min(f1s) - 0.06, max(f1s) + 0.04)
        axes.set_xlabel("articles (1 KB) a second, one thread")
        axes.set_ylabel("F1, PEYMA dev")
        axes.spines[["top", "right"]].set_visible(False)
        axes.grid(color="#e5e5e5", linewidth=0.6)
        axes.set_axisbelow(True)
        text = io.StringIO()
        figure.savefig(text, format="svg", metadata={"Date": None, "Creator": None})
    return text.getvalue()


def write(found: Figures) -> None:
    """The page, the plot, README's summary."""
    PLOT.parent.mkdir(exist_ok=True)
    rates = {name: (found.articles(one.one), one.f1) for name, one in found.taggers.items()}
    PLOT.write_text(plot(rates), encoding="utf-8")
    PAGE.write_text(page(found), encoding="utf-8")
    readme = README.read_text(encoding="utf-8")
    README.write_text(between_marks(readme, summary(found)), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--peers", metavar="PYTHON", required=True, help="one that has the peers")
    parser.add_argument("--write", action="store_true", help="into docs and README too")
    options = parser.parse_args()
    with redirect_stdout(sys.stderr):
        found = measured(options.data, options.peers)
    if options.write:
        write(found)
    print(page(found), end="")


if __name__ == "__main__":
    main()
