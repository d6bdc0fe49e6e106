"""``factharness comment``: puts what ``check --comment`` has written on the pull request."""

from __future__ import annotations

import os
from pathlib import Path

import click


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--number",
    type=click.IntRange(1),
    metavar="N",
    help="The pull request, where the variables of the job do not say it.",
)
def comment(file: Path, number: int | None) -> None:
    """Put the comment in FILE on the pull request of this job, in place of its earlier one.

    `check --comment FILE` writes FILE. The pull request is known from the variables that the jobs of GitHub and
    GitLab have; the token is in GITHUB_TOKEN or GITLAB_TOKEN. Where the job may not write there, as a job for a
    fork, the command says so and exits with 0.
    """
    from factharness.ci.comments import keep_one
    from factharness.ci.hosts import NotAllowed, host
    from factharness.errors import HarnessError
    from factharness.files import read_text
    from factharness.report.comment import MARK

    text = read_text(file)
    if not text.startswith(MARK):
        raise HarnessError(
            "is no comment of a check",
            file=file,
            remedy="write one with `check RUN --comment FILE`",
        )
    try:
        click.echo(keep_one(host(os.environ, number), text))
    except NotAllowed as reason:
        click.echo(f"no comment is written: {reason}", err=True)
