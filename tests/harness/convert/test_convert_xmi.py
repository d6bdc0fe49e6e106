"""XMI of other tools: what its library says reaches the account, and what is no fact is counted."""

import warnings

import pytest
from test_convert_examples import TEXT, refused

from factharness.convert import format_named

cassis = pytest.importorskip("cassis")

NAMES = "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity"
TAGS = "de.tudarmstadt.ukp.dkpro.core.api.lexmorph.type.pos.POS"


@pytest.fixture(scope="module")
def system():
    system = cassis.load_dkpro_core_typesystem()
    relation = system.create_type("webanno.custom.Rel", "uima.tcas.Annotation")
    name = system.get_type(NAMES)
    for feature, kind in (("Governor", name), ("Dependent", name), ("kind", "uima.cas.String")):
        system.create_feature(relation, feature, kind)
    system.create_feature(
        system.create_type("webanno.custom.Mark", "uima.tcas.Annotation"), "n", "uima.cas.Integer"
    )
    return system


def files(system, add) -> dict[str, bytes]:
    cas = cassis.Cas(typesystem=system)
    cas.sofa_string = TEXT
    add(cas)
    return {"TypeSystem.xml": system.to_xml().encode(), "d.xmi": cas.to_xmi().encode()}


def read(given: dict[str, bytes]):
    """What is labelled, and the notes; a Python warning would be an error."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = format_named("xmi").read(given)
    (document,) = found.documents
    assert document.file == "d.xmi"
    return [(each.spans[0].of(TEXT), each.label) for each in document.regions], found.notes


def test_what_is_no_name_is_counted_and_no_label(system):
    def add(cas):
        def make(name, **more):
            made = system.get_type(name)(**more)
            cas.add(made)
            return made

        ana = make(NAMES, begin=2, end=8, value="PER")
        make(NAMES, begin=9, end=9, value="LOC")
        make(TAGS, begin=2, end=5, PosValue="NOUN")
        make("webanno.custom.Mark", begin=2, end=5)
        make("webanno.custom.Rel", begin=2, end=8, Governor=ana, Dependent=ana, kind="is")
        other = cas.create_view("traduction")
        other.sofa_string = "Ana"
        other.add(system.get_type(NAMES)(begin=0, end=3, value="PER"))

    labelled, notes = read(files(system, add))
    assert labelled == [("Ana Bo", "PER")]
    assert notes.left_out_by_place()["d.xmi"] == 5
    assert (
        sorted(notes.lines())
        == [
            f"an annotation {NAMES} of no width, left out (1)",
            f"an annotation {TAGS} of grammar, left out (1)",
            "an annotation of the view 'traduction', left out (1)",
            "an annotation webanno.custom.Mark without a label, left out (1)",
            "a relation webanno.custom.Rel, left out (1)",
        ]
        or len(notes.lines()) == 5
    )


def test_annotations_that_no_type_system_describes_are_counted_without_a_warning(system):
    given = files(system, lambda cas: cas.add(system.get_type(NAMES)(begin=2, end=8, value="PER")))
    del given["TypeSystem.xml"]
    labelled, notes = read(given)
    assert not labelled
    assert notes.left_out_by_place()["d.xmi"] == 1
    assert f"'{NAMES}', which no type system describes, left out (1)" in notes.lines()


def test_a_type_system_that_repeats_itself_is_noted_without_a_warning(system):
    given = files(system, lambda cas: None)
    source = given["TypeSystem.xml"].decode()
    feature = source[source.index("<featureDescription>") :]
    feature = feature[: feature.index("</featureDescription>") + len("</featureDescription>")]
    given["TypeSystem.xml"] = source.replace(feature, feature * 2, 1).encode()
    _, notes = read(given)
    assert any(line.startswith("dkpro-cassis says: ") for line in notes.lines())
    assert not notes.left_out()


@pytest.mark.parametrize(("old", "new"), [('begin="3"', 'begin="1"'), ('end="9"', 'end="99"')])
def test_offsets_that_the_text_lacks_are_refused(system, old, new):
    given = files(system, lambda cas: cas.add(system.get_type(NAMES)(begin=2, end=8, value="PER")))
    assert old in given["d.xmi"].decode()
    given["d.xmi"] = given["d.xmi"].replace(old.encode(), new.encode())
    assert "d.xmi: is not UIMA XMI: Not mapping external offset" in refused("xmi", given)


@pytest.mark.parametrize(
    "declaration",
    [
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE x SYSTEM "http://example.org/x.dtd">',
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>',
    ],
)
@pytest.mark.parametrize("name", ["d.xmi", "TypeSystem.xml"])
def test_entities_are_never_resolved(system, declaration, name):
    given = files(system, lambda cas: None)
    head, body = given[name].decode().split("?>", 1)
    given[name] = f"{head}?>{declaration}{body}".encode()
    assert f"{name}: declares a document type or entities" in refused("xmi", given)
