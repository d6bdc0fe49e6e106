// From facts to the strokes and signs that marked.js draws, for each paragraph.
const INKS = { PER: "per", ORG: "org", LOC: "loc", MISC: "misc" };
const SHORT_LABELS = { DURATION: "DUR" };

// The ink of a fact. Labels of a set's own share five patterns, by their order.
function inkOf(fact, labels) {
  if (fact.kind !== "entity") return fact.kind;
  const own = labels.filter((label) => !INKS[label]);
  return INKS[fact.label] ?? `own${(Math.max(0, own.indexOf(fact.label)) % 8) + 1}`;
}

// Facts in the order of the text: [{fact, hollow}].
const byPlace = (a, b) => a.fact.spans[0][0] - b.fact.spans[0][0] || b.fact.spans.at(-1)[1] - a.fact.spans.at(-1)[1];

// What is drawn in each paragraph: [{strokes, signs}]. `facts` are [{fact, id, hollow}], in any order; `tagged` is the
// paragraph whose labels are named; `caret` is a span in code points or null; `article` is one of article.js.
function lanes(article, facts, tagged, caret) {
  const own = article.paragraphs.map(() => ({ strokes: [], signs: [] }));
  const { unit } = article.offsets;
  const add = {
    stroke(line, [from, to]) {
      const placed = { ...line, from: unit(from), to: unit(to) };
      for (let n = article.at(from); n < own.length && article.paragraphs[n][0] < to; n++) own[n].strokes.push(placed);
    },
    sign(sign, at) {
      own[article.at(at)].signs.push({ ...sign, at: unit(at) });
    },
    tag(words, at, ink, over) {
      if (article.at(at) === tagged) this.sign({ sort: "tag", words, ink, over, first: true }, at);
    },
  };
  const sorted = [...facts].sort(byPlace);
  const nested = namesWithin(sorted);
  let quotes = 0;
  for (const one of sorted) {
    if (one.fact.kind === "quote") quoteLanes(one, ++quotes, add);
    else nameLanes(one, nested.has(one), article, add);
  }
  if (caret) add.stroke({ frame: "caret" }, caret);
  for (const { signs } of own) joinTags(signs);
  return own;
}

// Names that lie within another name: they take the second lane.
function namesWithin(sorted) {
  const within = new Set();
  let outer = null;
  for (const one of sorted) {
    if (one.fact.kind !== "entity" || one.hollow) continue;
    const [[from, to]] = one.fact.spans;
    if (outer !== null && to <= outer) within.add(one);
    else outer = to;
  }
  return within;
}

function nameLanes({ fact, id, hollow }, nested, article, add) {
  const ink = inkOf(fact, article.labels);
  for (const span of fact.spans) {
    if (hollow) add.stroke({ frame: `hollow ${ink}`, fact: id }, span);
    else add.stroke({ lane: nested ? "g2" : "g", ink: fact.ignore ? "dc" : ink, fact: id }, span);
  }
  add.tag(`${SHORT_LABELS[fact.label] ?? fact.label}${fact.ignore ? "?" : ""}`, fact.spans[0][0], ink, false);
}

function quoteLanes({ fact, id, hollow }, n, add) {
  const rail = { lane: "g", thin: true, fact: id };
  const ink = hollow ? "open" : fact.ignore ? "dc" : "quote";
  add.sign({ sort: "number", n, first: true, fact: id }, fact.spans[0][0]);
  for (const [place, [from, to]] of fact.spans.entries()) {
    add.stroke({ ...rail, ink }, [from, to]);
    if (place) add.stroke({ ...rail, ink: "gap" }, [fact.spans[place - 1][1], from]);
    if (!fact.ignore) {
      add.sign({ sort: "tick", first: true }, from);
      add.sign({ sort: "tick", end: true }, to);
    }
  }
  add.tag(["quote", fact.ignore ? "?" : fact.label].filter(Boolean).join(", "), fact.spans[0][0], "quote", true);
  for (const [name, span] of [["speaker", fact.speaker], ["cue", fact.cue]]) {
    if (!span) continue;
    add.stroke({ lane: "part", fact: `${name}-${id}` }, span);
    add.sign({ sort: "number", n, fact: `${name}-${id}` }, span[1]);
    add.tag(name, span[0], "quote", true);
  }
}

// Tags that begin at the same place, on the same side, would be printed on each other: they are one tag.
function joinTags(signs) {
  const kept = new Map();
  for (const sign of signs.filter(({ sort }) => sort === "tag")) {
    const key = `${sign.at} ${sign.over}`;
    const first = kept.get(key);
    if (!first) {
      kept.set(key, sign);
      continue;
    }
    if (!first.words.split(" ").includes(sign.words)) first.words += ` ${sign.words}`;
    signs.splice(signs.indexOf(sign), 1);
  }
}
