// The lines of the text as they are on the screen, for the arrows up and down.

// The unit under or over the caret's, or null where the text ends or the browser cannot tell.
function unitInLine(article, state, step) {
  const boxes = $$("#article .frame.caret").flatMap((element) => [...element.getClientRects()]);
  if (!boxes.length) return null;
  const box = step > 0 ? boxes.at(-1) : boxes[0];
  const x = (box.left + box.right) / 2;
  // From line to line in steps of half the height of letters: lines are not the same distance apart everywhere.
  for (let way = box.height; way < 6 * box.height; way += box.height / 2) {
    const y = (box.top + box.bottom) / 2 + step * way;
    const place = placeAtPoint(article, x, y);
    if (place === null) continue;
    const unit = unitAt(state.doc, place);
    const other = state.doc.units[unit];
    if (step > 0 ? other[0] >= state.caret[1] : other[1] <= state.caret[0]) return unit;
  }
  return null;
}

function placeAtPoint(article, x, y) {
  if (document.caretPositionFromPoint) {
    const at = document.caretPositionFromPoint(x, y);
    return at && placeIn(article, at.offsetNode, at.offset);
  }
  const range = document.caretRangeFromPoint?.(x, y);
  return range ? placeIn(article, range.startContainer, range.startOffset) : null;
}
