// The pointer in the text: words that are swept over or clicked at become a place in code points.

// The span that is selected in the article, or the place that was clicked at; null when it is not in a paragraph.
function pointedAt(article, event) {
  const selection = getSelection();
  const row = event.target.closest?.(".row > .t");
  if (!row || !selection.rangeCount) return null;
  const range = selection.getRangeAt(0);
  const [from, to] = [placeIn(article, range.startContainer, range.startOffset), placeIn(article, range.endContainer, range.endOffset)];
  return from === null || to === null ? null : [Math.min(from, to), Math.max(from, to)];
}

function placeIn(article, node, offset) {
  const holder = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest(".row > .t");
  if (!holder) return null;
  const before = document.createRange();
  before.setStart(holder, 0);
  before.setEnd(node, offset);
  const [start] = article.paragraphs[Number(holder.parentElement.dataset.n)];
  return article.offsets.point(article.offsets.unit(start) + before.toString().length);
}
