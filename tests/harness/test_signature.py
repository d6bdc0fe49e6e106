from factharness import __version__
from factharness.signature import Signature, backend_part, digest, gold_part, map_part, plain_part

SIGNATURE = Signature(gold="depeches@1#7c1e09", map="wikiner", backend="spacy#a91f")


def test_a_signature_reads_as_the_design_writes_it():
    assert SIGNATURE.of("entity.f1", "strict") == (
        "entity.f1|gold:depeches@1#7c1e09|scheme:fr-news-1|regime:strict|map:wikiner"
        f"|match:opt|backend:spacy#a91f|v:{__version__}|seed:0"
    )


def test_numbers_differ_comparably_in_back_end_and_version_only():
    assert SIGNATURE.differences(Signature(SIGNATURE.gold, "wikiner", "x#1", version="9")) == []
    other = Signature("depeches@2#000000", "winer", "spacy#a91f")
    assert SIGNATURE.differences(other) == [
        "gold: depeches@1#7c1e09 against depeches@2#000000",
        "map: wikiner against winer",
    ]


def test_parts_do_not_depend_on_the_order_of_keys():
    assert backend_part("b", {"x": "1", "y": "2"}) == backend_part("b", {"y": "2", "x": "1"})
    assert map_part({"A": "PER", "B": "LOC"}) == map_part({"B": "LOC", "A": "PER"})
    assert map_part("winer") == "winer"
    assert gold_part("depeches", "1", "7c1e09ffff") == "depeches@1#7c1e09"
    assert gold_part("depeches", "1#2", "7c1e09ffff", "nfd") == "depeches@1#2#7c1e09~nfd"
    for variant in ("", "nfd"):
        assert plain_part(gold_part("d~", "1", "7c1e09", variant)) == "d~@1#7c1e09"
    assert len(digest("x", 8)) == 8
