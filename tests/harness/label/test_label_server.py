"""What the labelling page's server answers, asked as the page asks it."""

import pytest
from label_articles import TEXT, entity, source
from msgspec import to_builtins

pytest.importorskip("starlette")
pytest.importorskip("uvicorn")

from label_client import served

from factharness.gold.sets import load_file
from factharness.label.journal import journal_of
from factharness.label.workspace import Settings, Workspace

ALICE = to_builtins(entity("Alice Rey"))


@pytest.fixture
def path(tmp_path):
    file = tmp_path / "essai.gold"
    file.write_text(source(title="Un titre"), encoding="utf-8")
    return file


@pytest.fixture
def started():
    """Starts a server on a workspace; it ends with the test."""
    from contextlib import ExitStack

    with ExitStack() as servers:
        yield lambda workspace: servers.enter_context(served(workspace)).log_in()


def source_line(path, text):
    """The number of the line that is ``text``."""
    lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
    return lines.index(text) + 1


def save(client, opened, *operations, number=1):
    body = {"hash": opened["hash"], "tab": "t", "number": number, "operations": operations}
    return client.post(f"/api/articles/{opened['id']}/save", body)


@pytest.mark.parametrize(
    ("title", "text", "called"),
    [
        ("Un titre", TEXT, "Un titre"),
        ("", "Le pont rouvre\n\nEnfin.", "Le pont rouvre"),
        ("", "mot " * 40, " ".join(["mot"] * 19) + " …"),
    ],
)
def test_an_article_is_listed_by_its_title_or_its_first_words(started, path, title, text, called):
    path.write_text(source(text, title=title), encoding="utf-8")
    _, listed = started(Workspace(path.parent, Settings())).get("/api/articles")
    assert listed["articles"][0]["title"] == called


def test_the_list_knows_what_was_gone_through_before_the_server_started(started, path):
    before = Workspace(path, Settings(by="mb"))
    client = started(before)
    _, opened = client.get("/api/articles/essai")
    save(client, opened, {"visit": 1}, {"after": ALICE, "words": ["Alice Rey"]})
    before.close()
    _, listed = started(Workspace(path, Settings(by="mb"))).get("/api/articles")
    assert listed["articles"][0]["visited"] == 1
    journal_of(path).write_text("no journal\n", encoding="utf-8")
    _, listed = started(Workspace(path, Settings(by="mb"))).get("/api/articles")
    assert listed["articles"][0]["visited"] == 0
    path.write_text(source("Un autre texte.", title=""), encoding="utf-8")
    _, listed = started(Workspace(path, Settings(by="mb"))).get("/api/articles")
    assert listed["articles"][0]["visited"] == 0


def test_an_article_is_opened_saved_and_finished(started, path):
    client = started(Workspace(path, Settings(by="mb")))
    _, listed = client.get("/api/articles")
    assert listed["articles"][0] | {"title": "Un titre", "paragraphs": 3} == listed["articles"][0]
    _, opened = client.get("/api/articles/essai")
    assert (opened["text"], opened["mode"], opened["backends"]) == (TEXT, "blind", ["rules"])
    assert [TEXT[slice(*place)][:2] for place in opened["paragraphs"]] == ["La", "« ", "« "]
    assert [label["name"] for label in opened["scheme"]["labels"]] == ["PER", "ORG", "LOC", "MISC"]
    _, saved = save(client, opened, {"after": ALICE, "words": ["Alice Rey"]})
    line = source_line(path, "PER      Alice Rey")
    said = {"fact": 0, "line": line, "text": "PER      Alice Rey", "reading": None}
    assert saved["lines"][0] == [said | {"spans": [[10, 19]]}]
    assert any("Alice Rey" in problem["message"] for problem in saved["problems"])
    status, refused = save(client, saved | {"id": "essai"}, {"done": True}, number=2)
    assert (status, refused["error"]) == (409, "3 paragraphs were not gone through: 1, 2, 3")
    visits = [{"visit": number} for number in range(3)]
    _, done = save(client, saved | {"id": "essai"}, *visits, {"done": True}, number=3)
    assert done["status"] == "single"
    _, listed = client.get("/api/articles")
    assert (listed["articles"][0]["status"], listed["articles"][0]["visited"]) == ("single", 3)
    gold = load_file(path)
    assert [fact.fact.label for fact in gold.facts] == ["PER"]


def test_wrong_words_are_refused_and_say_which(started, path):
    client = started(Workspace(path, Settings()))
    _, opened = client.get("/api/articles/essai")
    status, answer = save(client, opened, {"after": ALICE, "words": ["Alice Roy"]})
    assert status == 400
    assert answer["error"] == "the text at [10, 19) is 'Alice Rey', not 'Alice Roy'"


def test_back_ends_are_shown_after_the_paragraph(started, path):
    client = started(Workspace(path, Settings()))
    _, opened = client.get("/api/articles/essai")
    asked = {"paragraph": 0, "backends": None}
    status, answer = client.post("/api/articles/essai/review", asked)
    assert status == 409
    assert "look afterwards" in answer["error"]
    save(client, opened, {"visit": 0}, {"after": ALICE, "words": ["Alice Rey"]})
    status, answer = client.post("/api/articles/essai/review", asked)
    assert status == 200
    words = {TEXT[slice(*one["fact"]["spans"][0])]: one["backends"] for one in answer["facts"]}
    assert words["mardi"] == ["rules"]
    assert "Alice Rey" not in words
    assert not any("note" in one["fact"]["attributes"] for one in answer["facts"])
    assert all(one["fact"]["spans"][0][1] <= opened["paragraphs"][0][1] for one in answer["facts"])
    assert client.post("/api/articles/essai/review", {"paragraph": 1})[0] == 409
    assert client.post("/api/articles/essai/review", {"paragraph": None})[0] == 409
    assert client.post("/api/articles/essai/review", asked | {"backends": ["spacy"]})[0] == 404


def test_pre_labels_are_written_as_proposals_once(started, path):
    client = started(Workspace(path, Settings(prelabel=("rules",))))
    _, opened = client.get("/api/articles/essai")
    assert opened["mode"] == "prelabel"
    notes = [fact["attributes"].get("note") for fact in opened["facts"]]
    assert notes
    assert set(notes) == {"unconfirmed"}
    header = path.read_text(encoding="utf-8").split("+++")[0]
    assert 'prelabel = "rules", proposed = 0, accepted = 0' in header
    first = opened["facts"][0]
    words = [TEXT[slice(*span)] for span in first["spans"]]
    accepted = first | {"attributes": {}}
    decided = {"proposed": {"backends": ["rules"], "shown": 1, "accepted": 1}}
    _, saved = save(client, opened, {"before": first, "after": accepted, "words": words}, decided)
    assert saved["facts"] == len(opened["facts"])
    _, saved = save(client, saved | {"id": "essai"}, {"before": opened["facts"][1]}, number=2)
    _, again = client.get("/api/articles/essai")
    assert (
        len(again["facts"]) == len(opened["facts"]) - 1
    )  # what was rejected is not proposed again
    assert "proposed = 1, accepted = 1" in path.read_text(encoding="utf-8").split("+++")[0]


def test_a_text_becomes_an_article(started, tmp_path):
    text = tmp_path / "Un texte.txt"
    text.write_text(TEXT, encoding="utf-8")
    client = started(Workspace(text, Settings(by="mb")))
    _, listed = client.get("/api/articles")
    assert listed["articles"] == []
    assert (listed["new"]["id"], listed["new"]["text"]) == ("Un-texte", TEXT)
    new = {
        "id": "essai",
        "published": "mardi 5 mars 2024",
        "outlet": "exemple",
        "licence": "CC0-1.0",
    }
    assert client.post("/api/articles", new | {"id": "../essai"})[0] == 400
    status, answer = client.post("/api/articles", new | {"published": "lundi 5 mars 2024"})
    assert status == 400
    assert "mardi" in answer["error"]
    status, opened = client.post("/api/articles", new)
    assert (status, opened["published"], opened["text"]) == (200, "2024-03-05", TEXT)
    assert client.post("/api/articles", new | {"text": "Autre."})[0] == 409
    _, listed = client.get("/api/articles")
    assert ([one["id"] for one in listed["articles"]], listed["new"]) == (["essai"], None)
    assert save(client, opened, {"after": ALICE, "words": ["Alice Rey"]})[0] == 200
    assert load_file(tmp_path / "essai.gold").facts
    assert [file.name for file in sorted(tmp_path.iterdir())] == ["Un texte.txt", "essai.gold"]


def test_a_set_may_get_another_article(started, path):
    client = started(Workspace(path.parent, Settings()))
    new = {"id": "autre", "published": "2024-03-05", "text": "Un autre texte."}
    assert client.post("/api/articles", new)[0] == 200
    assert [one["id"] for one in client.get("/api/articles")[1]["articles"]] == ["autre", "essai"]


def test_a_file_with_a_mistake_is_listed_and_not_opened(started, path):
    wrong = source().replace("essai", "faux") + "  PER Nobody\n"
    path.with_name("faux.gold").write_text(wrong, encoding="utf-8")
    client = started(Workspace(path.parent, Settings()))
    _, listed = client.get("/api/articles")
    assert [one["id"] for one in listed["articles"]] == ["essai", "faux"]
    status, answer = client.get("/api/articles/faux")
    assert status == 400
    assert "line" in answer["error"]
    assert client.get("/api/articles/essai")[0] == 200


def test_a_bug_is_told_of_as_json(started, path, monkeypatch):
    workspace = Workspace(path, Settings())
    client = started(workspace)
    monkeypatch.setattr(workspace, "articles", lambda: 1 / 0)
    status, headers, body = client.send("GET", "/api/articles")
    assert status == 500
    assert b"this is a bug" in body
    assert headers["content-security-policy"]


def test_a_name_that_no_file_can_hold_is_refused(started, path):
    client = started(Workspace(path, Settings()))
    _, opened = client.get("/api/articles/essai")
    for name in ("\ud800", "a\0b", "a\nb", " a"):
        quote = {"kind": "quote", "label": "direct", "spans": ALICE["spans"], "name": name}
        status, answer = save(client, opened, {"after": quote, "words": ["Alice Rey"]})
        assert status == 400
        assert answer["remedy"]


def test_an_article_that_another_server_has_open_is_told_of(started, path):
    started(Workspace(path, Settings())).get("/api/articles/essai")
    status, answer = started(Workspace(path, Settings())).get("/api/articles/essai")
    assert status == 409
    assert "open in another labelling page" in answer["error"]


def test_a_typed_value_is_read(started, path):
    client = started(Workspace(path, Settings()))
    start = TEXT.index("mardi")
    asked = {"id": "essai", "typed": "0", "span": [start, start + 5], "type": "DATE"}
    status, answer = client.post("/api/value", asked)
    assert (status, answer["value"], answer["wrong"]) == (200, "2024-03-05", None)
    assert answer["reading"].startswith("mardi")
    _, answer = client.post("/api/value", asked | {"typed": "-1"})
    assert answer["value"] == "2024-03-04"
    assert "mardi" in answer["wrong"]
    _, answer = client.post("/api/value", asked | {"typed": "nope"})
    assert answer["value"] is None
    assert "nope" in answer["wrong"]
    assert client.post("/api/value", asked | {"span": [start, 10**9]})[0] == 400


def test_the_examples_of_a_label_are_shown(started, path):
    client = started(Workspace(path, Settings()))
    status, answer = client.get("/api/examples/PER")
    assert (status, answer["label"]) == (200, "PER")
    assert client.get("/api/examples/DRAGON")[0] == 404
