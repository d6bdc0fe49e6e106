"""What five scorers say of the same ten inputs: exact spans with labels, over all labels.

    python benchmarks/scorers_compared.py

Each tool gets an input in the form that it reads: nervaluate and factharness spans of characters, seqeval
and seqscore BIO tags, spaCy a document with spans on its tokens. A cell is precision / recall / F1 as the tool
returns them, `none` where it returns none; else what it does with the input. Prints a table in Markdown.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass

from factharness.score import score_spans
from factharness.score.tags import decode

Mention = tuple[int, int, str]
"""First character, end, label."""
TOKENS, STEP = 8, 4  # a text of eight words of three letters, with a space after each
TEXT = "abc " * TOKENS


class NotExpressible(Exception):
    """The tool's form of input cannot hold it."""


@dataclass
class Case:
    """An input; mentions are given by their first and last word, `tags` are predicted in place of mentions."""

    name: str
    gold: list[Mention]
    predicted: list[Mention]
    tags: list[str] | None = None


def words(first: int, last: int, label: str) -> Mention:
    return first * STEP, last * STEP + STEP - 1, label


ONE = words(1, 2, "PER")
CASES = (
    Case("nested names, both found", *[[words(1, 4, "ORG"), words(3, 4, "LOC")]] * 2),
    Case("adjacent names, both found", *[[words(1, 2, "PER"), words(3, 3, "PER")]] * 2),
    Case(
        "predicted tags that BIO does not allow: `I-PER I-PER O B-PER I-ORG`",
        [words(0, 1, "PER"), words(3, 4, "PER")],
        [],
        ["I-PER", "I-PER", "O", "B-PER", "I-ORG", "O", "O", "O"],
    ),
    Case("boundary off by one word", [ONE], [words(1, 3, "PER")]),
    Case("right span, wrong label", [ONE], [words(1, 2, "ORG")]),
    Case("one name predicted twice", [ONE], [ONE, ONE]),
    Case("no gold, one prediction", [], [ONE]),
    Case("one gold name, no prediction", [ONE], []),
    Case("two overlapping predictions, the second right", [ONE], [words(0, 1, "PER"), ONE]),
    Case("right spans that end inside a word", *[[(4, 9, "PER")]] * 2),
)


def bio(mentions: list[Mention]) -> list[str]:
    tags = ["O"] * TOKENS
    for start, end, label in mentions:
        if start % STEP or (end + 1) % STEP:
            raise NotExpressible
        first, last = start // STEP, end // STEP
        if tags[first : last + 1] != ["O"] * (last + 1 - first):
            raise NotExpressible
        tags[first : last + 1] = [f"B-{label}"] + [f"I-{label}"] * (last - first)
    return tags


def triple(precision: float | None, recall: float | None, f1: float | None) -> str:
    return " / ".join(
        "none" if value is None else f"{value:.2f}" for value in (precision, recall, f1)
    )


def factharness(case: Case) -> str:
    rows = [("a", *mention) for mention in case.gold]
    if case.tags is None:
        said = [("a", *mention) for mention in case.predicted]
    else:
        said = [
            ("a", *words(first, end - 1, label))
            for first, end, label in decode(case.tags, "BIO").spans
        ]
    score = score_spans(rows, said, regimes=["strict"], docs=["a"])["strict"]
    return triple(score.precision, score.recall, score.f1)


def nervaluate(case: Case) -> str:
    from nervaluate import Evaluator

    def listed(mentions: list[Mention]) -> list[list[dict[str, object]]]:
        return [
            [{"label": label, "start": start, "end": end - 1} for start, end, label in mentions]
        ]

    labels = ["PER", "ORG", "LOC"]
    if case.tags is None:
        evaluator = Evaluator(listed(case.gold), listed(case.predicted), tags=labels, loader="dict")
    else:
        evaluator = Evaluator([bio(case.gold)], [case.tags], tags=labels, loader="list")
    found = evaluator.evaluate()["overall"]["strict"]
    return triple(found.precision, found.recall, found.f1)


def seqeval(case: Case) -> str:
    from seqeval.metrics import f1_score, precision_score, recall_score

    sides = [bio(case.gold)], [case.tags or bio(case.predicted)]
    return triple(precision_score(*sides), recall_score(*sides), f1_score(*sides))


def seqscore(case: Case) -> str:
    from seqscore.scoring import score_label_sequences

    said = case.tags or bio(case.predicted)
    score, _ = score_label_sequences([said], [bio(case.gold)], "BIO", repair=None)
    return triple(score.precision, score.recall, score.f1)


def spacy(case: Case) -> str:
    import spacy as library
    from spacy.scorer import Scorer
    from spacy.tokens import Doc
    from spacy.training import Example

    vocabulary = library.blank("fr").vocab

    def document(mentions: list[Mention], tags: list[str] | None = None) -> Doc:
        doc = Doc(vocabulary, words=["abc"] * TOKENS, ents=tags)
        spans = [doc.char_span(*mention) for mention in mentions]
        if None in spans:
            raise NotExpressible
        doc.spans["names"] = [*doc.ents, *spans]
        return doc

    example = Example(document(case.predicted, case.tags), document(case.gold))
    found = Scorer.score_spans(
        [example],
        "names",
        getter=lambda doc, key: doc.spans[key],
        allow_overlap=True,
        has_annotation=lambda doc: "names" in doc.spans,
    )
    return triple(*(found[f"names_{part}"] for part in "prf"))


TOOLS: dict[str, Callable[[Case], str]] = {
    "factharness": factharness,
    "nervaluate": nervaluate,
    "seqeval": seqeval,
    "seqscore": seqscore,
    "spaCy": spacy,
}


def cell(tool: Callable[[Case], str], case: Case) -> str:
    """What a tool says of a case. A tool that is not installed raises ``ImportError``."""
    try:
        return tool(case)
    except NotExpressible:
        return "cannot be written"
    except ImportError:
        raise
    except Exception as error:  # each tool has its own way to refuse
        return f"refused: `{type(error).__name__}`"


def table() -> str:
    """A row for each input, a column for each tool."""
    lines = [f"| input | {' | '.join(TOOLS)} |", "|---" * (len(TOOLS) + 1) + "|"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for case in CASES:
            lines.append(
                f"| {case.name} | {' | '.join(cell(tool, case) for tool in TOOLS.values())} |"
            )
    return "\n".join(lines)


if __name__ == "__main__":
    print(table())
