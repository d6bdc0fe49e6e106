"""Anybody's files: the same numbers in any batch and order, and errors that name the line."""

from __future__ import annotations

import contextlib
import hashlib
import json
import random
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from span_rows import rows

from factharness.cli.score import score as command
from factharness.errors import ScoreError
from factharness.score import score_spans
from factharness.score.records import paired
from factharness.score.stream import score_records
from factharness.text import unmarked

REGIMES = ("strict", "partial", "type", "char")


def numbered(lines):
    return enumerate(unmarked(lines), 1)


def lines(side: list, docs: list[str]) -> list[bytes]:
    return [
        json.dumps({"id": d, "spans": [r[1:] for r in side if r[0] == d]}).encode() + b"\n"
        for d in docs
    ]


def totals(gold: list[bytes], pred: list[bytes], **options):
    return score_records(
        paired(lambda: numbered(gold), lambda: numbered(pred), "g.jsonl", "p.jsonl"),
        **{"regimes": REGIMES, **options},
    )


@settings(max_examples=60)
@given(rows(docs=5, most=10), rows(docs=5, most=10, unique=False), st.integers(1, 4), st.randoms())
def test_streaming_gives_what_scoring_at_once_gives(gold, pred, batch, rng: random.Random):
    docs = [f"d{i}" for i in range(5)]
    one, other = docs[:], docs[:]
    rng.shuffle(one)
    rng.shuffle(other)
    found = totals(lines(gold, one), lines(pred, other), batch=batch)
    whole = score_spans(gold, pred, regimes=REGIMES, docs=docs)
    assert found.articles == 5
    assert found.duplicates == whole.duplicates
    for regime, score in whole.items():
        total = found.by["entity", regime]
        assert total.tally == score.total
        assert total.per_label == score.per_label
        assert dict(total.confusion) == {
            (g, p): n for g, row in score.confusion.items() for p, n in row.items() if n
        }
        assert sorted(map(tuple, total.counts().tolist())) == sorted(
            map(tuple, score.counts_by_document.tolist())
        )


GOOD = b'{"id": "a", "spans": [[0, 5, "PER"]]}\n'


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"{", "g.jsonl:2: not a record"),
        (b"\xff\xfe{\x00", "g.jsonl:2: not a record"),
        (b'{"id": "b", "spans": [[5, 2, "X"]]}', r"g.jsonl:2: .*\[5, 2\) is no span"),
        (b'{"id": "b", "spans": [[-1, 2, "X"]]}', "g.jsonl:2"),
        (b'{"id": "b", "spans": [[0.5, 2, "X"]]}', "g.jsonl:2"),
        (b'{"id": "b", "spans": [[true, 2, "X"]]}', "g.jsonl:2"),
        (b'{"id": "b", "spans": [[0, 2, null]]}', "g.jsonl:2"),
        (b'{"id": "b", "spans": [[0, 2, NaN]]}', "g.jsonl:2"),
        (b'{"id": "b", "spans": [[0, 2, ""]]}', "g.jsonl:2"),
        (b'{"id": "b", "spans": [[0, 2]]}', "g.jsonl:2"),
        (b'{"id": "b"}', "g.jsonl:2: .*none of spans"),
        (b'{"spans": []}', "g.jsonl:2: .*no id"),
        (b'{"id": 3, "spans": []}', "g.jsonl:2"),
        (b'{"id": "b", "text": "ab", "spans": [[0, 3, "X"]]}', "g.jsonl:2: .*ends at 3"),
        (b'{"id": "b", "facts": [{"kind": "entity", "span": [4, 2], "label": "X"}]}', "g.jsonl:2"),
        (b'{"id": "b", "facts": [{"kind": "thing"}]}', "g.jsonl:2"),
        (b"[]", "g.jsonl:2"),
        (GOOD, "g.jsonl:2: article 'a' stands in line 1 already"),
    ],
)
def test_a_bad_line_is_named(line, said):
    with pytest.raises(ScoreError, match=said):
        totals([GOOD, line], [GOOD])


@settings(max_examples=60)
@given(
    st.lists(
        st.binary(max_size=30) | st.sampled_from([GOOD, b'{"id":"b","error":"x"}']), max_size=4
    )
)
def test_junk_raises_nothing_else(junk):
    with contextlib.suppress(ScoreError):
        totals(junk, junk)


def test_duplicates_and_gold_twice():
    twice = b'{"id": "a", "spans": [[0, 5, "PER"], [0, 5, "PER"]]}\n'
    assert totals([GOOD], [twice]).duplicates == 1
    with pytest.raises(ScoreError, match=r"g.jsonl:1: .*twice"):
        totals([twice], [GOOD])


def test_articles_of_one_side_only():
    other = b'{"id": "b", "spans": []}\n'
    with pytest.raises(ScoreError, match=r"p.jsonl:2: article 'b' is not in g.jsonl"):
        totals([GOOD], [GOOD, other])
    with pytest.raises(
        ScoreError, match=r"g.jsonl:1: article 'a' \(and 1 more\) is not in p.jsonl"
    ):
        totals([GOOD, b'{"id": "c", "spans": []}'], [other, other.replace(b"b", b"z")][:0])


def test_an_article_twice_on_both_sides():
    with pytest.raises(ScoreError, match=r"g\.jsonl:2: article 'a' stands in line 1 already"):
        totals([GOOD, GOOD], [GOOD, GOOD])


def test_every_form_of_a_record():
    fact = '{"kind": "entity", "span": [0, 5], "label": "PER"}'
    date = '{"kind": "date", "span": [6, 9], "type": "DATE", "value": "2024"}'
    forms = [
        f'{{"article_id": "a", "facts": [{fact}, {date}]}}',
        f'{{"goldset": "s", "prediction": {{"article_id": "a", "facts": [{fact}, {date}]}}, "seconds": 1}}',
        f'{{"article": {{"id": "a", "text": "0123456789"}}, "facts": [{{"fact": {fact}, "ignore": false}},'
        f' {{"fact": {date}}}]}}',
    ]
    for gold in forms:
        for pred in forms:
            found = totals([b"\xef\xbb\xbf", gold.encode(), b"\n"], [pred.encode()])
            assert found.by["entity", "strict"].tally.f1 == 1
            assert found.by["date", "value"].tally.f1 == 1
            assert ("quote", "exact") not in found.by


def test_errors_maps_and_dont_care():
    gold = [
        b'{"id": "a", "spans": [[0, 5, "PER"]], "ignore": [[9, 12, "MISC"]]}',
        b'{"id": "b", "spans": [[0, 5, "PER"]]}',
    ]
    pred = [
        b'{"id": "a", "spans": [[0, 5, "PERSON"], [9, 12, "ORG"], [20, 22, "MONEY"], [30, 31, "?"]]}',
        b'{"id": "b", "error": "boom"}',
    ]
    found = totals(gold, pred, label_map={"PERSON": "PER", "ORG": "ORG", "MONEY": ""})
    assert found.errors == {"b": "boom"}
    assert (found.articles, found.ignored, dict(found.unmapped)) == (1, 2, {"?": 1})
    tally = found.by["entity", "strict"].tally
    assert (tally.tp, tally.possible, tally.actual) == (1, 1, 2)


def test_texts_must_be_one():
    gold = b'{"id": "a", "text": "abcdef", "spans": [[0, 5, "PER"]]}'
    with pytest.raises(ScoreError, match=r"p.jsonl:1: the text of 'a' is not that of the gold"):
        totals([gold], [gold.replace(b"abcdef", b"abcdeg")])
    with pytest.raises(ScoreError, match=r"p.jsonl:1: 'a': a span ends at 9, the text at 6"):
        totals([gold], [GOOD.replace(b"5", b"9")])
    assert totals([gold], [GOOD], regimes=["token"]).by["entity", "token"].tally.f1 == 1


# The command


@pytest.fixture
def files(tmp_path):
    gold, pred = tmp_path / "g.jsonl", tmp_path / "p.jsonl"
    gold.write_text('{"id": "a", "spans": [[0, 5, "PER"], [9, 14, "LOC"]]}\n')
    pred.write_text('{"id": "a", "spans": [[0, 5, "PER"], [9, 12, "LOC"]]}\n')
    return ["--gold", str(gold), "--pred", str(pred)]


def run(*arguments: str):
    return CliRunner().invoke(command, arguments)


def test_the_command_prints_a_table(files):
    said = run(*files)
    assert said.exit_code == 0, said.output
    rows = [line.split() for line in said.output.splitlines()]
    assert ["entity", "*", "strict", "2", "2", "1", "0.500", "0.500", "0.500"] in [
        row[:9] for row in rows
    ]
    assert "match:opt" in said.output
    assert "tell apart" not in said.output
    assert "Fewer than 20 articles" in said.output


def test_the_command_says_what_the_set_can_tell_apart(tmp_path):
    gold, pred = tmp_path / "g.jsonl", tmp_path / "p.jsonl"
    articles = [{"id": f"a{i}", "spans": [[0, 5, "PER"], [9, 14, "LOC"]]} for i in range(30)]
    gold.write_text("\n".join(map(json.dumps, articles)))
    said = [{**one, "spans": one["spans"][: 1 + n % 2]} for n, one in enumerate(articles)]
    pred.write_text("\n".join(map(json.dumps, said)))
    output = run("--gold", str(gold), "--pred", str(pred)).output
    assert "This set can tell apart differences of about ± 0.12" in output
    assert "Fewer than" not in output


def test_the_command_prints_json(files):
    found = json.loads(run(*files, "--json", "--regime", "strict", "--draws", "50").output)
    assert found["signature"]["draws"] == 50
    assert [row["label"] for row in found["scores"]] == ["*", "LOC", "PER"]
    assert found["scores"][0]["f1"] == 0.5
    assert found["confusion"]["entity"] == {"LOC": {"LOC": 1}, "PER": {"PER": 1}}


def test_the_signature_names_what_was_in_the_files_and_the_regimes(files):
    def signature(*more: str) -> dict[str, object]:
        return json.loads(run(*files, "--json", "--draws", "0", *more).output)["signature"]

    gold, pred = (Path(file) for file in files[1::2])
    before = signature()
    assert before["gold"] == f"{gold}#{hashlib.sha256(gold.read_bytes()).hexdigest()[:6]}"
    assert before["regime"] == "strict,partial"
    assert signature("--regime", "type")["regime"] == "type"
    pred.write_text('{"id": "a", "spans": []}\n')
    after = signature()
    assert after["gold"] == before["gold"]
    assert after["pred"] != before["pred"]
    assert f"pred:{after['pred']}|regime:strict,partial|" in run(*files).output


@pytest.mark.parametrize(
    "arguments",
    [[], ["--gold", "x.jsonl"], ["RUN", "--gold", "x.jsonl"], ["nowhere"]],
)
def test_wrong_use_of_the_command(arguments):
    said = run(*arguments)
    assert said.exception is not None
    assert getattr(said.exception, "exit_code", said.exit_code) == 2


def test_wrong_values_for_the_command(files):
    for more in (["--regime", "strct"], ["--map", "wikinr"], ["--gold", "nowhere.jsonl"]):
        said = run(*files, *more)
        assert said.exception.exit_code == 2, more


def test_nothing_scored_is_inconclusive(tmp_path):
    file = tmp_path / "p.jsonl"
    file.write_text('{"id": "a", "error": "boom"}\n')
    said = run("--gold", str(file), "--pred", str(file))
    assert said.exception.exit_code == 3
