"""The command line. Each command is a module here; heavy imports stand in the commands' bodies.

Exit status: 0 fine, 1 some inputs failed, 2 bad input or usage, 130 interrupted, 141 closed pipe.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module

import click

from pnews.errors import PnewsError

COMMANDS = (
    "annotate",
    "normalize",
    "tokenize",
    "entities",
    "resolve",
    "article",
    "batch",
    "cluster",
    "view",
    "stats",
    "evaluate",
    "schema",
)


class Commands(click.Group):
    """Loads a command's module when the command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"pnews.cli.{cmd_name}").command
        return command

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; a closed pipe ends it quietly, as it does other Unix tools."""
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise click.exceptions.Exit(141) from None
        return result


def _print_versions(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if not wanted or ctx.resilient_parsing:
        return
    from pnews.cli.versions import versions

    click.echo(versions())
    ctx.exit()


@click.command(
    "pnews",
    cls=Commands,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Documentation and recipes: README.md. Shell completion: "
    'eval "$(_PNEWS_COMPLETE=bash_source pnews)" (or zsh_source, fish_source).',
)
@click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_print_versions,
    help="Print the versions of pnews and its engines.",
)
def cli() -> None:
    """Persian news text to clean text, sentences, tokens and named entities, as JSON.

    \b
    pnews annotate file.txt | jq '.entities[] | .normalized'
    pnews batch articles/ -o out.jsonl
    """


def main() -> None:
    """Run the command line; every expected error becomes one line and a status."""
    try:
        status = cli.main(prog_name="pnews", standalone_mode=False)
    except PnewsError as error:
        status = _complain(f"pnews: {error}", 2)
    except click.UsageError as error:
        where = error.ctx.command_path if error.ctx else "pnews"
        status = _complain(f"{where}: {error.format_message()} See: {where} --help", 2)
    except (KeyboardInterrupt, click.Abort):
        status = 130
    sys.exit(status)


def _complain(message: str, status: int) -> int:
    print(" ".join(message.split("\n")), file=sys.stderr)
    return status
