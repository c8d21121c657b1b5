"""Writes the pages that are made from the code: the commands, and the JSON contract.

usage: python docs/generate.py

`tests/test_docs.py` fails where a page isn't what this gives.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from inspect import cleandoc
from pathlib import Path
from typing import Any

import click

from pnews.cli import cli
from pnews.formats.json import schema

HERE = Path(__file__).parent

COMMANDS = """\
# Commands

What `pnews COMMAND --help` prints. Errors are one line on standard error; the exit status is 0, 1
when some inputs failed or `--check` found something, 2 for bad input, 130 for Ctrl-C, 141 for a
closed pipe.
"""

CONTRACT = """\
# The JSON contract, schema {number}

`annotate` writes a document as one JSON object, many as JSON Lines; every other command of the
chain reads and writes the same. `pnews schema` prints it as JSON Schema. Keys never change their
meaning within a schema number.

- Offsets are half-open, in Unicode code points: `start` and `end` in `text`, the text as read;
  `norm_start` and `norm_end` in `normalized`.
- The layer of a stage that hasn't run is absent; one that found nothing is `[]`.
- Fields of your own records are kept under `extra`.
"""


def pages() -> dict[str, str]:
    """Name -> text of each generated page."""
    return {"commands.md": commands(), "contract.md": contract()}


def commands() -> str:
    """A section for each command: what it does, how it is called, its options."""
    context = click.Context(cli, info_name="pnews")
    parts = [COMMANDS]
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        assert command is not None
        parts.append(_command(command, click.Context(command, context, info_name=name)))
    return "\n".join(parts)


def _command(command: click.Command, context: click.Context) -> str:
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    lines = [f"## {context.command_path}\n", f"```text\n{usage}\n```\n"]
    for paragraph in cleandoc(command.help or "").split("\n\n"):
        if paragraph.startswith("\b"):
            lines.append(f"```sh\n{paragraph[1:].strip()}\n```\n")
        else:
            lines.append(f"{paragraph}\n")
    options = [param for param in command.params if isinstance(param, click.Option)]
    records = [option.get_help_record(context) for option in options]
    lines += ["| option | |", "|---|---|"] if options else []
    lines += [
        f"| <code>{_cell(names)}</code> | {_cell(said)} |" for names, said in filter(None, records)
    ]
    return "\n".join([*lines, ""])


def _cell(text: str) -> str:
    """The text in a cell of a table; a bar in code is one to GitHub and to mkdocs only so."""
    return escape(" ".join(text.split()), quote=False).replace("|", "&#124;")


def contract() -> str:
    """A section for the document and for each struct in it."""
    made = schema()
    parts = [CONTRACT.format(number=made["properties"]["schema"]["const"])]
    parts.append(_struct("Document", made))
    parts += [_struct(name, found) for name, found in made["$defs"].items()]
    return "\n".join(parts)


def _struct(name: str, found: Mapping[str, Any]) -> str:
    lines = [f"## {name}\n", f"{found['description']}\n"]
    if found.get("type") == "array":
        kinds = ", ".join(_type(item) for item in found["prefixItems"])
        return "\n".join([*lines, f"An array of {len(found['prefixItems'])}: {kinds}.\n"])
    needed = set(found.get("required", ()))
    lines += ["| field | type | |", "|---|---|---|"]
    for field, kind in found["properties"].items():
        lines.append(f"| `{field}` | {_type(kind)} | {'' if field in needed else 'optional'} |")
    return "\n".join([*lines, ""])


def _type(kind: Mapping[str, Any]) -> str:
    """A JSON Schema type in words."""
    if "$ref" in kind:
        name = kind["$ref"].rsplit("/", 1)[-1]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in kind:
        return " or ".join(dict.fromkeys(_type(each) for each in kind["anyOf"]))
    if "enum" in kind:
        return ", ".join(f"`{value}`" for value in kind["enum"])
    if "const" in kind:
        return f"`{kind['const']}`"
    if kind.get("type") == "array" and "items" in kind:
        return f"array of {_type(kind['items'])}"
    if kind.get("type") == "object" and kind.get("additionalProperties"):
        values = kind["additionalProperties"]
        return f"object of {_type(values)}" if isinstance(values, dict) else "object"
    return str(kind.get("type", "anything"))


def main() -> None:
    """Write the pages beside this file."""
    for name, text in pages().items():
        (HERE / name).write_text(text, encoding="utf-8")
        print(HERE / name)


if __name__ == "__main__":
    main()
