"""``gold check`` and ``fmt``: gold files. ``gold withhold``, ``attach`` and ``fetch``: their texts."""

from __future__ import annotations

import os
from pathlib import Path

import click

from factharness.cli.output import counted, print_commands


class _GoldPath(click.Path):
    """A path that exists, or the name of a gold set, which is looked up as in ``run --gold NAME``.

    For commands that only read, as the name may be that of a set that comes with factharness.
    """

    def convert(
        self,
        value: str | os.PathLike[str],
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> str | bytes | os.PathLike[str]:
        """The path. Raises ``SuiteError``, with the nearest name, for a name that no set has."""
        from factharness.resources import find

        name = os.fspath(value)
        if not os.path.exists(name) and Path(name).name == name and not name.endswith(".gold"):
            value = find("goldsets", name)
        return super().convert(value, param, ctx)


GOLD_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
ANY_PATH = click.Path(exists=True, path_type=Path)
READ_PATH = _GoldPath(exists=True, path_type=Path)


def default_paths(paths: tuple[Path, ...]) -> tuple[Path, ...]:
    """The paths that the user gave, else the gold sets of the working directory."""
    if paths:
        return paths
    home = Path("goldsets")
    return (home if home.is_dir() else Path("."),)


@click.command()
@click.argument("paths", nargs=-1, type=READ_PATH)
@click.option("--github", is_flag=True, help="Print annotations for a pull request.")
@click.option("--strict", is_flag=True, help="Fail on warnings too.")
@click.option(
    "--all", "every", is_flag=True, help="Print a problem that several lines have for each of them."
)
@click.option(
    "--sarif", type=click.Path(path_type=Path), metavar="FILE", help="Write them as SARIF, too."
)
def check(
    paths: tuple[Path, ...], github: bool, strict: bool, every: bool, sarif: Path | None
) -> int:
    """Check gold files and sets.

    PATHS are files, sets (by path or name), or folders of sets (default: goldsets).

    What is wrong in the same way on several lines of a file is printed once, with these lines. How many files
    were checked is said at the end, on standard error. Exit codes: 0 nothing is wrong; 2 something is.
    """
    from factharness.gold.grouping import annotated, grouped, summary
    from factharness.gold.problems import check_paths, gold_paths

    wanted = default_paths(paths)
    problems = list(check_paths(wanted))
    if sarif is not None:
        from factharness.files import write_text
        from factharness.report.sarif import render

        write_text(sarif, render(problems))
    if github:
        for group in annotated(problems):
            print_commands(f"{group.github()}\n")
    else:
        for told in problems if every else grouped(problems):
            click.echo(told)
    click.echo(summary(problems, sum(1 for _ in gold_paths(wanted))), err=True)
    return 2 if any(strict or problem.level == "error" for problem in problems) else 0


@click.command()
@click.argument("paths", nargs=-1, type=ANY_PATH)
@click.option(
    "--check", "only_check", is_flag=True, help="Change nothing; exit 2 if a file would change."
)
@click.option("--rehash", is_flag=True, help="Accept the text as it is: write its sha256.")
def fmt(paths: tuple[Path, ...], only_check: bool, rehash: bool) -> int:
    """Rewrite gold files in canonical form.

    PATHS are files, sets, or folders of sets (default: goldsets). How many files would change, or did, is said
    at the end, on standard error.
    """
    from factharness.files import decode, read_bytes, write_text
    from factharness.gold import format as spelling
    from factharness.gold.problems import gold_paths
    from factharness.gold.syntax import read

    files = changed = 0
    for path in gold_paths(default_paths(paths)):
        files += 1
        raw = read_bytes(path)
        document = read(decode(raw, path), str(path))
        if rehash and document.header.text == "full":
            document = spelling.rehash(document)
        formatted = spelling.format_document(document)
        if formatted.encode() == raw:
            continue
        changed += 1
        if only_check:
            click.echo(f"{path}: is not in canonical form; run factharness gold fmt {path}")
        else:
            write_text(path, formatted)
            click.echo(f"{path}: rewritten")
    verb = "would change" if only_check else "rewritten"
    click.echo(f"{counted(files, 'file')}: {changed or 'none'} {verb}", err=True)
    return 2 if only_check and changed else 0


@click.command()
@click.argument("file", type=GOLD_FILE)
@click.argument("text", type=GOLD_FILE)
def attach(file: Path, text: Path) -> None:
    """Attach your copy of the text to a gold file without text.

    FILE is the gold file, TEXT the text. FILE stays as it is; the text is kept where `gold fetch` keeps texts.
    """
    from factharness.files import read_text
    from factharness.gold.parse import read_document
    from factharness.gold.sets import store_text

    stored, missing = store_text(read_document(file), read_text(text))
    for line in missing:
        click.echo(f"{file}:{line}: this paragraph differs in {text}; its facts are left out")
    click.echo(f"{file}: attached as {stored}")


@click.command()
@click.argument("file", type=GOLD_FILE)
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path),
    help="The .gold file to write, or its folder.",
)
def withhold(file: Path, output: Path) -> None:
    """Write a copy of a gold file without a word of its text.

    It has lengths and hashes in place of the words: whoever has the text can bring it back with `gold attach`.
    """
    from factharness.files import make_folder, write_text
    from factharness.gold.format import render
    from factharness.gold.parse import read_document
    from factharness.gold.withhold import withhold as take_out

    document = read_document(file)
    if output.suffix != ".gold" or output.is_dir():
        make_folder(output)
        output /= file.name
    write_text(output, render(take_out(document)))
    click.echo(f"{output}: written without the text")


@click.command()
@click.argument("goldset", metavar="SET")
@click.option(
    "--from",
    "local",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="Take the texts from a local copy of the repository.",
)
@click.option(
    "--base-url", metavar="URL", help="Where repositories are served (default: GitHub's raw files)."
)
def fetch(goldset: str, local: Path | None, base_url: str | None) -> int:
    """Get the texts of a text-free set.

    They are downloaded from the address in the set's set.toml, verified, and kept outside the working
    directory, in $FACTHARNESS_TEXTS or the user's cache.
    """
    from factharness.gold.fetch import fetch_set
    from factharness.resources import find

    counts = {"here": 0, "fetched": 0, "failed": 0}
    for one in fetch_set(find("goldsets", goldset), local=local, base=base_url):
        counts[one.state] += 1
        if one.state == "failed":
            click.echo(f"{one.id}: {one.detail}", err=True)
    click.echo(
        f"{counts['fetched']} texts fetched, {counts['here']} already here, {counts['failed']} failed"
    )
    return 2 if counts["failed"] else 0
