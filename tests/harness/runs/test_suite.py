import pytest

from factharness.errors import SuiteError
from factharness.resources import find, names
from factharness.runs.suite import read

MINIMAL = '[suite]\ngoldsets = ["depeches"]\n[[backend]]\nuse = "rules"\n'


def write(tmp_path, text):
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_minimal_suite(tmp_path):
    suite = read(write(tmp_path, MINIMAL))
    assert (suite.name, suite.suite.goldsets, suite.backends[0].name) == (
        "mine",
        ("depeches",),
        "rules",
    )
    assert suite.suite.regimes == ("strict", "partial")


def test_a_back_end_made_of_parts(tmp_path):
    text = MINIMAL + '[[backend]]\nname = "hybrid"\nentities = "rules"\nquotes = "rules"\n'
    assert read(write(tmp_path, text)).backends[1].parts == {"entity": "rules", "quote": "rules"}


def test_a_matrix_makes_a_back_end_of_every_combination(tmp_path):
    text = (
        '[suite]\ngoldsets = ["depeches"]\n[[backend]]\nuse = "spacy"\noptions = { batch_size = 8 }\n'
        'matrix = { model = ["fr_core_news_sm", "fr_core_news_md"], parse = [true, false] }\n'
        '[[backend]]\nname = "hybrid"\nentities = "spacy-fr_core_news_sm-no"\n'
    )
    backends = read(write(tmp_path, text)).backends
    assert [spec.name for spec in backends] == [
        "spacy-fr_core_news_sm-yes",
        "spacy-fr_core_news_sm-no",
        "spacy-fr_core_news_md-yes",
        "spacy-fr_core_news_md-no",
        "hybrid",
    ]
    assert backends[1].options == {"batch_size": 8, "model": "fr_core_news_sm", "parse": False}


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (MINIMAL.replace("goldsets", "goldset"), 2, "did you mean 'goldsets'?"),
        (MINIMAL + "optoins = { a = 1 }\n", 5, "did you mean 'options'?"),
        (MINIMAL + "[gates]\n", 5, "did you mean 'gate'?"),
        (MINIMAL + '[gate]\nrule = ["x"]\n', 6, "did you mean 'rules'?"),
        (MINIMAL + 'map = "wikinerr"\n', 4, "did you mean 'wikiner'?"),
        (MINIMAL + '[[backend]]\nname = "h"\nentities = "ruls"\n', 6, "did you mean 'rules'?"),
        (MINIMAL + '[[backend]]\nuse = "rules"\n', 4, "two back ends are called 'rules'"),
        (MINIMAL + '[[backend]]\nname = "h"\n', 6, "either `use` or parts"),
        (MINIMAL + '[[backend]]\nentities = "rules"\n', None, "needs a name"),
        *(
            (
                MINIMAL + f'[gate]\nbaseline = "{place}"\n',
                6,
                "is not a path below the working directory",
            )
            for place in ("../b.json", "/etc/b.json", "a\\u001bb.json")
        ),
        (MINIMAL + "matrix = { kinds = [] }\n", 5, "kinds has no value"),
        (MINIMAL + "matrix = { kinds = 3 }\n", None, "matrix"),
        (
            MINIMAL + "options = { a = 1 }\nmatrix = { a = [1, 2] }\n",
            6,
            "a stands in options and in matrix",
        ),
        (
            MINIMAL + f"matrix = {{ a = {list(range(100))}, b = {list(range(100))} }}\n",
            5,
            "a matrix of 10,000 back ends",
        ),
        (
            MINIMAL + '[[backend]]\nname = "h"\ndates = "rules"\nmatrix = { a = [1, 2] }\n',
            8,
            "made of parts has no options",
        ),
        (MINIMAL + "repeat = 0\n", 4, "repeat = 0"),
        (MINIMAL + "repeat = 1000\n", 4, "repeat = 1000"),
        (MINIMAL + '[[backend]]\nname = "h"\ndates = "rules"\nrepeat = 2\n', 6, "repeats nothing"),
        ("[suite]\ngoldsets = 3\n[[backend]]\n", 2, "'goldsets' must be a list"),
        ("[suite\n", None, "not TOML"),
        ("[suite]\ngoldsets = []\n", None, "backend"),
    ],
)
def test_what_is_wrong_is_said_with_its_place_and_the_nearest_name(tmp_path, text, line, said):
    path = write(tmp_path, text)
    with pytest.raises(SuiteError) as caught:
        read(path)
    assert said in str(caught.value)
    assert str(caught.value).startswith(f"{path}:{line}: " if line else f"{path}:")


@pytest.mark.parametrize("name", ["../../evil", "a\\u0000", "a\\u001b[2J", "a\\nb", "NUL", ".x"])
@pytest.mark.parametrize("key", ["use", "name"])
def test_a_back_end_whose_name_is_no_file_name_is_refused(tmp_path, name, key):
    with pytest.raises(SuiteError, match="a back end's name: ") as caught:
        read(
            write(
                tmp_path,
                MINIMAL.replace('use = "rules"', f'{key} = "{name}"\nuse = "rules"')
                if key == "name"
                else MINIMAL.replace("rules", name),
            )
        )
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("name", ["my suite.toml", "..toml", "aux.toml"])
def test_a_suite_whose_name_is_no_file_name_is_refused(tmp_path, name):
    path = tmp_path / name
    path.write_text(MINIMAL)
    with pytest.raises(SuiteError, match="the file names the suite: "):
        read(path)


def test_back_ends_are_told_apart_on_a_disk_without_capitals(tmp_path):
    with pytest.raises(SuiteError, match="two back ends are called 'Rules'"):
        read(write(tmp_path, MINIMAL + '[[backend]]\nuse = "rules"\nname = "Rules"\n'))


def test_a_back_end_from_a_file_is_called_as_the_file(tmp_path):
    for use in ("file:../some/my_backend.py:build", "file:my_backend.py"):
        text = MINIMAL.replace('"rules"', f'"{use}"')
        assert read(write(tmp_path, text)).backends[0].name == "my_backend"


@pytest.mark.parametrize("name", ["a" * 300, "a\0b", "é/" * 3000])
def test_a_name_that_no_file_can_have_is_unknown(name):
    for shelf in ("goldsets", "suites"):
        with pytest.raises(SuiteError, match="unknown"):
            find(shelf, name)


def test_a_binary_suite_is_refused(tmp_path):
    path = tmp_path / "b.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SuiteError, match="cannot be read"):
        read(path)


def test_names_are_found_as_a_path_beside_the_suite_and_packaged(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "goldsets" / "mine").mkdir(parents=True)
    (tmp_path / "elsewhere" / "beside").mkdir(parents=True)
    assert find("goldsets", "mine").samefile(tmp_path / "goldsets" / "mine")
    assert find("goldsets", "beside", beside=tmp_path / "elsewhere").name == "beside"
    assert find("suites", "default").name == "default.toml"
    assert {"mine", "depeches"} <= set(names("goldsets"))


def test_an_unknown_gold_set_is_refused_with_the_nearest_name():
    with pytest.raises(SuiteError, match="unknown gold set 'depeche'; did you mean 'depeches'"):
        find("goldsets", "depeche")
