import pytest

from factharness.labels import DATE_LABELS, DROPPED, ENTITY_LABELS, MAPS, mapped, recognise


@pytest.mark.parametrize("name", MAPS)
def test_every_map_leads_into_the_gold_scheme(name):
    assert set(MAPS[name].values()) <= {*ENTITY_LABELS, *DATE_LABELS, DROPPED}


def test_a_hierarchical_label_falls_back_on_its_prefixes():
    assert mapped("loc.adm.town", MAPS["quaero"]) == "LOC"
    assert mapped("time.hour.abs", MAPS["quaero"]) == "TIME"


def test_dropped_is_not_unmapped():
    assert mapped("MONEY", MAPS["ontonotes"]) == DROPPED
    assert mapped("ANIMAL", MAPS["ontonotes"]) is None


@pytest.mark.parametrize(
    ("labels", "name"),
    [
        (["PER", "LOC", "ORG", "MISC"], "wikiner"),
        (["PER", "LOC", "ORG", "MISC", "DATE", "TIME"], "fr-news-1"),
        (["Person", "Location", "Hour"], "winer"),
        (["PERSON", "GPE", "CARDINAL"], "ontonotes"),
        (["pers.ind", "loc.adm.town", "amount"], "quaero"),
        (["pers.ind", "time.date.abs"], "quaero"),
        (["pers", "org", "loc", "prod", "time"], "hipe"),
        (["pers.ind", "time"], "hipe"),
    ],
)
def test_a_scheme_is_recognised_by_its_labels(labels, name):
    assert recognise(labels) == name
