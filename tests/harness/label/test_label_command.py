"""``factharness label`` as a command: what it is started on, what it prints, how it ends."""

import signal
import subprocess
import sys
import webbrowser

import pytest
from click.testing import CliRunner
from label_articles import TEXT, source
from label_client import Process, eventually

from factharness.cli.label import label
from factharness.errors import GoldError, HarnessError
from factharness.label import serve as serving
from factharness.label.keymap import actions, keymap

pytestmark = pytest.mark.needs("starlette", "uvicorn")


@pytest.fixture
def path(tmp_path):
    file = tmp_path / "un dossier" / "essai.gold"
    file.parent.mkdir()
    file.write_text(source(), encoding="utf-8")
    return file


@pytest.fixture
def started(monkeypatch):
    """Runs the command; the server does not run. Returns the result, the workspace and what was opened."""

    def run(*args):
        seen, opened = [], []

        def serve(workspace, ready, port):
            seen.append((workspace, port))
            ready("http://127.0.0.1:1/?token=x")

        monkeypatch.setattr(serving, "serve", serve)
        monkeypatch.setattr(webbrowser, "open", opened.append)
        result = CliRunner().invoke(label, list(map(str, args)))
        return result, seen, opened

    return run


ENDS = "Ctrl-C ends it; everything is saved at once.\n"


@pytest.mark.parametrize(
    ("number", "code", "told"),
    [(signal.SIGINT, 0, ENDS), (signal.SIGTERM, 143, f"{ENDS}factharness: terminated\n")],
)
def test_it_prints_the_address_and_ends_cleanly(path, number, code, told):
    server = Process(path.parent)
    client = server.client()
    _, opened = client.get("/api/articles/essai")
    operations = [
        {"after": {"kind": "entity", "label": "PER", "spans": [[10, 19]]}, "words": ["Alice Rey"]}
    ]
    body = {"hash": opened["hash"], "tab": "t", "number": 1, "operations": operations}
    assert client.post("/api/articles/essai/save", body)[0] == 200
    ended, out, errors = server.interrupt(number)
    assert (ended, out) == (code, "")
    assert errors.replace("\n\n", "\n") == told
    assert "PER      Alice Rey" in path.read_text(encoding="utf-8")


def test_a_port_that_is_taken_is_told_of(path):
    first = Process(path)
    port = first.client().port
    second = Process(path, "--port", port)
    eventually(lambda: second.process.poll() is not None)
    assert second.process.returncode == 2
    assert f"port {port} cannot be used" in second.process.stderr.read()
    second.process.communicate()
    first.interrupt()


def test_the_browser_is_opened(path, started):
    result, _, opened = started(path)
    assert result.exit_code == 0
    assert opened == ["http://127.0.0.1:1/?token=x"]
    _, _, opened = started(path, "--no-browser")
    assert opened == []


def test_the_options_arrive(path, started, tmp_path):
    keys = tmp_path / "keys.toml"
    keys.write_text('next = "w"\n')
    _, ((workspace, port),), _ = started(
        *(path, "--by", " mb ", "--review", "rules", "--review", "dateparser", "--agree", 2),
        *("--prelabel", "rules", "--prelabel", "dateparser", "--keys", keys, "--port", 5123),
    )
    settings = workspace.settings
    assert (settings.by, settings.agree, settings.keys, port) == ("mb", 2, {"next": "w"}, 5123)
    assert settings.review == settings.prelabel == ("rules", "dateparser")


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ([], "name a PATH"),
        (["{path}", "--adjudicate", "{path}", "{path}"], "name a PATH"),
        (["{path}", "--agree", "2"], "--agree 2 needs as many back ends"),
        (["{path}", "-o", "x"], "saved in its place"),
        (["/nowhere.gold"], "does not exist"),
        (["--adjudicate", "{path}", "{path}"], "needs a .gold file for the result"),
        (["--adjudicate", "{path}", "{path}", "-o", "x"], "needs a .gold file for the result"),
        (["{path}", "--review", "nobody"], "nobody"),
    ],
    ids=str,
)
def test_wrong_use_is_told_of(path, started, args, message):
    result, seen, _ = started(*(arg.format(path=path) for arg in args))
    assert result.exit_code
    assert message in result.output + str(result.exception)
    assert isinstance(result.exception, SystemExit | HarnessError)
    assert not seen


def test_without_the_extra_it_says_what_to_install(path):
    code = "import sys; sys.modules['uvicorn'] = None; from factharness.cli import main; main(sys.argv[1:])"
    done = subprocess.run(
        [sys.executable, "-c", code, "label", str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "pip install 'factharness[label]'" in done.stderr


def test_a_text_is_named_with_the_folder_of_its_article(tmp_path, started):
    text = tmp_path / "texte.txt"
    text.write_text(TEXT, encoding="utf-8")
    _, ((workspace, _),), _ = started(text, "-o", tmp_path / "set")
    assert workspace.folder == tmp_path / "set"
    assert workspace.new.id == "texte"


def test_a_folder_of_sets_is_told_of(path, started):
    result, seen, _ = started(path.parents[1])
    assert "name one: un dossier" in str(result.exception)
    assert not seen


def test_a_folder_of_texts_is_told_how_to_become_a_set(path, started):
    folder = path.parent / "textes"
    folder.mkdir()
    result, seen, _ = started(folder)
    assert "gold new TEXT -o goldsets/NAME" in str(result.exception)
    (folder / "2024-03-05-a.txt").write_text(TEXT, encoding="utf-8")
    result, seen, _ = started(folder)
    assert f"gold new {folder}/*.txt -o goldsets/NAME" in str(result.exception)
    assert not seen


@pytest.mark.parametrize("content", ["next = 1", 'next = ""', 'next = "n"\nprevious = "n"', "next"])
def test_keys_that_are_none_are_refused(tmp_path, content):
    keys = tmp_path / "keys.toml"
    keys.write_text(content)
    with pytest.raises(GoldError):
        keymap(keys)


def test_an_action_that_is_none_is_told_of(tmp_path):
    keys = tmp_path / "keys.toml"
    keys.write_text('"label PRE" = "p"')
    with pytest.raises(GoldError, match="did you mean 'label PER'"):
        keymap(keys)
    assert {"next", "find back", "label PER", "articles"} <= actions()


def test_keys_are_read_from_the_settings():
    from factharness.files import config_folder

    assert keymap() == {}
    config_folder().mkdir(parents=True)
    (config_folder() / "keys.toml").write_text('next = "w"')
    assert keymap() == {"next": "w"}
