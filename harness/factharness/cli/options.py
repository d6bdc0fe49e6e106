"""Kinds of values that several commands take."""

from __future__ import annotations

import click


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
