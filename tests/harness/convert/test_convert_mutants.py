"""Files as other tools write them, with bytes changed, lines dropped or moved, columns added or lost: an import
gives articles or an error that names the file, never anything else."""

import re
from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs
from test_convert_conll import CONLLU, PLAIN
from test_convert_examples import SPOKEN, WEBANNO

from factharness.convert import export_gold, import_gold
from factharness.errors import HarnessError
from factharness.facts import GoldArticle
from factharness.gold.format import render
from factharness.gold.new import composed
from factharness.gold.parse import parse

COLUMNS = "-DOCSTART- un O O\n\n" + "".join(f"{word} NOUN {tag}\n" for word, tag in PLAIN)
ZERO = (
    WEBANNO
    + "2-3.1\t22-22\t\t*[3]\tPER[3]\t_\t_\t\n\n#Text=Oui\n#Text=non\n3-1\t23-26\tOui\t_\t_\t_\t_\t\n"
)
HIPE = """TOKEN\tNE-COARSE-LIT\tNE-COARSE-METO\tNE-NESTED\tNEL-LIT\tMISC
# document_id = un
# date = 2024-03-05
Ana\tB-pers\tO\tO\tQ1\t_
Bo\tI-pers\tO\tB-loc\tQ1\tNoSpaceAfter
.\tO\tO\tO\t_\tEndOfParagraph
"""
BRAT = """T1\tPER 0 6\tAna Bo
T2\tQUOTE 11 14;18 21\tOui non
T3\tCUE 7 10\tdit
A1\tType T2 direct
R1\tcue Arg1:T2 Arg2:T3
#1\tAnnotatorNotes T1\t{"note": "sûr"}
E1\tDire:T3 Who:T1
*\tEquiv T1 T3
"""
SAMPLES = {
    "columns": ("iob2", "d.conll", COLUMNS),
    "tabs": ("iob2", "d.conll", COLUMNS.replace(" ", "\t")),
    "conllu": ("iob2", "d.conllu", CONLLU),
    "hipe": ("hipe", "d.tsv", HIPE),
    "webanno": ("webanno", "d.tsv", ZERO),
    "brat": ("brat", "d.ann", BRAT),
}
BESIDE = {"brat": {"d.txt": b"Ana Bo dit Oui et non."}}

parts = st.sampled_from(
    ["\t", " ", "\n", "\r", "#", "_", "*", "O", "B-", "B-PER", "-", ".", "|", "[1]", "\\", "0", "9"]
)
damage = st.one_of(
    st.tuples(st.just("byte"), st.floats(0, 1), st.binary(min_size=1, max_size=1)),
    st.tuples(st.just("insert"), st.floats(0, 1), parts.map(str.encode)),
    st.tuples(st.just("drop"), st.floats(0, 1), st.just(b"")),
    st.tuples(st.just("twice"), st.floats(0, 1), st.just(b"")),
    st.tuples(st.just("swap"), st.floats(0, 1), st.just(b"")),
    st.tuples(st.just("column"), st.floats(0, 1), parts.map(str.encode)),
    st.tuples(st.just("columns"), st.floats(0, 1), parts.map(str.encode)),
    st.tuples(st.just("number"), st.floats(0, 1), st.integers(0, 10**10).map(lambda n: b"%d" % n)),
)


def damaged(raw: bytes, how: str, where: float, what: bytes) -> bytes:
    """``raw`` with one thing changed at about ``where`` of it."""
    at = int(where * max(0, len(raw) - 1))
    lines = raw.split(b"\n")
    line = int(where * (len(lines) - 1))
    if how == "byte":
        return raw[:at] + what + raw[at + 1 :]
    if how == "insert":
        return raw[:at] + what + raw[at:]
    if how == "number":
        numbers = list(re.finditer(rb"[0-9]+", raw))
        if not numbers:
            return raw
        number = numbers[int(where * (len(numbers) - 1))]
        return raw[: number.start()] + what + raw[number.end() :]
    if how == "drop":
        del lines[line]
    elif how == "twice":
        lines.insert(line, lines[line])
    elif how == "swap":
        lines[line], lines[-1] = lines[-1], lines[line]
    elif how == "column":
        lines[line] += b"\t" + what
    else:
        lines = [each + b"\t" + what for each in lines]
    return b"\n".join(lines)


@pytest.mark.parametrize("sample", sorted(SAMPLES))
def test_the_samples_are_read(sample):
    name, file, source = SAMPLES[sample]
    articles, _ = import_gold(name, {file: source.encode()} | BESIDE.get(name, {}))
    assert sum(len(article.facts) for article in articles) >= 2


@pytest.mark.parametrize("sample", sorted(SAMPLES))
@settings(max_examples=60)
@given(changes=st.lists(damage, min_size=1, max_size=4))
def test_a_damaged_file_gives_articles_or_an_error_with_its_name(sample, changes):
    name, file, source = SAMPLES[sample]
    check_damaged(name, file, source.encode(), BESIDE.get(name, {}), changes)


@settings(max_examples=60)
@given(changes=st.lists(damage, min_size=1, max_size=4))
def test_a_damaged_xmi_gives_articles_or_an_error_with_its_name(changes):
    pytest.importorskip("cassis")
    beside = export_gold("xmi", [SPOKEN]).files
    raw = beside.pop("essai.xmi")
    check_damaged("xmi", "essai.xmi", raw, beside, changes)


def check_damaged(
    name: str,
    file: str,
    raw: bytes,
    beside: dict[str, bytes],
    changes: list[tuple[str, float, bytes]],
) -> None:
    """Import a file with some changes, and what stands beside it."""
    for change in changes:
        raw = damaged(raw, *change)
    error, articles = attempt(name, {file: raw} | beside)
    if error is not None:
        assert error.file in (file, *beside), str(error)
        assert error.remedy
    for article in articles:
        if article.article.text and "\0" not in article.article.text:
            published = structs.replace(article.article, published=date(2024, 3, 5))
            parse(render(composed(structs.replace(article, article=published))[0]))


def attempt(
    name: str, files: dict[str, bytes]
) -> tuple[HarnessError | None, Sequence[GoldArticle]]:
    """The error of an import, or its articles."""
    try:
        return None, import_gold(name, files)[0]
    except HarnessError as error:
        return error, ()
