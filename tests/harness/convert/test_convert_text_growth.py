"""Files of columns four times as long cost about four times the work, counted in lines and calls."""

from collections.abc import Callable
from datetime import date

import pytest
from counted_work import steps
from msgspec import structs
from test_convert_growth import SMALL

from factharness.convert import import_gold
from factharness.gold.format import render
from factharness.gold.new import composed
from factharness.gold.parse import parse


def sentences(size: int) -> tuple[str, str]:
    """CoNLL columns without document marks: one article of many sentences."""
    return "iob2", "Ana\tB-PER\nvit\tO\nà\tO\nLyon\tB-LOC\n.\tO\n\n" * size


def sentence(size: int) -> tuple[str, str]:
    """One sentence of many names, all of them different."""
    return "iob2", "".join(f"Ana {number}\tB-PER\nLyon\tI-PER\n" for number in range(size))


def documents(size: int) -> tuple[str, str]:
    """Many documents in a file."""
    return "iob2", "-DOCSTART- O\n\nAna\tB-PER\nvit\tO\n\n" * size


def conllu(size: int) -> tuple[str, str]:
    """CoNLL-U with tokens of two words."""
    end = "\t_" * 7
    return "iob2", (
        f"1-2\tdu{end}\t_\n1\tde{end}\tNER=O\n2\tle{end}\tNER=O\n3\tMans{end}\tNER=B-LOC\n\n" * size
    )


def hipe(size: int) -> tuple[str, str]:
    """HIPE's columns."""
    return "hipe", "TOKEN\tNE-COARSE-LIT\tMISC\n" + "Ana\tB-PER\t_\nvit\tO\tEndOfLine\n" * size


def webanno(size: int) -> tuple[str, str]:
    """WebAnno TSV of many sentences, each of two lines."""
    rows = "".join(
        f"\n#Text=Ana\n#Text=vit\n{number + 1}-1\t{8 * number}-{8 * number + 3}\tAna\tPER\t\n"
        for number in range(size)
    )
    return "webanno", f"#FORMAT=WebAnno TSV 3.3\n#T_SP=x.Span|value\n\n{rows}"


def stacked(size: int) -> tuple[str, str]:
    """WebAnno TSV with many annotations on one token."""
    cell = "|".join(f"A[{number + 1}]" for number in range(size))
    return "webanno", (
        f"#FORMAT=WebAnno TSV 3.3\n#T_SP=x.Span|value\n\n\n#Text=Ana\n1-1\t0-3\tAna\t{cell}\t\n"
    )


def through(name: str, source: str) -> None:
    """From a file to gold files, and their facts read back."""
    for gold in import_gold(name, {"d.tsv": source.encode()})[0]:
        published = structs.replace(gold.article, published=date(2024, 3, 5))
        parse(render(composed(structs.replace(gold, article=published))[0]))


@pytest.mark.parametrize(
    "shape",
    [sentences, sentence, documents, conllu, hipe, webanno, stacked],
    ids=lambda made: made.__name__,
)
def test_an_import_of_columns_is_linear(shape: Callable[[int], tuple[str, str]]):
    through(*shape(3))
    small = steps(lambda: through(*shape(SMALL)))
    large = steps(lambda: through(*shape(4 * SMALL)))
    assert large < 6 * small
