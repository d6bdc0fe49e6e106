"""``factharness check`` applies the gate of a suite to a run; ``bless`` makes a run the baseline."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import click

from factharness.cli.output import counted, print_commands

RUN = click.argument("run", type=click.Path(path_type=Path))


@click.command()
@RUN
@click.option(
    "--baseline",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="Compare with this one, a file or the directory of another run, instead of the suite's.",
)
@click.option(
    "--allow-missing-baseline",
    is_flag=True,
    help="When there is no baseline, leave out the rules that need one.",
)
@click.option(
    "--rule",
    "rules",
    multiple=True,
    metavar="EXPR",
    help="Apply this rule instead of the suite's; repeatable.",
)
@click.option(
    "--junit", type=click.Path(path_type=Path), metavar="FILE", help="Write JUnit XML, too."
)
@click.option(
    "--badge",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the JSON of a badge, too.",
)
@click.option(
    "--comment",
    type=click.Path(path_type=Path),
    metavar="FILE.md",
    help="Write the comment of a pull request, too.",
)
@click.option(
    "--report-url",
    metavar="URL",
    help="The address of the run, for the comment (default: from the variables of GitHub and GitLab).",
)
@click.option(
    "--github", is_flag=True, help="Write annotations and the step summary of GitHub Actions."
)
def check(
    run: Path,
    baseline: Path | None,
    allow_missing_baseline: bool,
    rules: tuple[str, ...],
    junit: Path | None,
    badge: Path | None,
    comment: Path | None,
    report_url: str | None,
    github: bool,
) -> int:
    """Check the run in directory RUN against the gate of its suite.

    Exit codes, the first that applies: 2 there are no rules, or one cannot be read; 3 nothing was scored; 4 the
    baseline is missing or must not be compared with the run, or only a part of the suite was run; 1 a rule
    failed, or a back end or article of the baseline is missing; 0 every rule holds.
    """
    from factharness.ci.hosts import run_address, workspace
    from factharness.errors import HarnessError
    from factharness.files import write_text
    from factharness.gate.baseline import find
    from factharness.gate.judge import judge
    from factharness.report import comment as comments
    from factharness.report import gate as report
    from factharness.runs.directory import load
    from factharness.runs.folder import refuse_outdated
    from factharness.runs.texts import Texts

    link = run_address(os.environ) if report_url is None else report_url
    loaded = None
    try:
        refuse_outdated(run)
        loaded = load(run)
        verdict = judge(
            loaded,
            rules or loaded.manifest.gate.rules,
            find(loaded, baseline, optional=allow_missing_baseline),
            allow_missing_baseline=allow_missing_baseline,
        )
    except HarnessError as error:
        if github:
            print_commands(report.github_refusal(error))
            said = report.refusal_summary(error)
            _add_to_step_summary(lambda _room: said)
        if comment is not None and loaded is not None:
            write_text(comment, comments.refused(loaded.manifest.suite, error, link))
        raise
    if junit is not None:
        write_text(junit, report.junit([loaded], verdict))
    if badge is not None:
        write_text(badge, report.badge(loaded, verdict))
    if comment is not None:
        root = workspace(os.environ)
        made = comments.render(loaded, verdict, Texts(loaded), link=link, workspace=root)
        write_text(comment, made)
    if github:
        print_commands(report.github_annotations(verdict, os.environ.get("GITHUB_WORKSPACE", "")))
        _add_to_step_summary(lambda room: report.step_summary(loaded, verdict, room))
    click.echo(report.text(verdict))
    unjudged = ("\n".join(result.failures) for result in verdict.results if result.code > 1)
    for reason in dict.fromkeys(unjudged):
        click.echo(f"factharness: {reason}", err=True)
    return verdict.exit_code


def _add_to_step_summary(text: Callable[[int], str]) -> None:
    """Add what ``text`` gives for the bytes that are left to the step summary of GitHub Actions."""
    from factharness.report.gate import SUMMARY_LIMIT

    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if not summary:
        return
    with open(summary, "ab") as file:  # append: earlier commands of the step may have written
        room = SUMMARY_LIMIT - file.tell()
        added = text(room).encode()
        fits = 0 < len(added) <= room
        file.write(added if fits else b"")
    if not fits:
        click.echo("the summary of this step is full; nothing was added to it", err=True)


@click.command()
@RUN
@click.option(
    "--reason", required=True, metavar="TEXT", help="Why the numbers may be what they are now."
)
@click.option(
    "--to",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write this file instead of the suite's baseline.",
)
def bless(run: Path, reason: str, to: Path | None) -> None:
    """Make the run in directory RUN the baseline of its suite.

    A baseline whose name ends in .gz is written compressed.

    Exit codes: 0 done; 3 nothing was scored in the run; 4 only a part of the suite was run.
    """
    from factharness.gate.baseline import COMPRESSED, of, place, save, too_large
    from factharness.gate.coverage import not_whole
    from factharness.runs.directory import load
    from factharness.runs.folder import refuse_outdated

    if not reason.strip():
        raise click.UsageError("--reason is empty; say why the numbers may be what they are now")
    refuse_outdated(run)
    loaded = load(run)
    problem = not_whole(loaded)
    if problem is not None:
        raise problem
    file = to or place(loaded)
    save(of(loaded, reason), file)
    for backend in loaded.manifest.backends:
        if backend.unavailable:
            click.echo(f"{backend.name} is not in it: {backend.unavailable}", err=True)
    for on_set in loaded.scores.backends:
        if on_set.errors:
            lost = f"{counted(len(on_set.errors), 'article')} of {on_set.goldset}"
            click.echo(f"{on_set.backend} has no numbers of {lost}: it failed on them", err=True)
    if too_large(file):
        size = f"{file.stat().st_size / 1e6:.0f} MB"
        smaller = f"named {file.name}{COMPRESSED} it would be compressed to a seventh"
        click.echo(f"{file} has {size}, too much to read in a diff; {smaller}", err=True)
    click.echo(f"{file} is now the baseline of suite {loaded.manifest.suite}")
