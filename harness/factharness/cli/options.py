"""Options and types of values that several commands share."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])


class _Tracebacks(logging.Handler):
    """Prints the log on what is standard error when a record is logged."""

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


def debug_option(command: Command) -> Command:
    """Add the option ``--debug`` to a command that runs back ends."""
    option = click.option(
        "--debug",
        is_flag=True,
        expose_value=False,
        callback=_debug,
        help="Print the tracebacks of back ends.",
    )
    return option(command)


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
        """The pair. Fails unless 1 <= K <= N."""
        part, slash, parts = str(value).partition("/")
        if not (slash and part.isdigit() and parts.isdigit() and 1 <= int(part) <= int(parts)):
            self.fail(f"{value!r} is not K/N with 1 <= K <= N", param, ctx)
        return int(part), int(parts)


class Seconds(click.ParamType[float]):
    """A time limit: more than 0 and at most a week; timers of some systems overflow at little more."""

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
