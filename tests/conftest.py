"""What the tests share: the command line in this process, and the user's article."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import settings

# The same examples in every run, so that what passes today passes tomorrow; `make fuzz` looks
# for new ones.
settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("fuzz", max_examples=2000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))

ROOT = Path(__file__).parent.parent
SEED = ROOT / "seeds" / "000_796db081e6ec0fd9.txt"


class Result(NamedTuple):
    """What a command did."""

    status: int
    out: str
    err: str


Run = Callable[..., Result]


@pytest.fixture
def pnews(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Runs `pnews ARGS…` as the console script would, with bytes on standard input."""
    from pnews.cli import main

    def run(*args: object, stdin: bytes | str = b"") -> Result:
        raw = stdin.encode() if isinstance(stdin, str) else stdin
        monkeypatch.setattr(sys, "argv", ["pnews", *map(str, args)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
        with pytest.raises(SystemExit) as exit_:
            main()
        sys.stdout.flush()
        out, err = capfd.readouterr()
        return Result(int(exit_.value.code or 0), out, err)

    return run


@pytest.fixture(scope="session")
def seed_text() -> str:
    return SEED.read_text(encoding="utf-8")


SPOOF = "\u202e"  # right-to-left override
ATTACK = '</script><script>window.pwned=1</script><img src="//x.test/i" onerror="pwned=2">'


def hostile() -> dict[str, Any]:
    """A document of schema 1 in which everything that can hold a text holds an attack."""
    name = f"{SPOOF}باکو{ATTACK}"
    text = f"{name} گفت: «{ATTACK} سلام»\u2028<b>\u2067\x1b[31m"
    span = {"start": 0, "end": len(name), "norm_start": 0, "norm_end": len(name)}
    ids = {"wikidata": "javascript:pwned=3", "geonames": '1"onclick=pwned=4', ATTACK: ATTACK}
    return {
        "schema": 1, "id": f"{SPOOF}{ATTACK}", "text": text, "normalized": text, "edits": [],
        "meta": {"date": f'"><{ATTACK}'}, "extra": {ATTACK: ATTACK, "html": {"a": [ATTACK]}},
        "title": {"start": 0, "end": len(name)},
        "blocks": [{"kind": "title", "start": 0, "end": len(text), "repeats": None}],
        "sentences": [],
        "entities": [
            {"id": "e1", "type": "LOC", "text": name, "normalized": name, **span, "score": 1.0,
             "cluster": "c1", "value": ATTACK, "block": "title"}
        ],
        "clusters": [
            {"id": "c1", "type": "LOC", "name": name, "name_en": ATTACK, "ids": ids,
             "mentions": ["e1", "e99"], "place": {"country": ATTACK},
             "roles": [{"text": ATTACK, "start": len(name) + 1, "end": len(name) + 4}]}
        ],
        "quotations": [
            {"text": ATTACK, "start": len(name) + 7, "end": len(text), "speaker": "c1",
             "cue": ATTACK, "kind": "direct"}
        ],
        "sources": [{"cluster": "c9", "text": ATTACK, "cue": ATTACK, "start": 0, "end": 5}],
    }  # fmt: skip
