// What q takes, who may have said it, and the gap that an incise makes in a quote.

function hull(spans) {
  return [spans[0][0], spans[spans.length - 1][1]];
}

// The first place of the sentence that `place` is in, and its end without the closing point.
function sentenceAt(doc, place) {
  const ends = doc.aids.sentences;
  const number = lastUpTo(ends, place) + 1;
  const first = number > 0 ? unitAt(doc, ends[number - 1]) : 0;
  const start = number > 0 && doc.units.length ? doc.units[first][0] : 0;
  return [Math.min(start, place), number < ends.length ? ends[number] : doc.points.length];
}

// The parts of the quote that the caret means. Unless `plain`, what the back end sees around the caret, or later in
// its sentence; else the marks around the caret, else from the caret to the end of the sentence.
function quoteParts(state, plain) {
  const { doc } = state;
  const unit = doc.units[state.at];
  if (!state.selection) {
    const seen = plain ? null : seenQuote(state, unit);
    if (seen !== null) return seen;
  }
  const span = state.selection || marksAt(state, unit) || [unit[0], Math.max(unit[1], speechEnd(doc, unit[0]))];
  const parts = { spans: [span], label: plainType(doc, span), speaker: null, name: null, cue: null };
  const cue = nearest(doc, doc.cuesIn, parts.spans, hull(parts.spans), 90)[0];
  if (cue === undefined) return parts;
  const speaker = nearest(doc, doc.speakersIn, parts.spans, cue.span, 160)[0];
  return { ...parts, cue: cue.span, speaker: speaker ? speaker.span : null, name: speaker ? speaker.name : null };
}

// The quote of the back end that holds the caret, the smallest, else the next one of the sentence; not one whose
// place a labelled quote has. A proposed one does not count: it gives way to what is taken.
function seenQuote(state, unit) {
  const { doc } = state;
  const end = sentenceAt(doc, unit[0])[1];
  const takes = (span, quote) => quote.spans.some((other) => overlap(span, other) && !nestedIn(span, other));
  const isFree = (quote) => !decidedOf(state).some((fact) => fact.kind === "quote" &&
    overlap(hull(fact.spans), hull(quote.spans)) && fact.spans.some((span) => takes(span, quote)));
  const around = doc.aids.quotes.filter((quote) => within(unit, hull(quote.spans))).filter(isFree);
  if (around.length) return smallest(around, (quote) => hull(quote.spans));
  const behind = doc.aids.quotes.filter((quote) => quote.spans[0][0] > unit[0] && quote.spans[0][0] < end);
  return behind.find(isFree) || null;
}

// Whether `other` is a part of `span` and more than the marks around it are not.
function nestedIn(span, other) {
  return within(other, span) && size(other) < size(span) - 4;
}

function smallest(found, spanOf) {
  return found.reduce((one, other) => (size(spanOf(other)) < size(spanOf(one)) ? other : one));
}

// Where speech ends that starts at a place without marks: behind the dash that opens a paragraph with the paragraph,
// else with the sentence.
function speechEnd(doc, place) {
  const [start, end] = doc.paragraphs[paragraphAt(doc, place)];
  return /^[—–-]\s*$/.test(surface(doc, [start, place])) ? end : sentenceAt(doc, place)[1];
}

// The smallest pair of marks around the unit that is no fragment of a quote yet; null when there is none.
function marksAt(state, unit) {
  const around = state.doc.aids.marks.filter((pair) => within(unit, pair)).filter((pair) => !decidedOf(state).some((fact) =>
    fact.kind === "quote" && fact.spans.some((span) => sameSpan(span, pair))));
  return around.length ? smallest(around, (pair) => pair) : null;
}

// The type of a stretch by its look: without marks indirect, all in marks and a sentence direct, else mixed.
function plainType(doc, span) {
  const words = surface(doc, span);
  if (!/[«“"„]/.test(words)) return "indirect";
  if (!/^[«“"„]/.test(words)) return "mixed";
  const before = surface(doc, [Math.max(0, span[0] - 2), span[0]]);
  return /^[«“"„]\s*[A-ZÀ-Þ0-9]/.test(words) || /:/.test(before) ? "direct" : "mixed";
}

// The mentions in the paragraphs of a quote that are not in it, the nearest to `anchor` first, no further than
// `reach`; of two at one distance the longer one first. `byParagraph` is doc.speakersIn or doc.cuesIn.
function nearest(doc, byParagraph, spans, anchor, reach) {
  const whole = hull(spans);
  const gap = (span) => Math.max(0, anchor[0] - span[1], span[0] - anchor[1]);
  return byParagraph.slice(paragraphAt(doc, whole[0]), paragraphAt(doc, whole[1] - 1) + 1).flat()
    .filter(({ span }) => gap(span) <= reach && !spans.some((part) => overlap(part, span)) && !sameSpan(span, anchor))
    .sort((a, b) => gap(a.span) - gap(b.span) || size(b.span) - size(a.span));
}

// The longest mention at the caret's unit, else the name or the word there.
function mentionAt(state) {
  const { doc } = state;
  const unit = doc.units[state.at];
  const at = state.selection || unit;
  const around = doc.speakersIn[paragraphAt(doc, at[0])].filter(({ span }) => within(at, span));
  if (state.selection) return around.find(({ span }) => sameSpan(span, at)) || { span: at, name: null };
  if (around.length) return around.reduce((one, other) => (size(other.span) > size(one.span) ? other : one));
  const number = doc.runOf[state.at];
  return { span: number < 0 ? unit : doc.aids.names[number].at, name: null };
}

function cueAt(state) {
  const { doc } = state;
  if (state.selection) return state.selection;
  const unit = doc.units[state.at];
  return doc.aids.cues.find((span) => within(unit, span)) || unit;
}

// What w does at the caret: inside a fragment it makes a gap, in a gap it chooses that one, right after that it
// closes it again; behind the quote it adds a fragment. Returns the new spans and the number of the gap that g h j k
// now move; null when nothing can be done.
function gapAt(state, quote) {
  const { doc, part } = state;
  const unit = doc.units[state.at];
  const spans = quote.spans;
  if (part !== null && part.gap !== undefined && !state.aimed) {
    const joined = [spans[part.gap][0], spans[part.gap + 1][1]];
    return { spans: [...spans.slice(0, part.gap), joined, ...spans.slice(part.gap + 2)], gap: null };
  }
  const inside = spans.findIndex((span) => within(unit, span));
  if (inside >= 0) {
    const [start, end] = spans[inside];
    const left = [start, doc.endEdges.places[lastUpTo(doc.endEdges.places, unit[0] - 1)]];
    const comma = nextEdge(doc.endEdges.hard, unit[1] - 1, 1);
    const resumed = [comma, unit[1]].map((place) => nextEdge(doc.startEdges.places, place - 1, 1))
      .find((place) => place < end);
    const right = [resumed === undefined ? end : resumed, end];
    if (!(left[0] < left[1] && left[1] <= unit[0] && right[0] < right[1])) return null;
    return { spans: [...spans.slice(0, inside), left, right, ...spans.slice(inside + 1)], gap: inside };
  }
  const before = spans.findIndex((span, n) => n + 1 < spans.length && span[1] <= unit[0] && unit[1] <= spans[n + 1][0]);
  if (before >= 0) return { spans, gap: before };
  if (unit[0] < hull(spans)[1]) return null;
  const more = state.selection || marksAt(state, unit) || [unit[0], sentenceAt(doc, unit[0])[1]];
  if (more[0] < hull(spans)[1] || more[0] >= more[1]) return null;
  return { spans: [...spans, more], gap: spans.length - 1 };
}
