// How far a label reaches from the caret, and the edges that g, h, j and k move.

// The span that a name takes at the caret. Inside a name that has the label's extent already it reaches from the
// caret's word to the end of the run, so that names in longer names can be labelled. At the first word that is the
// whole name again, which changes its label, unless Backspace brought the caret there: then it is that word alone.
function nameSpan(state, label) {
  const { doc } = state;
  if (state.selection) return state.selection;
  const at = doc.isMark.has(doc.units[state.at][0]) ? wordBeside(doc, state.at, 1) : state.at;
  const unit = doc.units[at];
  const number = doc.runOf[at];
  const run = number < 0 ? null : doc.aids.names[number];
  const whole = run === null ? unit : run.extents[label] || run.at;
  const around = smallestAt(doc, state.facts, at, "entity");
  if (around === null) return whole;
  const outer = around.spans[0];
  if (size(whole) < size(outer) || (within(outer, whole) && !sameSpan(outer, whole))) return whole;
  const rest = [unit[0], Math.max(unit[1], Math.min(run === null ? unit[1] : run.at[1], outer[1]))];
  if (size(rest) < size(outer)) return rest;
  return state.inner === state.at && size(unit) < size(outer) ? unit : whole;
}

// The date expression at the caret: {span, candidates}; a word that is none has no candidates.
function dateAid(state) {
  const { doc } = state;
  const at = doc.isMark.has(doc.units[state.at][0]) ? wordBeside(doc, state.at, 1) : state.at;
  if (state.selection) return dateAt(doc, state.selection);
  const number = doc.dateOf[at];
  return number < 0 ? { span: doc.units[at], candidates: [] } : doc.aids.dates[number];
}

// What the aids say of exactly this span, else no candidates.
function dateAt(doc, span) {
  const known = doc.aids.dates.find((date) => sameSpan(date.span, span));
  return known || { span, candidates: [] };
}

// The next place of `edges` from `place`, to the right (step 1) or left (-1); `place` when there is none.
function nextEdge(places, place, step) {
  const n = step > 0 ? lastUpTo(places, place) + 1 : lastUpTo(places, place - 1);
  return n >= 0 && n < places.length ? places[n] : place;
}

// The edge of `span` moved: side 0 its start, 1 its end; with `hard` to the next punctuation. No edge leaves its
// paragraph.
function movedEdge(doc, span, side, step, hard) {
  const edges = side === 0 ? doc.startEdges : doc.endEdges;
  const place = nextEdge(hard ? edges.hard : edges.places, span[side], step);
  if (place === span[side]) return span;
  const moved = side === 0 ? [place, span[1]] : [span[0], place];
  return moved[0] < moved[1] && paragraphAt(doc, moved[0]) === paragraphAt(doc, moved[1] - 1) ? moved : span;
}
