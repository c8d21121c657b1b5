"""Where training keeps what is not shipped: `$PNEWS_CHECKPOINTS`, by default `checkpoints/`."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
CHECKPOINTS = Path(os.environ.get("PNEWS_CHECKPOINTS", ROOT / "checkpoints"))
RESULTS = ROOT / "training/results"


def path(name: str) -> Path:
    """A file among the checkpoints, its folder made."""
    target = CHECKPOINTS / name
    target.parent.mkdir(parents=True, exist_ok=True)
    return target


def keep_figures(name: str, figures: dict[str, Any]) -> None:
    """Print the figures of a step and keep them in `training/results/NAME.json`."""
    text = json.dumps(figures, ensure_ascii=False, indent=1)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    print(text, flush=True)
