"""What text may do where it is shown: nothing but be read. For each target, and for whole renderings."""

import csv
import io
import json
import re
from xml.etree import ElementTree

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from shown_text import NASTY, commands, nasty, unseen

from factharness import escape
from factharness.errors import HarnessError


@given(nasty)
@example("\x1b]0;title\x07")
@example("".join(map(chr, range(0x110000))))
def test_nothing_unseen_is_left(text):
    shown = escape.visible(text)
    assert not unseen(shown)
    assert escape.visible(shown) == shown
    shown.encode("utf-8")


# Letters and marks to the database, but fillers and switches to whoever looks.
BLANK = "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0"


@given(st.text(st.characters(categories=["L", "M", "N", "P", "S", "Zs"], exclude_characters=BLANK)))
@example("«\u00a0Où\u202f?\u00a0»\n\t10\u202f000 🏴👩\u200d🚀 \ufe0f")
def test_what_is_seen_is_not_changed(text):
    seen = re.sub("[\U000e0000-\U000e0fff]", "", text)  # the plane of tags
    assert escape.visible(seen) == seen


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mLyon", r"\x1b[31mLyon"),
        ("a\u202eb", r"a\u202eb"),
        ("\U000e0041", r"\U000e0041"),
        ("caf\udce9", r"caf\udce9"),
    ],
)
def test_what_is_not_seen_is_written_as_python_writes_it(text, shown):
    assert escape.visible(text) == shown


@given(nasty)
@example("\u00a0::error::")
@example("####[x]")
def test_no_line_on_a_terminal_is_a_command(text):
    shown = escape.terminal(text)
    assert not commands(shown)
    assert not unseen(shown)
    assert escape.terminal(shown) == shown
    assert shown.count("\n") == text.count("\n")


def test_a_command_that_was_not_ours_can_still_be_read():
    shown = escape.terminal("  ::error file=a::b\n##[group]x\n##vso[task]")
    assert shown == "  \\::error file=a::b\n#\\#[group]x\n#\\#vso[task]"
    assert escape.terminal("a::b # x[1]") == "a::b # x[1]"


@given(nasty)
def test_one_line_is_one_line(text):
    assert len(escape.line(text).splitlines()) <= 1
    assert "\t" not in escape.line(text)


def unescaped(value):
    """As the runner reads a message or a property."""
    for code, character in (("%2C", ","), ("%3A", ":"), ("%0A", "\n"), ("%25", "%")):
        value = value.replace(code, character)
    return value


@given(nasty, nasty, st.integers(0, 99))
@example("100%0A%25", "a%2Cb:c.gold", 3)
def test_a_workflow_command_is_one_line_and_says_what_was_to_be_said(message, path, line):
    command = escape.workflow_command("error", message, file=path, line=line)
    assert len(command.splitlines()) == 1
    head, _, said = command.removeprefix("::").partition("::")
    level, _, listed = head.partition(" ")
    properties = dict(one.split("=", 1) for one in listed.split(",") if one)
    assert level == "error"
    assert unescaped(said) == escape.visible(message)
    assert unescaped(properties.get("file", "")) == escape.visible(path)
    assert properties.get("line", "0") == str(line)


@given(
    st.dictionaries(
        st.text(st.characters(exclude_categories=["Cs"])), st.lists(st.sampled_from(NASTY))
    )
)
def test_json_keeps_its_value(value):
    document = json.dumps(value, ensure_ascii=False, indent=1)
    shown = escape.json(document)
    assert not unseen(shown)
    assert not commands(shown)
    assert json.loads(shown) == json.loads(document)


@given(st.lists(nasty, min_size=1))
def test_a_row_of_csv_has_its_fields_and_no_formula(cells):
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow([escape.csv(cell) for cell in cells])
    ((*fields,),) = csv.reader(io.StringIO(out.getvalue())) if any(cells) else [cells]
    assert [field.removeprefix("'") for field in fields] == [
        escape.line(cell).removeprefix("'") for cell in cells
    ]
    assert not [field for field in fields if field[:1] in tuple("=+-@\t\r＝＋－＠")]
    assert out.getvalue().count("\n") == 1


def cells_of(row):
    """A row of GitHub's Markdown as its cells: split at pipes that no backslash escapes."""
    cells = [""]
    for part in re.findall(r"\\.|[^\\]|\\$", row):
        if part == "|":
            cells.append("")
        else:
            cells[-1] += part
    return cells


@given(st.lists(nasty, min_size=1))
def test_a_row_of_markdown_has_its_cells_and_they_read_as_the_text(texts):
    row = "|".join(map(escape.markdown, texts))
    assert len(row.splitlines()) <= 1
    cells = cells_of(row)
    assert len(cells) == len(texts)
    for cell, text in zip(cells, texts, strict=True):
        bare = re.sub(r"\\[!-/:-@\[-`{-~]", "x", cell)
        assert not re.search(r"[`*_\[\]<>|#~&$]|^[-+=]|^\d+[.)](\s|$)", bare)
        read = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", cell)
        assert read == escape.visible(text).replace("\n", " ").replace("\t", " ").strip(" ")


@pytest.mark.needs("markdown_it")
@given(nasty)
@example("`")
@example("a``b`")
@example("@nom #12 https://example.org **x** <b>")
@example("\\")
def test_code_in_markdown_reads_as_the_text(text):
    from markdown_it import MarkdownIt

    line = f"- {escape.markdown_code(text)}"
    assert len(line.splitlines()) <= 1
    assert not commands(line)
    assert not unseen(line)
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(line)
    read = [child for token in tokens for child in token.children or ()]
    shown = escape.visible(text).replace("\n", " ").replace("\t", " ").strip(" ")
    assert [one.type for one in read] == ["code_inline"] * bool(shown)
    # A backslash may stand where a host would take what follows for a command.
    assert [one.content.replace("\\", "") for one in read] == [shown.replace("\\", "")] * bool(
        shown
    )


LATEX = re.compile(
    r"(?:[^\\{}$&#^_%~<>|`\[\]*]|\\[#$%&_{}]|\\text[a-z]+\{\}|\\ensuremath\{(?:-|\\[a-z]+)\}|\{[\[\]*]\}|~)*"
)


@given(nasty)
def test_latex_is_text_and_nothing_else(text):
    shown = escape.latex(text)
    assert LATEX.fullmatch(shown)
    assert len(shown.splitlines()) <= 1


@given(nasty)
def test_xml_and_markup_are_parsed_back(text):
    shown = escape.visible(text)
    element = ElementTree.Element("a", {"b": shown})
    element.text = shown
    back = ElementTree.fromstring(ElementTree.tostring(element, encoding="utf-8"))
    assert (back.get("b"), back.text or "") == (shown, shown)
    marked = escape.markup(text)
    back = ElementTree.fromstring(f"<a b=\"{marked}\" c='{marked}'>{marked}</a>")
    assert (back.text or "") == shown
    assert back.get("b") == back.get("c") == re.sub(r"[\n\t]", " ", shown)


@given(nasty, st.integers(200, 300))
def test_a_long_error_is_cut_and_keeps_both_ends(text, limit):
    error = f"ValueError: {text * 50} (at mine.py:3)"
    shown = escape.brief(error, limit)
    assert len(shown.encode()) <= limit
    assert shown.startswith("ValueError: ")
    assert shown.endswith(" (at mine.py:3)")
    assert escape.brief(shown, limit) == shown
    whole = escape.visible(error)
    assert (shown == whole) == (len(whole.encode()) <= limit)


@given(nasty, nasty, nasty)
def test_an_error_shows_nothing_that_steers(message, file, remedy):
    assert not unseen(str(HarnessError(message, file=file, line=3, remedy=remedy)))


def test_words_are_cited_with_spaces_that_can_be_read():
    assert escape.cited("«\u00a0Oui\u202f»") == "'« Oui »'"
    assert "\n" not in escape.cited("two\nlines")
