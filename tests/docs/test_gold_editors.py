"""The colours of `.gold` files in editors: each line is taken for what the reader takes it for."""

import json
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from factharness.gold.fact_line import read_fact, split_fields
from factharness.gold.syntax import read
from factharness.gold.tree import Comment

ROOT = Path(__file__).resolve().parents[2]
EDITORS = ROOT / "docs" / "site" / "published" / "editors"
GRAMMAR = json.loads((EDITORS / "gold.tmLanguage.json").read_text(encoding="utf-8"))
RULES = GRAMMAR["repository"]
SETS = ("depeches", "inedites", "wikinews", "presse")
FILES = [path for name in SETS for path in sorted((ROOT / "goldsets" / name).glob("*.gold"))]

ODD = r"""gold      = 1
# a comment in the header
id        = "essai"
lang      = 'fr'
published = 2024-03-05T18:30:00+01:00
source    = { outlet = "l’\"exemple\"", path = "a = b" }
text      = "full"
sha256    = ""
+++

# before the first paragraph

> Un premier mot, a|b, « oui », a-t-il dit le 5 mars.
> Encore une ligne.
  LOC.gpe? mot
PER @a1 \@b \| c <#2> | meto: ORG | note: a \| b = c
	QUOTE @q1 <+> « oui » <...> non | direct | by: @a1 = Jean | cue: <10:20> | to: -
  DURATION? mot | P1D | mod: APPROX
    # a comment
"""


def shapes(node):
    """Every regular expression of the grammar."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key in ("match", "begin", "end"):
                yield value
            else:
                yield from shapes(value)
    elif isinstance(node, list):
        for value in node:
            yield from shapes(value)


def test_its_patterns_mean_the_same_to_python_and_to_oniguruma():
    found = list(shapes(GRAMMAR))
    assert len(found) > 15
    for pattern in found:
        re.compile(pattern)
        # \h, \Z, \R, (?P…) and ++ are read otherwise, or not at all, by one of the two.
        assert not re.search(r"\\[hHZRKGX]|\(\?P|(?<!\\)[+*?}]\+|\[\[:", pattern), pattern


def kind(line):
    """The first rule of a line that takes it, and the match."""
    for include in RULES["line"]["patterns"]:
        name = include["include"].removeprefix("#")
        found = re.search(RULES[name].get("match") or RULES[name]["begin"], line)
        if found:
            return name, found
    return "", None


def coloured(words):
    """What the rules for the words of a fact colour, in order: scopes with their text."""
    at, told = 0, []
    while True:
        hits = [
            (found.start(), number, found, rule)
            for number, rule in enumerate(RULES["words"]["patterns"])
            if (found := re.compile(rule["match"]).search(words, at)) and found[0]
        ]
        if not hits:
            return told
        _, _, found, rule = min(hits, key=lambda hit: hit[:2])
        if "name" in rule:
            told.append((rule["name"], found[0]))
        for group, capture in rule.get("captures", {}).items():
            told.append((capture["name"], found[int(group)].strip(" \t")))
        at = found.end()


def expected(document, lines):
    """The number of each line below the header to the name of its rule, as the reader has it."""
    told = {comment.line: "comment" for comment in document.opening}
    for block in document.blocks:
        paragraph = block.paragraph
        told[paragraph.line] = "text" if paragraph.text is not None else "withheld"
        for line in block.lines:
            told[line.line] = "comment" if isinstance(line, Comment) else line.kind
    for number, line in enumerate(lines, 1):
        told.setdefault(number, "text" if line.startswith(">") else "")
    return told


@pytest.mark.parametrize("source", [*FILES, ODD], ids=lambda one: getattr(one, "stem", "odd"))
def test_each_line_is_of_the_kind_that_the_reader_sees(source):
    text = source if isinstance(source, str) else source.read_text(encoding="utf-8")
    lines = text.splitlines()
    end = lines.index("+++")
    header = "\n".join(lines[:end])
    assert tomllib.loads(header)
    assert re.match(RULES["header"]["begin"], header)
    assert [n for n, line in enumerate(lines) if re.search(RULES["header"]["end"], line)] == [end]
    told = expected(read(text), lines)
    for number, line in enumerate(lines[end + 1 :], end + 2):
        name, found = kind(line)
        assert name == told[number], line
        if name in ("entity", "date", "quote"):
            rest = line[found.end() :]
            fact = read_fact(line.strip(), number)
            scopes = coloured(rest)
            keys = [text[:-1] for scope, text in scopes if scope == "keyword.other.key.gold"]
            assert sorted(keys) == sorted([*fact.texts, *fact.mentions])
            values = [text for scope, text in scopes if scope == "constant.other.value.gold"]
            assert values == ([fact.value] if fact.value else [])
            ids = [text for scope, text in scopes if scope == "variable.other.id.gold"]
            refs = [mention.ref for mention in fact.mentions.values() if mention.ref]
            assert ids == [f"@{one}" for one in ([fact.id] if fact.id else []) + refs]
            bars = [scope for scope, _ in scopes if scope == "punctuation.separator.field.gold"]
            assert len(bars) == len(split_fields(rest, "|")) - 1


def test_the_files_have_every_kind_of_line():
    kinds = {kind(line)[0] for path in FILES for line in path.read_text("utf-8").splitlines()}
    kinds |= {kind(line)[0] for line in ODD.splitlines()}
    assert kinds >= {"separator", "withheld", "text", "comment", "quote", "date", "entity", "wrong"}


@pytest.mark.parametrize(
    "line", ["Per Jean", "> mot"[2:], ">~ 12", ">~ 12 0123456789abcdeg", "  PERSON-NE mot", "+++ a"]
)
def test_a_line_that_nothing_takes_is_marked_as_wrong(line):
    assert kind(line)[0] == "wrong"


def test_a_part_of_a_file_has_no_header():
    assert not re.match(RULES["header"]["begin"], "> Un mot.\n  LOC mot")


def test_the_folder_is_an_extension_that_names_what_is_there():
    told = json.loads((EDITORS / "package.json").read_text(encoding="utf-8"))["contributes"]
    (grammar,), (language,) = told["grammars"], told["languages"]
    assert grammar["scopeName"] == GRAMMAR["scopeName"]
    for name in (grammar["path"], language["configuration"]):
        assert json.loads((EDITORS / name).read_text(encoding="utf-8"))
    assert language["extensions"] == [f".{suffix}" for suffix in GRAMMAR["fileTypes"]]


VIM = {
    "separator": "goldSeparator",
    "withheld": "goldWithheld",
    "text": "goldText",
    "comment": "goldComment",
    "quote": "goldQuote",
    "date": "goldDate",
    "entity": "goldEntity",
    "": "",
}
ASKED = r"""
set nomore encoding=utf-8
syntax on
edit FILE
syntax clear
unlet! b:current_syntax
source SYNTAX
redir! > SAID
for n in range(1, line("$"))
  let columns = range(1, max([1, len(getline(n))]))
  silent echo n . " " . join(map(columns, 'synIDattr(synID(n, v:val, 1), "name")'), ",")
endfor
redir END
qall!
"""
"""Prints the number of each line, and the names of what its bytes are taken for."""


@pytest.mark.skipif(not shutil.which("vim"), reason="needs vim")
def test_vim_takes_each_line_for_the_same(tmp_path):
    (tmp_path / "a.gold").write_text(ODD, encoding="utf-8")
    script = ASKED.replace("FILE", str(tmp_path / "a.gold")).replace("SAID", str(tmp_path / "said"))
    (tmp_path / "ask.vim").write_text(script.replace("SYNTAX", str(EDITORS / "gold.vim")))
    words = ["vim", "-es", "-u", "NONE", "-i", "NONE", "-N", "-S", str(tmp_path / "ask.vim")]
    subprocess.run(words, stdin=subprocess.DEVNULL, timeout=60, check=False)
    said = (tmp_path / "said").read_text(encoding="utf-8").split("\n")
    names = {int(n): row.split(",") for n, row in (one.split(" ", 1) for one in said if one)}
    lines = ODD.splitlines()
    assert len(names) == len(lines)
    told = expected(read(ODD), lines)
    end = lines.index("+++") + 1
    for number, row in names.items():
        start = len(lines[number - 1]) - len(lines[number - 1].lstrip())
        if number > end:
            assert row[min(start, len(row) - 1)] == VIM[told[number]], lines[number - 1]
    assert names[1][0] == names[3][0] == "goldKey"
    assert names[2][0] == "goldComment"
    assert {"goldField", "goldValue", "goldId", "goldAnchor"} <= set(names[17])
