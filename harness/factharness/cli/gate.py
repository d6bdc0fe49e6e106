"""``factharness check`` and ``factharness bless``: a run against its gate, and a new baseline."""

from __future__ import annotations

import os
from pathlib import Path

import click

from factharness.errors import Inconclusive

RUN = click.argument("run", type=click.Path(path_type=Path))


@click.command()
@RUN
@click.option(
    "--baseline", type=click.Path(path_type=Path), metavar="FILE", help="Instead of the suite's."
)
@click.option(
    "--allow-missing-baseline", is_flag=True, help="Without one, leave out rules that need it."
)
@click.option(
    "--rule", "rules", multiple=True, metavar="EXPR", help="Instead of the suite's rules."
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
    "--github", is_flag=True, help="Write annotations and the step summary of GitHub Actions."
)
def check(
    run: Path,
    baseline: Path | None,
    allow_missing_baseline: bool,
    rules: tuple[str, ...],
    junit: Path | None,
    badge: Path | None,
    github: bool,
) -> int:
    """Judge the run in directory RUN by the gate of its suite.

    Exit codes: 0 every rule holds; 1 a rule failed; 2 a rule cannot be read; 3 nothing was scored; 4 the
    baseline is missing, or must not be compared with the run.
    """
    from factharness.gate import baseline as baselines
    from factharness.gate.judge import judge, needs_baseline
    from factharness.gold.files import write_text
    from factharness.report import gate as report
    from factharness.run.record import load

    loaded = load(run)
    if not any(on_set.articles for on_set in loaded.scores.backends):
        raise Inconclusive("nothing was scored in this run", file=run, remedy="see its errors")
    chosen = rules or loaded.manifest.gate.rules
    place = baseline or baselines.place(loaded)
    if place.exists() or (any(map(needs_baseline, chosen)) and not allow_missing_baseline):
        known = baselines.read(place)
    else:
        known = None
        chosen = tuple(rule for rule in chosen if not needs_baseline(rule))
    verdict = judge(loaded, chosen, known)
    if junit is not None:
        write_text(junit, report.junit([loaded], verdict))
    if badge is not None:
        write_text(badge, report.badge(loaded, verdict))
    if github:
        click.echo(
            report.github_annotations(verdict, os.environ.get("GITHUB_WORKSPACE", "")), nl=False
        )
        summary = os.environ.get("GITHUB_STEP_SUMMARY")
        if summary:
            with open(summary, "a", encoding="utf-8") as file:
                file.write(report.step_summary(loaded, verdict))
    click.echo(report.text(verdict))
    return verdict.exit_code


@click.command()
@RUN
@click.option(
    "--reason", required=True, metavar="TEXT", help="Why the numbers may be what they are now."
)
@click.option(
    "--to", type=click.Path(path_type=Path), metavar="FILE", help="Instead of the suite's baseline."
)
def bless(run: Path, reason: str, to: Path | None) -> None:
    """Make the run in directory RUN the baseline of its suite."""
    from factharness.gate import baseline as baselines
    from factharness.run.record import load

    if not reason.strip():
        raise click.UsageError("--reason is empty; say why the numbers may be what they are now")
    loaded = load(run)
    if not any(on_set.articles for on_set in loaded.scores.backends):
        raise Inconclusive("nothing was scored in this run", file=run, remedy="bless another")
    place = to or baselines.place(loaded)
    baselines.save(baselines.of(loaded, reason), place)
    click.echo(f"{place} is now the baseline of suite {loaded.manifest.suite}")
