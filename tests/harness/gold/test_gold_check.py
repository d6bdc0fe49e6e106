"""Each check of the format document: a file that passes, and one that does not."""

import gc
import sys
from pathlib import Path

import pytest
from gold_strategies import EXAMPLE, example
from hypothesis import given
from hypothesis import strategies as st

from factharness.gold import anchors
from factharness.gold import problems as problems_module
from factharness.gold.format import render
from factharness.gold.marks import marked
from factharness.gold.problems import Problem, check_document, check_paths
from factharness.gold.syntax import read
from factharness.gold.tree import Document
from factharness.gold.withhold import withhold

TEXT = "La maire de Lyon a dit « oui » mardi à l’aube."
QUOTE = "QUOTE « oui » | direct | by: La maire de Lyon | cue: a dit"


def problems(*lines: str, **more: str) -> list[Problem]:
    more.setdefault("text", TEXT)
    return check_document(read(example(*lines, **more), "essai.gold"))[0]


def says(*lines: str, **more: str) -> str:
    return "\n".join(str(problem) for problem in problems(*lines, **more))


def test_the_example_and_a_good_file_are_clean():
    assert check_document(read(EXAMPLE))[0] == []
    assert problems("LOC Lyon", QUOTE, "DATE mardi | 2024-03-05") == []


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["PRE Lyon"], "essai.gold:10: unknown label 'PRE'; did you mean 'PER'?"),
        (["LOC Lyon | meto: ROG"], "unknown label after meto: 'ROG'; did you mean 'ORG'?"),
        (["DATE mardi | 5 mars"], "'5 mars' is not the value of a DATE"),
        (["DATE mardi"], "a DATE without a value"),
        (
            ["DATE mardi | 2024-03-06"],
            "2024-03-06 is a mercredi, the words say mardi [D5]; correct the value",
        ),
        (["DATE mardi | 2024-03-05 | mod: SOON"], "unknown mod: 'SOON'"),
        (["QUOTE « oui » | direct"], "a quote without by: [Q26]; write by: words"),
        (["LOC <11:16>"], "' Lyon' starts or ends on a space"),
        (["LOC <12:15>"], "'Lyo' starts or ends inside a word"),
        (["DATE? l’aube | 2024-03-05TMO"], "'l’aube' starts with an elided article"),
        (["MISC l’aube"], "starts with an elided article"),
        (["LOC Lyon", "LOC Lyon"], "essai.gold:11: the same entity stands on line 10"),
        (["LOC Lyon", "ORG Lyon"], "the same entity stands on line 10"),
        ([QUOTE, QUOTE], "the same quote stands on line 10"),
        (["LOC Lyon | note: unconfirmed"], "a proposed fact that nobody has confirmed"),
        (["LOC Lion"], "'Lion' does not stand"),
        (["LOC Lyon |"], "an empty field"),
    ],
)
def test_a_check_names_line_and_remedy(lines, message):
    found = problems(*lines, "QUOTE? oui")
    assert len(found) == 1
    assert message in str(found[0])


def test_marked_words_belong_to_a_quote():
    (found,) = problems()
    assert str(found) == (
        "essai.gold:9: '« oui »' stands in marks and in no quote [Q18]; "
        "label it QUOTE, or QUOTE? when nobody says it"
    )


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("QUOTE « oui » | direct | by: Bob", "by: 'Bob' does not stand in the paragraph above"),
        ("QUOTE « oui » | direct | by: @zz", "unknown quote '@zz'"),
        ("QUOTE « oui » | by: -", "a QUOTE has no type"),
    ],
)
def test_a_quote_with_a_mistake_is_told_once(line, message):
    (found,) = problems(line)
    assert message in str(found)


@pytest.mark.parametrize(
    "line",
    [
        "QUOTE « oui » | direct | by: -",
        "QUOTE? « oui »",
        "PER d’Ormesson",
        "ORG L’Équipe",
        "DATE? mardi",
    ],
)
def test_what_is_allowed(line):
    text = "Pour « oui », d’Ormesson lit L’Équipe mardi."
    assert [item.message for item in problems(line, "QUOTE? oui", text=text)] == []


def test_two_speakers_in_one_pair_of_marks_are_two_quotes():
    assert problems(QUOTE, "QUOTE « oui » | direct | by: - = maire") == []


def test_a_name_is_labelled_everywhere():
    text = "Lyon et Lyon-Sud, Lyon et le Grand Lyon, lyon."
    found = says("LOC Lyon <#1>", "ORG Grand Lyon", text=text)
    assert found == (
        "essai.gold:9: 'Lyon' is labelled on line 10 and unlabelled in this paragraph [G2]; "
        "label it here too, or mark it don't care with ?"
    )
    assert says("LOC Lyon <#1>", "ORG Grand Lyon", "LOC? Lyon <#3>", text=text) == ""
    assert says("LOC Lyon <#1>", text="Lyon, Lyon.", labels='{ skip = ["entity"] }') == ""


@pytest.mark.parametrize(
    ("paragraph", "stretches"),
    [
        ("il « a “b” c » et « d »", ["« a “b” c »", "« d »"]),
        ("« il « a » b » c", ["« il « a » b »"]),
        ("« jamais fermé", ["« jamais fermé"]),
        ("jamais ouvert » et « a »", ["jamais ouvert »", "« a »"]),
        ("un “deux” trois", ["“deux”"]),
        ('un "deux" et "trois"', ['"deux"', '"trois"']),
        ('3" de pluie', []),
        ('« il dit "oui" »', ['« il dit "oui" »']),
        ("sans", []),
    ],
)
def test_stretches_in_marks(paragraph, stretches):
    assert [paragraph[start:end] for start, end in marked(paragraph)] == stretches


@given(st.text(st.sampled_from('«»“”" a')))
def test_stretches_in_marks_are_in_order_and_within(paragraph):
    found = marked(paragraph)
    assert all(0 <= start < end <= len(paragraph) for start, end in found)
    assert found == sorted(found)


def test_headers_are_checked():
    found = says(QUOTE, id='"autre"', labels='{ scheme = "fr-news-l" }')
    assert "essai.gold:1: the id 'autre' is not the file's name; name the file autre.gold" in found
    assert "the scheme is 'fr-news-l', that of its set 'fr-news-1'" in str(found)
    assert "the header says 000000000000" in says(QUOTE, sha256=f'"{"0" * 64}"')


def test_a_text_free_file_holds_no_words():
    bare = render(withhold(read(example("LOC Lyon", QUOTE, text=TEXT))))
    assert check_document(read(bare, "essai.gold"))[0] == []
    worded = bare.replace("lang ", 'title = "T"\nlang ').replace("<12:16>", "<12:16> | note: x")
    messages = [problem.message for problem in check_document(read(worded, "essai.gold"))[0]]
    assert messages == ["a text-free file holds a title", "a text-free file holds a note"]
    assert render(withhold(read("# Lyon\n" + worded + "  # Lyon\n"))) == bare


def test_text_out_of_normal_form_is_told():
    source = example("LOC Lyon", QUOTE, text=TEXT).replace("de Lyon a", "de  Lyon a")
    (problem,) = check_document(read(source, "essai.gold"))[0]
    assert "not in normal form" in problem.message


def test_all_mistakes_of_a_file_are_listed():
    assert len(problems("loc Lyon", "LOC Lion", "XYZ Lyon", QUOTE)) == 3


def test_annotations_for_pull_requests():
    problem = Problem("a.gold", 3, "100 %\n", "mend")
    assert problem.github() == "::error file=a.gold,line=3::100 %25%0A; mend"
    assert "file=a%2Cb%3A%25.gold," in Problem("a,b:%.gold", 3, "x", "y").github()
    assert Problem("a.gold", 3, "x", "y", "warning").github().startswith("::warning ")


def write(folder: Path, name: str, *lines: str, **more: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.gold"
    path.write_text(example(*lines, id=f'"{name}"', **more), encoding="utf-8")
    return path


def test_one_name_with_two_labels_in_a_set_is_a_warning(tmp_path):
    write(tmp_path, "a", "LOC Lens", text="Lens.")
    write(tmp_path, "b", "LOC Lens", text="Lens.")
    path = write(tmp_path, "c", "ORG Lens", text="Lens.")
    (found,) = check_paths([tmp_path])
    assert found.level == "warning"
    assert str(found).startswith(f"{path}:10: warning: 'Lens' is ORG here and LOC at ")
    write(tmp_path, "c", "ORG Lens | note: the club", text="Lens.")
    assert list(check_paths([tmp_path])) == []


def test_folders_of_sets_and_single_files_are_checked(tmp_path):
    good = write(tmp_path / "one", "a", "LOC Lens", text="Lens.")
    write(tmp_path / "one" / "by", "b", "LOC Rien", text="Lens.")
    bad = write(tmp_path / "two", "b", "LOC Rien", text="Lens.")
    assert list(check_paths([good])) == []
    assert [problem.path for problem in check_paths([tmp_path])] == [str(bad)]


def test_set_files_are_checked(tmp_path):
    write(tmp_path, "a", "LOC Lens", text="Lens.")
    (tmp_path / "set.toml").write_text(
        'name = "s"\nscheme = "fr-news-2"\n[labels]\nPER = { kind = "entity" }\n'
        '[articles.x]\npath="p"\nsha256="0"\n'
    )
    messages = [problem.message for problem in check_paths([tmp_path])]
    assert messages == [
        "the scheme is 'fr-news-1', that of its set 'fr-news-2'",
        "'x' has no file x.gold",
    ]
    (tmp_path / "set.toml").write_text("nmae = 's'")
    assert "did you mean 'name'" in str(next(check_paths([tmp_path])))


@pytest.mark.parametrize("raw", [b"\x00\x01", b"\xff\xfe", b"", b"gold = 1\n+++\n> a", b"\x89PNG"])
def test_files_that_are_no_gold_files_are_problems(tmp_path, raw):
    path = tmp_path / "x.gold"
    path.write_bytes(raw)
    (found,) = check_paths([path])
    assert found.path == str(path)


def calls_of(work) -> int:
    """How many functions ``work()`` calls: its cost in a unit that no machine changes."""
    count = 0

    def step(_frame, event, _argument):
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(step)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def test_a_file_or_a_paragraph_costs_the_same_beside_many_as_beside_few(tmp_path, monkeypatch):
    monkeypatch.setattr(anchors, "INDEXED", 2000)

    def work(files: int, paragraphs: int) -> int:
        folder = tmp_path / f"{files}-{paragraphs}"
        folder.mkdir()
        for number in range(files):
            text = "\n\n".join(TEXT + f" Fin {number} {index}." for index in range(paragraphs))
            write(folder, f"n{number}", "LOC Lyon", QUOTE, "DATE mardi | 2024-03-05", text=text)
        problems = []
        calls = calls_of(lambda: problems.extend(check_paths([folder])))
        errors = [problem for problem in problems if problem.level == "error"]
        assert len(errors) == files * (paragraphs - 1) * 2
        return calls

    work(1, 2)  # what is only done once
    files = [work(number, 3) for number in (5, 10, 100, 105)]
    # Texts of 40 paragraphs and more all have an index of their words.
    paragraphs = [work(1, number) for number in (40, 45, 100, 105)]
    for few, some, many, more in (files, paragraphs):
        assert more - many < 1.3 * (some - few), "the last five cost more than the first"


def test_a_set_is_checked_without_holding_its_files(tmp_path, monkeypatch):
    def spied(path):
        gc.collect()
        held.append(sum(isinstance(each, Document) for each in gc.get_objects()))
        return check_file(path)

    held, check_file = [], problems_module.check_file
    monkeypatch.setattr(problems_module, "check_file", spied)
    for number in range(8):
        write(tmp_path, f"n{number}", f"{'ORG' if number else 'LOC'} Lyon", QUOTE)
    (found,) = (problem for problem in check_paths([tmp_path]) if "is LOC here" in problem.message)
    assert found.path.endswith("n0.gold")
    assert len(held) == 8
    assert held[-1] <= held[0] + 2


def test_set_toml_names_the_articles_of_its_folder(tmp_path):
    for name in ("a", "b"):
        write(tmp_path, name, "LOC Lyon", QUOTE)
    document = withhold(read((tmp_path / "b.gold").read_text(encoding="utf-8")))
    (tmp_path / "b.gold").write_text(render(document), encoding="utf-8")
    (tmp_path / "set.toml").write_text(
        '[texts]\nrepository = "https://example.org/a"\n'
        '[articles.a]\npath = "a"\nsha256 = ""\n[articles.c]\npath = "c"\nsha256 = ""\n',
        encoding="utf-8",
    )
    assert [problem.message for problem in check_paths([tmp_path])] == [
        "'c' has no file c.gold",
        "'b' has no path and sha256 under articles",
    ]


@pytest.mark.parametrize("lines", [">a\n> b", "> a\n>b", "> a\n> b"])
def test_a_wrong_mark_is_found_on_every_line_of_a_paragraph(lines):
    source = example("LOC Lyon", text="Lyon.").replace("> Lyon.", f"{lines}\n\n> Lyon.")
    wrong = [one.line for one in check_document(read(source))[0] if "no space" in one.message]
    number = source[: source.index(lines)].count("\n") + 1
    assert wrong == [
        number + index for index, line in enumerate(lines.split("\n")) if not line.startswith("> ")
    ]
