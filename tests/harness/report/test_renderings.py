"""Renderings of hostile runs: what articles, back ends and gold say stays text in every format."""

import csv
import io
import re
import shutil
import subprocess
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from shown_text import nasty, unseen

from factharness.escape import visible
from factharness.gate.judge import Result, Verdict
from factharness.report import text
from factharness.report.csv import render as scores_csv
from factharness.report.gate import junit
from factharness.report.table import Table, TextColumn
from factharness.runs.record import RunScores, ScoreRecord
from factharness.runs.tables.notes import few_articles
from factharness.score import Counts, ScoreRow

HOSTILE = (
    "a_b & 100 % of #1 $x$ {y} ~ ^ \\section{z} | `code` <b> [0] * \"q\" 'r'\n::error::x",
    "[1]",
    "*",
    "\x1b[31m\u202e\ufffe\ud800 🦊 Ελλάδα «\u00a0été\u202f» œ – … ≤ ±",
)
cells = st.one_of(st.text(), st.sampled_from(HOSTILE))
marks = st.sampled_from([None, None, "best", "ahead"])


@st.composite
def tables(draw):
    width = draw(st.integers(1, 4))
    row = st.tuples(*[cells] * width)
    rows = draw(st.lists(row, max_size=4))
    places = [(r, c) for r in range(len(rows)) for c in range(width)]
    return Table(
        title=draw(cells),
        columns=tuple(
            TextColumn(name, draw(st.sampled_from(["left", "right"]))) for name in draw(row)
        ),
        rows=tuple(rows),
        notes=tuple(draw(st.lists(cells, max_size=2))),
        marks={place: mark for place in places if (mark := draw(marks))},
    )


@given(tables())
def test_plain_text_has_a_line_for_each_row(table):
    lines = text.render([table]).split("\n")
    title = 2 if table.title else 0
    notes = 1 + len(table.notes) if any(table.notes[:1]) or table.notes[1:] else 0
    assert len(lines) == title + 2 + len(table.rows) + notes


@given(tables())
def test_markdown_has_the_rows_and_the_columns_of_the_table(table):
    heading, _, *lines = text.markdown([replace(table, title="Heading")])[:-1].split("\n")
    assert heading == "### Heading"
    grid, notes = lines[: 2 + len(table.rows)], lines[2 + len(table.rows) :]
    for line in grid:
        assert len(re.sub(r"\\.", "", line).split("|")) == len(table.columns) + 2
    assert len(notes) == (1 + len(table.notes) if any(table.notes[:1]) or table.notes[1:] else 0)


@given(tables())
def test_latex_has_the_rows_and_the_columns_of_the_table(table):
    source = text.latex([table])
    body = source.partition("\\toprule\n")[2].partition("\\bottomrule")[0]
    rows = [line for line in body.splitlines() if line != "\\midrule"]
    assert len(rows) == 1 + len(table.rows)
    for row in rows:
        assert row.endswith(" \\\\")
        assert not re.match(r"\s*[\[*]", row)
        assert len(re.sub(r"\\.", "", row).split("&")) == len(table.columns)
    begun = [line for line in source.splitlines() if line.startswith("\\begin")]
    assert begun == ["\\begin{tabular}{" + "".join(c.align[0] for c in table.columns) + "}"]
    # Outside of comments and of what we write ourselves, every sign of LaTeX's is escaped.
    notes, *_ = source.partition("\\end{tabular}")[2].rpartition("\n% These tables need")
    for line in notes.splitlines():
        assert not re.search(r"[#_%&$^]", re.sub(r"\\[#_%&$]", "", line))
        left = re.sub(r"\\[{}]", "", line)
        assert left.count("{") == left.count("}")


PREAMBLE = r"""
\documentclass{article}
\usepackage[T1]{fontenc}
\IfFileExists{booktabs.sty}{\usepackage{booktabs}}%
  {\newcommand\toprule{\hline}\newcommand\midrule{\hline}\newcommand\bottomrule{\hline}}
\begin{document}
"""


@pytest.mark.slow
def test_latex_is_compiled(tmp_path):
    if shutil.which("pdflatex") is None:
        pytest.skip("needs pdflatex: apt-get install texlive-latex-base")
    every = [chr(number) for number in (*range(0x2600), 0xFB01, 0xFEFF, 0xFFFE, 0xD800, 0x1F98A)]
    some = ["".join(every[start : start + 60]) for start in range(0, len(every), 60)]
    hostile = Table(
        title="% \\end{document}\n_",
        columns=(TextColumn("back_end #1", "left"), TextColumn("[F1]")),
        rows=tuple((one, other) for one in HOSTILE for other in HOSTILE),
        notes=(*HOSTILE, *some),
    )
    source = PREAMBLE + text.latex([hostile, hostile]) + "\\end{document}\n"
    (tmp_path / "report.tex").write_text(source, encoding="utf-8")
    command = ["pdflatex", "-interaction=batchmode", "-halt-on-error", "report.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=120, check=False)
    log = (tmp_path / "report.log").read_text(encoding="utf-8", errors="replace")
    assert done.returncode == 0, log[-3000:]
    assert "Missing character" not in log
    assert (tmp_path / "report.pdf").stat().st_size > 0


def test_fields_of_scores_csv_are_text_and_numbers():
    row = ScoreRow("entity", "=cmd|' /C calc'!A0", "strict", "*", 1, Counts(1, 1, 1), 0.5, 0.5, 0.5)
    run = SimpleNamespace(scores=RunScores((), (ScoreRecord("@gold", "-b\n", row, ""),)))
    header, values = csv.reader(io.StringIO(scores_csv([run])))
    fields = dict(zip(header, values, strict=True))
    assert (fields["goldset"], fields["backend"]) == ("'@gold", "'-b\\n")
    assert fields["label"] == "'=cmd|' /C calc'!A0"
    assert (fields["gold"], fields["f1"]) == ("2", "0.500000")


@given(nasty, nasty)
def test_junit_is_xml_whatever_rules_and_failures_say(rule, failure):
    source = junit([], Verdict((Result(rule, (failure,), 1),), None, None, ()))
    assert not unseen(source)
    case = ElementTree.fromstring(source).find("testsuite/testcase")
    assert case.get("name") == visible(rule)
    assert case.find("failure").get("message") == visible(failure)


@pytest.mark.parametrize(("articles", "notes"), [(0, 1), (19, 1), (20, 0)])
def test_scores_on_fewer_than_twenty_articles_have_a_note(articles, notes):
    assert len([*few_articles(articles)]) == notes
