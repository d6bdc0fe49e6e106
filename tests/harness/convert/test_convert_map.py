"""What ``--map`` takes, and what it makes of labels."""

import pytest

from factharness.convert import import_gold, read_map
from factharness.errors import GoldError
from factharness.facts import Date, Entity, Quote, Span
from factharness.labels import MAPS


def test_pairs_names_and_files_add_up_and_the_last_word_counts(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text('Person = "ORG"\n"time.date" = "DATE"\nMoney = ""\n')
    assert read_map(["Location=LOC, Person=PER"]) == {"Location": "LOC", "Person": "PER"}
    assert read_map(["winer"]) == dict(MAPS["winer"])
    assert read_map(["Person=PER", str(path), "time.date=TIME"]) == {
        "Person": "ORG",
        "time.date": "TIME",
        "Money": "",
    }
    path.write_text('[map]\nPerson = "PER.chef"\n')
    assert read_map([str(path)]) == {"Person": "PER.chef"}


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("winner", "unknown label map 'winner'; did you mean 'winer'? Or give THEIRS=OURS"),
        ("Location=LOK", "unknown label of the gold 'LOK'; did you mean 'LOC'?"),
        ("Location=LOC,Person", "'Person' is not THEIRS=OURS"),
        ("=LOC", "'=LOC' is not THEIRS=OURS"),
        ("missing.toml", "missing.toml: cannot be read"),
        ("own.toml", "own.toml: time: is not a label"),
        ("bad.toml", "bad.toml: unknown label of the gold 'ENT'"),
    ],
)
def test_what_is_no_map_is_refused(value, says, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own.toml").write_text('time.date = "DATE"\n')
    (tmp_path / "bad.toml").write_text('Person = "ENT"\n')
    with pytest.raises(GoldError) as caught:
        read_map([value])
    assert says in str(caught.value)


def test_a_label_can_be_mapped_to_a_date_a_quote_and_its_speaker():
    text = "Ana dit hier : « Oui »."
    ann = (
        "T1\tPersonne 0 3\tAna\nT2\tParole 15 22\t« Oui »\nR1\tspeaker Arg1:T2 Arg2:T1\n"
        "T3\tJour 8 12\thier\nT4\tLocuteur 0 3\tAna\nR2\tcue Arg1:T2 Arg2:T4\n"
    )
    table = read_map(["Personne=PER,Parole=QUOTE,Locuteur=CUE,Jour=DATE"])
    (gold,), notes = import_gold(
        "brat", {"d.txt": text.encode(), "d.ann": ann.encode()}, table=table
    )
    assert [held.fact for held in gold.facts] == [
        Entity(Span(0, 3), "PER"),
        Quote((Span(15, 22),), "direct", Span(0, 3), None, Span(0, 3)),
        Date(Span(8, 12), "DATE"),
    ]
    assert not notes.left_out()
