// The article as the keys see it: code points, units that the caret visits, and indices from a place to what
// stands there. Made once when an article is opened; every place is a code point, [start, end).

function readArticle(article) {
  const points = Array.from(article.text);
  const aids = article.aids;
  const marks = aids.marks.map(([s]) => [s, s + 1]);
  const units = aids.words.concat(marks).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const isMark = new Set(marks.map(([s]) => s));
  const doc = {
    points, units, aids, isMark,
    starts: units.map((unit) => unit[0]),
    paragraphs: article.paragraphs,
    paragraphStarts: article.paragraphs.map((paragraph) => paragraph[0]),
    labels: article.scheme.labels.map((label) => label.name),
    backends: article.backends || [],
    scope: article.mode,
  };
  doc.initials = units.map(([s]) => plainLetter(points[s]));
  doc.runOf = unitIndex(doc, aids.names.map((name) => name.at));
  doc.dateOf = unitIndex(doc, aids.dates.map((date) => date.span));
  doc.stops = aids.stops.map(([s, e, kind]) => ({ start: s, end: e, kind, unit: unitAt(doc, s) }));
  doc.stopStarts = doc.stops.map((stop) => stop.unit);
  doc.markEnd = new Map(aids.marks);
  doc.sameRuns = new Map();
  aids.names.forEach((name, number) => {
    const words = surface(doc, name.at);
    doc.sameRuns.set(words, (doc.sameRuns.get(words) || []).concat(number));
  });
  doc.speakersIn = byParagraph(doc, aids.speakers);
  doc.cuesIn = byParagraph(doc, aids.cues.map((span) => ({ span })));
  doc.namesThere = namesIn(doc);
  doc.startEdges = edges(doc, 0);
  doc.endEdges = edges(doc, 1);
  return Object.freeze(doc);
}

// The words at a span.
function surface(doc, [start, end]) {
  return doc.points.slice(start, end).join("");
}

// A letter without accent and capital, by which `f` finds words.
function plainLetter(letter) {
  return (letter || "").normalize("NFD")[0]?.toLowerCase() || "";
}

// The number of the last of the sorted `values` that is at most `value`; -1 when all are greater.
function lastUpTo(values, value) {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

// The unit at a code point, else the next one, else the last.
function unitAt(doc, place) {
  const before = lastUpTo(doc.starts, place);
  if (before >= 0 && doc.units[before][1] > place) return before;
  return Math.max(0, Math.min(before + 1, doc.units.length - 1));
}

// For each unit the number of the smallest of `spans` that it lies in, or -1.
function unitIndex(doc, spans) {
  const index = new Int32Array(doc.units.length).fill(-1);
  spans.forEach((span, number) => {
    for (let n = unitAt(doc, span[0]); n < doc.units.length && doc.units[n][0] < span[1]; n++) {
      const other = index[n];
      if (doc.units[n][0] < span[0]) continue;
      if (other < 0 || size(spans[other]) > size(span)) index[n] = number;
    }
  });
  return index;
}

// Mentions by the paragraph that they stand in: one list for each.
function byParagraph(doc, mentions) {
  const lists = doc.paragraphs.map(() => []);
  for (const mention of mentions) lists[paragraphAt(doc, mention.span[0])].push(mention);
  return lists;
}

function size([start, end]) {
  return end - start;
}

function within([s, e], [start, end]) {
  return start <= s && e <= end;
}

function overlap([s, e], [start, end]) {
  return s < end && start < e;
}

function sameSpan(one, other) {
  return one === other || (one !== null && other !== null && one[0] === other[0] && one[1] === other[1]);
}

// The number of the paragraph that a code point is in.
function paragraphAt(doc, place) {
  return Math.max(0, lastUpTo(doc.paragraphStarts, place));
}

const OPENING = "«“„\"‹";
const CLOSING = "»”\"›";
const PUNCTUATION = ",.;:!?…»”\"›)]—–";

// The places where a fact may start (side 0) or end (side 1), sorted: of words, and of what stands around them.
// `hard` are those that Shift goes to: beside punctuation and at the ends of paragraphs.
function edges(doc, side) {
  const places = new Map();
  const { points } = doc;
  const blank = (at) => at < 0 || at >= points.length || /\s/.test(points[at]);
  for (const [s, e] of doc.units) {
    if (side === 0) {
      let before = s - 1;
      while (before >= 0 && /\s/.test(points[before]) && points[before] !== "\n") before--;
      places.set(s, before < 0 || points[before] === "\n" || PUNCTUATION.includes(points[before]) ||
        OPENING.includes(points[before]) || OPENING.includes(points[s]) || points[before] === "(");
    } else if (!doc.isMark.has(s)) {
      let at = e;
      const ends = [at];
      for (;;) {
        let next = at;
        if (next < points.length && points[next] !== "\n" && blank(next)) next++;
        if (next >= points.length || !PUNCTUATION.includes(points[next])) break;
        if (next > at && OPENING.includes(points[next]) && !CLOSING.includes(points[next])) break;
        if (/[—–]/.test(points[next])) break;
        at = next + 1;
        ends.push(at);
      }
      // Shift stops before the punctuation, or behind a closing mark where there is one.
      const closing = ends.findLast((end) => CLOSING.includes(points[end - 1])) || e;
      const isHard = ends.length > 1 || points[e] === "\n" || e >= points.length;
      ends.forEach((end) => places.set(end, isHard && end === closing));
    }
  }
  const sorted = [...places.keys()].sort((a, b) => a - b);
  return { places: sorted, hard: sorted.filter((place) => places.get(place)) };
}
