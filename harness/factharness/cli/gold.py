"""``factharness gold``: the table of its commands, which are in the modules ``gold_*``.

They read options and print; :mod:`factharness.gold`, :mod:`factharness.agreement` and
:mod:`factharness.convert` do the work.
"""

from __future__ import annotations

import click

from factharness.cli import (
    gold_compare,
    gold_confirm,
    gold_convert,
    gold_files,
    gold_make,
    gold_new,
    gold_plan,
    gold_suggest,
)


@click.group()
def gold() -> None:
    """Make, check, attach and compare gold files."""


for command in (
    gold_new.new,
    gold_confirm.confirm,
    gold_make.show,
    gold_make.stats,
    gold_suggest.suggest,
    gold_plan.plan,
    gold_files.check,
    gold_files.fmt,
    gold_files.attach,
    gold_files.withhold,
    gold_files.fetch,
    gold_compare.agree,
    gold_compare.adjudicate,
    gold_convert.import_,
    gold_convert.export,
):
    gold.add_command(command)
