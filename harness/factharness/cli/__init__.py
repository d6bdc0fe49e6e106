"""The command line of factharness.

``COMMANDS`` is the table of commands; the module of a command is imported when the command is called. The
modules ``gold_*`` have the commands of ``gold``. ``options`` and ``run_argument`` have options and arguments of
several commands; ``output``, ``pages``, ``streams`` and ``tables`` print, and ``signals`` lets SIGTERM end a
command as Ctrl-C does. ``gate`` has ``check`` and ``bless``, each other module the command of its name.
"""

from __future__ import annotations

import importlib
import os
import sys
import traceback
from contextlib import nullcontext, suppress
from typing import Any, NoReturn

import click

from factharness import __version__
from factharness.backends.printed import escaped
from factharness.cli import streams
from factharness.cli.signals import terminable, was_terminated
from factharness.errors import BackendError, HarnessError, nearest
from factharness.escape import brief

BUG, INTERRUPTED, TERMINATED = 70, 130, 143

COMPLETING = "_FACTHARNESS_COMPLETE"
"""The variable by which a shell asks click to complete a word."""

COMMANDS = {
    "backends": ("factharness.cli.backends:backends", "List, show and check back ends."),
    "bless": ("factharness.cli.gate:bless", "Make a run the baseline of its suite."),
    "cache": ("factharness.cli.cache:cache", "Look at what is kept of earlier work, or remove it."),
    "check": ("factharness.cli.gate:check", "Check a run against its suite's gate."),
    "combine": ("factharness.cli.combine:combine", "Combine the shards of a run into one run."),
    "comment": ("factharness.cli.comment:comment", "Put a check's comment on its pull request."),
    "compare": ("factharness.cli.compare:compare", "Compare two runs, or two back ends."),
    "env": ("factharness.cli.env:env", "Print versions, model digests and hardware."),
    "extract": ("factharness.cli.extract:extract", "Extract facts from articles without gold."),
    "gold": ("factharness.cli.gold:gold", "Make, check, attach and compare gold files."),
    "history": ("factharness.cli.history:history", "Print how scores changed over runs."),
    "init": ("factharness.cli.init:init", "Make a repository with gold, a suite and a gate."),
    "label": ("factharness.cli.label:label", "Label articles in the browser, by keyboard."),
    "mistakes": (
        "factharness.cli.mistakes:mistakes",
        "List what back ends got wrong, fact by fact.",
    ),
    "report": ("factharness.cli.report:report", "Print the tables of stored runs again."),
    "run": ("factharness.cli.run:run", "Run back ends on gold sets and print the table."),
    "score": ("factharness.cli.score:score", "Score a stored run, or two files."),
}


class LazyGroup(click.Group):
    """A click group that knows the names of all commands and imports only the one that is called."""

    def make_context(self, *args: Any, **more: Any) -> click.Context:
        """Like click's own, but a closed pipe raises :class:`factharness.cli.streams.ClosedPipe`."""
        with streams.telling_closed_pipes():
            return super().make_context(*args, **more)

    def invoke(self, ctx: click.Context) -> Any:
        """Like click's own, but a closed pipe raises :class:`factharness.cli.streams.ClosedPipe`."""
        with streams.telling_closed_pipes():
            return super().invoke(ctx)

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """The names, sorted."""
        return sorted(COMMANDS)

    def get_command(self, _ctx: click.Context, name: str) -> click.Command | None:
        """The command of that name; this imports its module. None for an unknown name."""
        if name not in COMMANDS:
            return None
        module, attribute = COMMANDS[name][0].split(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Like click's own, but the error for an unknown command names the nearest one."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            close = nearest(args[0], COMMANDS)
            if close is None:
                raise
            raise click.UsageError(f"{error.message} Did you mean {close!r}?", ctx) from error

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands from the table, so that ``--help`` imports no command."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][1]) for name in sorted(COMMANDS)])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="factharness")
def app() -> None:
    """Score fact extractors on hand-labelled French news: entities, dates and quotes."""


def main(args: list[str] | None = None) -> NoReturn:
    """Run the command line and exit with 0, 1, 2, 3, 4, 70, 130, 141 or 143 (docs/suites.md says when)."""
    streams.prepare()
    # A shell reads the completions of a word as bytes: nothing in them may be escaped for a terminal.
    with nullcontext() if COMPLETING in os.environ else escaped():
        code = _run(args)
    streams.abandon()
    sys.exit(code)


def _run(args: list[str] | None) -> int:
    """Run the command and return the exit code; an error is printed first."""
    try:
        with terminable():
            code = app.main(args=args, prog_name="factharness", standalone_mode=False)
    except HarnessError as error:
        shown = brief(str(error)) if isinstance(error, BackendError) else error
        streams.complain(f"factharness: {shown}")
        return error.exit_code
    except click.ClickException as error:
        with suppress(OSError):
            error.show()
        return HarnessError.exit_code
    except (click.Abort, KeyboardInterrupt) as error:
        terminated = was_terminated(error)
        streams.complain(f"factharness: {'terminated' if terminated else 'interrupted'}")
        return TERMINATED if terminated else INTERRUPTED
    except streams.ClosedPipe:
        return streams.CLOSED_PIPE
    except OSError as error:
        streams.complain(f"factharness: {_system_error(error)}")
        return HarnessError.exit_code
    except UnicodeEncodeError as error:  # a lone surrogate, which UTF-8 cannot encode
        streams.complain(f"factharness: {_not_unicode(error)}")
        return HarnessError.exit_code
    except Exception:
        streams.complain(
            f"{traceback.format_exc()}factharness: this is a bug; please report it with the lines above"
        )
        return BUG
    return code if isinstance(code, int) else 0


def _system_error(error: OSError) -> HarnessError:
    """The error to print for a full disk, a name that is too long or a missing permission: not a bug."""
    what = error.strerror or str(error) or type(error).__name__
    if error.filename is None:
        return HarnessError(f"cannot write: {what}", remedy="free some space, or write elsewhere")
    return HarnessError(what, file=error.filename, remedy="check the path and its permissions")


def _not_unicode(error: UnicodeEncodeError) -> HarnessError:
    return HarnessError(
        f"{error.object[:200]!r} is not Unicode, as all that is recorded has to be",
        remedy="if it is the name of a file or folder, rename it",
    )
