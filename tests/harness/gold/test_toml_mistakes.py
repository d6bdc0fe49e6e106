"""Where a value stands in a TOML file, and what is wrong with it in words."""

import tomllib

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from factharness.gold.toml_mistakes import line_of, syntax_line, wrong_type

NAMES = st.sampled_from(["use", "name", "a-b", "x_1", "goldsets"])
VALUES = st.sampled_from(['"a"', "3", "[\n  1,\n  2,\n]", '["use"]', "{ inner = 1 }", '"""\n\n"""'])
TABLES = st.dictionaries(NAMES, VALUES, max_size=4)
BETWEEN = st.sampled_from(["", "\n", "# use = 3\n", "   \n# [suite]\n"])


@given(
    st.lists(st.tuples(st.sampled_from(["suite", "gate", "backend"]), TABLES, BETWEEN), max_size=6),
    st.data(),
)
def test_each_key_has_the_line_on_which_it_was_written(tables, data):
    text, lines, seen = "", {}, {}
    for name, entries, between in tables:
        number = seen[name] = seen.get(name, -1) + 1
        if name != "backend" and number:
            continue  # a table of its own stands once
        way = (name, number) if name == "backend" else (name,)
        text += between
        lines[way] = text.count("\n") + 1
        text += f"[[{name}]]\n" if name == "backend" else f"  [ {name} ] # a = 1\n"
        for key, value in entries.items():
            text += data.draw(BETWEEN)
            lines[(*way, key)] = text.count("\n") + 1
            text += f"{key} = {value}\n"
    tomllib.loads(text)
    for way, line in lines.items():
        assert line_of(text, way) == line
        # What stands inside a list or an inline table has the line of its key; so has what is not there.
        assert line_of(text, (*way, 0)) == line_of(text, (*way, "missing")) == line
    assert line_of(text, ("nothing",)) is None


@pytest.mark.parametrize(
    ("way", "line"),
    [
        (["labels"], 2),
        (["labels", "PER"], 2),
        (["labels", "ORG"], 4),
        (["labels", "ORG", "kind"], 5),
        (["own", "texts"], 6),
        (["a", "b"], 1),
    ],
)
def test_dotted_keys_are_steps(way, line):
    source = 'a.b = 1\n[labels.PER]\nsays = "x"\n[labels."ORG"]\nkind = 3\n[own.texts.fr]\n'
    assert line_of(source, way) == line


@pytest.mark.parametrize(
    ("way", "line"),
    [
        (["backend", 0], 1),
        (["backend", 0, "options", "model"], 3),
        (["backend", 1, "options", "model"], 5),
        (["backend", 1, "of", 1, "use"], 9),
        (["seen", "spacy.3", "entity"], 11),
    ],
)
def test_a_table_of_the_last_one_in_a_list_is_found_and_a_dot_in_quotes_is_no_step(way, line):
    source = (
        "[[backend]]\n[backend.options]\nmodel = 1\n[[backend]]\noptions.model = 2\n"
        '[[backend.of]]\nuse = 1\n[[backend.of]]\nuse = 2\n[seen]\n"spacy.3".entity = 3\n'
    )
    tomllib.loads(source)
    assert line_of(source, way) == line


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_only_what_ends_a_line_of_toml_counts_as_its_end(end):
    source = end.join(["[set]", 'title = "a\u2028b"  # \x85', "[scheme]", "name = 1", ""])
    tomllib.loads(source)
    assert line_of(source, ["scheme", "name"]) == 4


class Part(Struct):
    use: str | None = None
    repeat: int = 1
    options: dict[str, int] = {}
    names: tuple[str, ...] = ()


class Whole(Struct):
    suite: dict[str, str]
    backend: tuple[Part, ...]


WRONG = [
    ("[suite]\n[[backend]]\nuse = 3", 3, "'use' must be text in quotes", 'write use = "…"'),
    (
        '[suite]\n[[backend]]\n[[backend]]\nrepeat = ""',
        4,
        "'repeat' must be a whole number",
        "write repeat = 1",
    ),
    ("[suite]\n[backend]\n", 2, "'backend' must be a list", "write [[backend]]"),
    ("backend = []\nsuite = true", 2, "'suite' must be a table", "write a table [suite]"),
    ('[suite]\n[[backend]]\noptions = ""', 3, "'options' must be a table", "write options = { … }"),
    (
        '[suite]\n[[backend]]\noptions = { a = "" }',
        3,
        "an entry of 'options' must be",
        "correct it",
    ),
    ('[suite]\n[[backend]]\nnames = ""', 3, "'names' must be a list", 'write names = ["…"]'),
    (
        "[suite]\n[[backend]]\nnames = ['',\n1]",
        3,
        "number 2 of 'names' must be text",
        "put it in quotes",
    ),
    ("[suite]", None, "'backend' is missing", "add it"),
]


@pytest.mark.parametrize(("source", "line", "said", "remedy"), WRONG)
def test_a_wrong_type_is_said_in_words_with_what_to_write(source, line, said, remedy):
    with pytest.raises(msgspec.ValidationError) as caught:
        msgspec.convert(tomllib.loads(source), Whole)
    message, *rest = wrong_type(caught.value, source)
    assert message.startswith(said)
    assert rest == [remedy, line]
    assert "`" not in message


def test_what_is_no_toml_has_the_line_that_python_names():
    with pytest.raises(tomllib.TOMLDecodeError) as caught:
        tomllib.loads("a = [1\nb = 2\n")
    assert syntax_line(caught.value) == ("Unclosed array", 2)
    assert syntax_line(tomllib.TOMLDecodeError("odd")) == ("odd", None)
