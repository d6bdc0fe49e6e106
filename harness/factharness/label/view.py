"""What the page shows beside the text: the lines of the gold file, and what ``gold check`` finds in it."""

from __future__ import annotations

from bisect import bisect_right

from factharness.facts import places_of
from factharness.gold.format import write_fact
from factharness.gold.problems import check_document
from factharness.gold.readings import reading_of
from factharness.gold.tree import Comment, FactLine
from factharness.label.draft import GoldDraft
from factharness.label.wire import GoldLine, ProblemShown


def lines_of(draft: GoldDraft) -> list[list[GoldLine]]:
    """The lines under each paragraph, as they stand in the file."""
    published = draft.document.header.published
    of_line = {gold.line: index for index, gold in enumerate(draft.gold)}
    of_id = {
        line.id: of_line[line.line]
        for block in draft.document.blocks
        for line in block.facts()
        if line.id and line.line in of_line
    }

    def line(item: FactLine | Comment) -> GoldLine:
        if isinstance(item, Comment):
            return GoldLine(None, item.line, item.text)
        index = of_line.get(item.line, of_id.get(item.id or ""))
        if index is None:
            return GoldLine(None, item.line, write_fact(item))
        reading = reading_of(draft.gold[index], published)
        return GoldLine(index, item.line, write_fact(item), reading, draft.facts[index].spans)

    return [[line(item) for item in block.lines] for block in draft.document.blocks]


def problems_of(draft: GoldDraft) -> list[ProblemShown]:
    """The problems of the file, by line."""
    problems, _ = check_document(draft.document)
    starts = [block.paragraph.line for block in draft.document.blocks]
    first = {gold.line: gold for gold in draft.gold}
    shown = []
    for problem in sorted(problems):
        gold = first.get(problem.line)
        place = (problem.place,) if problem.place else ()
        paragraph = bisect_right(starts, problem.line) - 1
        shown.append(
            ProblemShown(
                problem.line,
                problem.level,
                problem.rule,
                problem.message,
                problem.remedy,
                paragraph if paragraph >= 0 else None,
                places_of(gold.fact) if gold else place,
            )
        )
    return shown
