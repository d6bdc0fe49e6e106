"""Options and types of values that several commands share."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import click

from factharness.errors import OutputError

Command = TypeVar("Command", bound=Callable[..., Any])


class _Tracebacks(logging.Handler):
    """Prints log records on standard error, as it is when the record is logged and not when this is made."""

    def emit(self, record: logging.LogRecord) -> None:
        """Print a record, with its traceback."""
        click.echo(self.format(record), err=True)


def _debug(ctx: click.Context, _param: click.Parameter, asked: bool) -> None:
    """Print, until the command ends, what factharness logs about back ends."""
    if not asked or ctx.resilient_parsing:
        return
    log, handler = logging.getLogger("factharness"), _Tracebacks()
    level = log.level
    log.addHandler(handler)
    log.setLevel(logging.DEBUG)
    ctx.call_on_close(lambda: log.setLevel(level))
    ctx.call_on_close(lambda: log.removeHandler(handler))


class Replacing(click.Command):
    """A command whose ``--force -o DIR`` replaces a run.

    When the options cannot be read, the run in DIR is marked as outdated all the same: otherwise a ``check
    DIR`` that follows would judge yesterday's run as if it were today's.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Like click's own, but marks the run in DIR as outdated before a ``UsageError``."""
        given = list(args)
        try:
            return super().parse_args(ctx, args)
        except click.UsageError:
            folder = _folder(given)
            if "--force" in given and folder:
                from factharness.runs.folder import outdate

                with suppress(OutputError):
                    outdate(Path(folder))
            raise


def _folder(args: Sequence[str]) -> str:
    """The value of ``-o`` or ``--output`` among arguments; the empty text where there is none."""
    for option, value in itertools.pairwise((*args, "")):
        if option in ("-o", "--output"):
            return value
        if option.startswith("--output="):
            return option.partition("=")[2]
        if option.startswith("-o") and not option.startswith("--"):
            return option[2:]
    return ""


debug_option = click.option(
    "--debug",
    is_flag=True,
    expose_value=False,
    callback=_debug,
    help="Print the tracebacks of back ends.",
)

isolate_option = click.option(
    "--isolate",
    is_flag=True,
    help="Run the back end in a process of its own: a crash of it costs one article.",
)

all_articles_option = click.option(
    "--all-articles",
    is_flag=True,
    help="Put all articles of a large run into the page, not only those with the most mistakes.",
)

with_texts_option = click.option(
    "--with-texts",
    is_flag=True,
    help="Put texts that may not be passed on into the page, too.",
)


class ErrorBudget(click.ParamType[tuple[float, bool]]):
    """``N`` or ``P%``: how many articles may fail, as (number, whether it is a percentage)."""

    name = "N|P%"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[float, bool]:
        """The number, and whether it is per cent."""
        text = str(value)
        share = text.endswith("%")
        try:
            number = float(text.removesuffix("%")) if share else int(text)
        except ValueError:
            number = -1
        if number < 0 or (share and number > 100):
            self.fail(
                f"{value!r} is neither a number of articles nor a share such as 5%", param, ctx
            )
        return number, share


class Shard(click.ParamType[tuple[int, int]]):
    """``K/N``: the K-th of N parts."""

    name = "K/N"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, int]:
        """The pair (K, N). Fails unless 1 <= K <= N."""
        part, slash, parts = str(value).partition("/")
        if not (slash and part.isdigit() and parts.isdigit() and 1 <= int(part) <= int(parts)):
            self.fail(f"{value!r} is not K/N with 1 <= K <= N", param, ctx)
        return int(part), int(parts)


class Seconds(click.ParamType[float]):
    """A time limit: more than 0 and at most a week; the timers of some systems overflow not far above it."""

    name = "SECONDS"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """The number."""
        try:
            seconds = float(str(value))
        except ValueError:
            seconds = 0
        if not 0 < seconds <= 7 * 86_400:
            self.fail(f"{value!r} is not a number of seconds above 0 and up to a week", param, ctx)
        return seconds
