// Facts as values: their order, their content as text, and changes of a list of them.

function factKey(fact) {
  let key = factKeys.get(fact);
  if (key === undefined) {
    const more = Object.entries(fact.attributes || {}).sort();
    key = JSON.stringify([fact.kind, fact.label, fact.spans, fact.ignore, fact.value, fact.speaker, fact.name,
      fact.cue, more]);
    factKeys.set(fact, key);
  }
  return key;
}
const factKeys = new WeakMap();

// As in a file: by start, the longer one first, by label.
function factOrder(one, other) {
  const end = (fact) => fact.spans[fact.spans.length - 1][1];
  return one.spans[0][0] - other.spans[0][0] || end(other) - end(one) ||
    (one.label < other.label ? -1 : one.label > other.label ? 1 : 0);
}

function makeFact(kind, label, spans, more) {
  return Object.freeze({ kind, label, spans, ignore: false, value: null, speaker: null, name: null, cue: null,
    attributes: {}, ...more });
}

// The fact with other values in some places.
function withParts(fact, parts) {
  return Object.freeze({ ...fact, ...parts });
}

// The fact with an attribute, or without it when `value` is null.
function withAttribute(fact, name, value) {
  const attributes = { ...fact.attributes };
  if (value === null || value === undefined) delete attributes[name];
  else attributes[name] = value;
  return withParts(fact, { attributes });
}

// The facts after a list of changes [before, after], and the changes that did something. A fact that is there
// already is not added twice.
function changedFacts(facts, changes) {
  const kept = new Map(facts.map((fact) => [factKey(fact), fact]));
  const done = [];
  for (const [before, after] of changes) {
    if (before && after && factKey(before) === factKey(after)) continue;
    const there = before === null || kept.delete(factKey(before));
    const isNew = after !== null && !kept.has(factKey(after));
    if (isNew) kept.set(factKey(after), after);
    if (there && before !== null || isNew) done.push([there ? before : null, isNew ? after : null]);
  }
  return { facts: Object.freeze([...kept.values()].sort(factOrder)), done };
}

function placesOf(fact) {
  return fact.spans.concat([fact.speaker, fact.cue].filter((span) => span));
}

// What the server is sent for one change.
function asOperation(doc, [before, after]) {
  return { before, after, words: after === null ? [] : placesOf(after).map((span) => surface(doc, span)) };
}

// Which units each kind of fact covers: for names, dates and quotes one array of flags.
function coverage(doc, facts) {
  let covered = coverages.get(facts);
  if (covered === undefined) {
    covered = { entity: new Uint8Array(doc.units.length), date: new Uint8Array(doc.units.length),
      quote: new Uint8Array(doc.units.length) };
    for (const fact of facts) {
      for (const [start, end] of fact.spans) {
        for (let n = unitAt(doc, start); n < doc.units.length && doc.units[n][0] < end; n++) covered[fact.kind][n] = 1;
      }
    }
    coverages.set(facts, covered);
  }
  return covered;
}
const coverages = new WeakMap();

// The smallest fact of a kind (any when null) whose spans hold the unit; null when there is none.
function smallestAt(doc, facts, unit, kind) {
  let best = null;
  for (const fact of facts) {
    if (fact.spans[0][0] > doc.units[unit][0]) break;
    if (kind !== null && fact.kind !== kind) continue;
    const holds = fact.spans.some((span) => within(doc.units[unit], span));
    if (holds && (best === null || lengthOf(fact) <= lengthOf(best))) best = fact;
  }
  return best;
}

function lengthOf(fact) {
  return fact.spans.reduce((sum, span) => sum + size(span), 0);
}
