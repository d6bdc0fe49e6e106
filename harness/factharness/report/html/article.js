// Draws one article: from its facts to strokes and signs, paragraphs, notes; without its text, a table.
// `view` says what is shown: {shown: the back ends, by number, in their order; kinds; right: whether
// lines are drawn where a back end is right}.

// What is drawn: {head: elements, count: of paragraphs after the head, paragraph(n): the n-th of them, at(fact): in
// which of them a fact begins}. So a page need not draw all of a very long article at once.
function drawArticle(one, view) {
  const seen = one.facts.filter((fact) => view.kinds.includes(fact.kind));
  const about = articleHead(one, view);
  if (one.text === null) {
    return { head: [about, make("div", { class: "scroll" }, factTable(seen, view))], count: 0, at: () => 0 };
  }
  const { strokes, signs } = drawn(seen, { ...view, text: one.text });
  const bounds = paragraphs(one.text);
  const at = findParagraph(bounds);
  const inParagraph = shared(bounds, at, strokes, signs, noted(seen, view));
  const draw = (n, heading) => {
    const [from, to] = bounds[n];
    const { strokes: lines, signs: marks, facts: wrong } = inParagraph[n];
    const text = make(heading ? "h2" : "p", { class: `t marked${heading ? " head" : ""}`, lang: "fr", dir: "auto" });
    text.append(marked(one.text, from, to, lines, marks));
    return make("div", { class: "pp" }, wrong.length ? notes(one, wrong, view, n) : null, text);
  };
  const headline = isHeadline(one.text.slice(...bounds[0]), bounds.length);
  const first = headline ? 1 : 0;
  return {
    head: headline ? [draw(0, true), about] : [about],
    count: bounds.length - first,
    paragraph: (n) => draw(n + first, false),
    at: (fact) => at(fact.from) - first,
  };
}

// What stands about an article in the run; the headline goes above it.
function articleHead(one, view) {
  const { listed } = one;
  const head = make("div", { class: "by" });
  if (one.text === null) head.append(make("h2", { class: "name" }, listed.id));
  const about = [listed.meta, fileName(listed)].filter(Boolean).join(" · ");
  head.append(make("p", {}, isolated(about)));
  const seen = listed.seen ? ["In sight while they were made: ", isolated(listed.seen), "."] : ["In sight of no back end while it was made."];
  head.append(make("p", { class: "seen" }, ...seen));
  if (listed.reason) {
    head.append(make("p", { class: "failed" }, `Without its text, facts are given by their places in it: ${listed.reason}.`));
  }
  if (listed.relabelled) {
    head.append(make("p", { class: "failed" }, "Its labels have changed since the run, so lines may have moved in its file."));
  }
  for (const b of view.shown) {
    if (one.errors[b] !== null) {
      head.append(make("p", { class: "failed" }, `${facts.index.backends[b].name} failed on this article: `, isolated(one.errors[b])));
    }
  }
  return head;
}

// The gold file of an article within its set: where the set lies is another matter on every machine.
const fileName = ({ goldset, path }) => `${goldset}/${path.split(/[\\/]/).at(-1)}`;

function paragraphs(text) {
  const bounds = [];
  let from = 0;
  for (const gap of text.matchAll(/\n{2,}/g)) {
    bounds.push([from, gap.index]);
    from = gap.index + gap[0].length;
  }
  bounds.push([from, text.length]);
  return bounds;
}

// A run does not say which paragraph is the headline: a short first one that does not end as a sentence does.
const isHeadline = (first, many) => many > 1 && first.length <= 200 && !/[.!?…»"]\s*$/.test(first);

// From a place in a text to the number of its paragraph.
const findParagraph = (bounds) => (place) => {
  let [low, high] = [0, bounds.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (bounds[middle][0] <= place) low = middle;
    else high = middle - 1;
  }
  return low;
};

// For each paragraph the strokes and signs within it, and the facts that begin in it.
function shared(bounds, at, strokes, signs, wrong) {
  const own = bounds.map(() => ({ strokes: [], signs: [], facts: [] }));
  for (const line of strokes) {
    for (let n = at(line.from); n < bounds.length && bounds[n][0] < line.to; n++) own[n].strokes.push(line);
  }
  for (const sign of signs) own[at(sign.at)].signs.push(sign);
  for (const fact of wrong) own[at(fact.from)].facts.push(fact);
  return own;
}

// Facts in the order of the text.
const inOrder = (a, b) => a.from - b.from || a.to - b.to || a.n - b.n;

// The facts that get a note: those about which a back end that is shown errs, or about which two differ.
function noted(seen, view) {
  const wrong = (fact) => view.shown.some((b) => fact.votes[b]?.wrong.length);
  return seen.filter(facts.index.difference ? (fact) => fact.change : wrong).sort(inOrder);
}

function drawn(seen, view) {
  const strokes = [];
  const signs = [];
  const nested = nestedNames(seen);
  const quotes = seen.filter((fact) => fact.kind === "quote" && fact.gold).sort(inOrder);
  for (const [n, quote] of quotes.entries()) quoteInGold(quote, n + 1, strokes, signs);
  for (const fact of seen) {
    if (fact.gold && fact.kind !== "quote") {
      const ink = fact.ignored ? "dc" : fact.ink;
      strokes.push({ lane: nested.has(fact) ? "g2" : "g", ink, from: fact.from, to: fact.to, fact: fact.n });
    }
    for (const [lane, b] of view.shown.entries()) {
      if (fact.votes[b]) voteInLane(fact, fact.votes[b], lane + 1, view, strokes, signs);
    }
  }
  setApart(signs);
  return { strokes, signs };
}

// Marks that end close to each other in a lane would be printed on each other, so the later one stands a step further
// off; a letter between them is about half a step wide at least.
function setApart(signs) {
  const last = {};
  for (const sign of signs.filter(({ sort }) => sort === "mark").sort((a, b) => a.at - b.at)) {
    const before = last[sign.lane];
    sign.nth = before ? Math.max(0, before.nth + 1 - (sign.at - before.at) / 2) : 0;
    last[sign.lane] = sign;
  }
}

// Gold names that lie within another gold name.
function nestedNames(seen) {
  const names = seen.filter((fact) => fact.gold && fact.kind === "entity");
  names.sort((a, b) => a.from - b.from || b.to - a.to);
  const within = new Set();
  let outer = null;
  for (const name of names) {
    if (outer && name.to <= outer.to) within.add(name);
    else outer = name;
  }
  return within;
}

function quoteInGold(quote, n, strokes, signs) {
  const rail = { lane: "g", thin: true, fact: quote.n };
  signs.push({ sort: "number", at: quote.from, n, first: true, fact: quote.n });
  for (const [place, [from, to]] of quote.spans.entries()) {
    strokes.push({ ...rail, ink: quote.ignored ? "dc" : "quote", from, to });
    const before = place && quote.spans[place - 1][1];
    if (place && before < from) strokes.push({ ...rail, ink: "gap", from: before, to: from });
    if (!quote.ignored) {
      signs.push({ sort: "tick", at: from, first: true }, { sort: "tick", at: to, end: true });
    }
  }
  for (const [part, span] of [["p", quote.speaker], ["c", quote.cue]]) {
    if (!span) continue;
    // A stroke without ink: it is found again by the pop-up, and takes the marker.
    strokes.push({ lane: "part", from: span[0], to: span[1], fact: `${part}${quote.n}` });
    signs.push({ sort: "number", at: span[1], n, fact: `${part}${quote.n}` });
  }
}

function voteInLane(fact, vote, lane, view, strokes, signs) {
  const quote = fact.kind === "quote";
  if (!vote.wrong.length) {
    if (!view.right || !vote.said) return;
    // A long quote that all have right would be ruled paper: a right rail is drawn only at its two ends.
    const pieces = quote ? ends(vote.said, view.text) : vote.said.spans;
    for (const [from, to] of pieces) {
      strokes.push({ lane, ink: quote ? "rail" : "ok", thin: quote, from, to, fact: fact.n });
    }
    return;
  }
  const own = vote.said ?? fact;
  if (vote.said) {
    for (const [from, to] of own.spans) {
      strokes.push({ lane, ink: own.ink, thin: quote, from, to, fact: fact.n });
    }
  }
  if (vote.wrong.includes("boundary")) {
    for (const [from, to] of own.spans) {
      signs.push({ sort: "cap", at: from, lane, first: true }, { sort: "cap", at: to, lane });
    }
  }
  const marks = vote.wrong.filter((what) => what !== "boundary");
  for (const what of marks) signs.push({ sort: "mark", at: own.to, lane, what, fact: fact.n });
}

// The first and the last words of a quote, about a dozen letters each.
function ends(quote, text) {
  const most = 12;
  const first = quote.spans[0];
  const last = quote.spans.at(-1);
  if (quote.spans.length === 1 && first[1] - first[0] <= 3 * most) return [first];
  const after = text.indexOf(" ", first[0] + most);
  const before = text.lastIndexOf(" ", last[1] - most);
  return [
    [first[0], after < 0 ? first[1] : Math.min(after, first[1])],
    [Math.max(before + 1, last[0]), last[1]],
  ];
}

function notes(one, wrong, view, paragraph) {
  const items = wrong.map((fact) => {
    const link = make("a", { href: facts.address(one.listed, fact), "data-fact": fact.n });
    link.append(make("i", { lang: "fr" }, isolated(shownWords(fact))), " ", ...factTag(fact));
    link.append(make("br"), facts.index.difference ? `${fact.change}: ` : "");
    for (const [n, group] of alike(fact, view.shown).entries()) {
      if (n) link.append("; ");
      const [first, ...more] = noteWords(group).split(/(?= )/);
      link.append(who(group.backends, view.shown), " ");
      link.append(make("span", { class: "nb" }, ...group.wrong.map(mark), make("b", {}, first)), make("b", {}, ...more));
    }
    return make("li", {}, link);
  });
  return make("aside", { class: "notes2", "aria-label": `${facts.index.difference ? "Changes" : "Mistakes"} in paragraph ${paragraph + 1}` }, make("ul", {}, ...items));
}

// What stands after the marks of a note: the word of the mark where nothing else says it.
function noteWords(group) {
  const names = group.wrong.map((what) => (["missed", "spurious"].includes(what) ? whatName(what) : null));
  const instead = group.instead.filter((words) => words !== null && !group.wrong.includes("spurious"));
  const speaks = { speaker: "says ", cue: "cue " };
  const prefix = group.wrong.length === 1 ? (speaks[group.wrong[0]] ?? "") : "";
  return [...names.filter(Boolean), ...instead.map((words) => prefix + words)].join(", ");
}

function factTag(fact) {
  const tag = make("span", { class: `tag ${fact.ink}` }, fact.kind === "quote" ? fact.label.toUpperCase() : fact.label);
  const value = fact.kind === "date" ? fact.value : fact.kind === "quote" && fact.gold ? more(fact) : "";
  return value ? [tag, " ", make("span", { class: "num" }, isolated(value))] : [tag];
}

function factTable(seen, view) {
  const names = view.shown.map((b) => facts.index.backends[b].name);
  const withWords = seen.some((fact) => fact.words);
  const heads = ["characters", withWords ? "words" : null, "label", "value or speaker", ...names].filter((name) => name !== null);
  const rows = [...seen].sort(inOrder).map((fact) => {
    const row = make("tr", { "data-f": fact.n },
      make("td", { class: "num" }, place(fact)),
      withWords ? make("td", { class: "lang", lang: "fr" }, isolated(short(fact.words))) : null,
      make("td", {}, make("span", { class: `tag ${fact.ink}` }, fact.label), fact.ignored ? " don’t care" : ""),
      make("td", {}, isolated(more(fact))),
    );
    for (const b of view.shown) row.append(make("td", {}, ...tableVerdict(fact, fact.votes[b])));
    return row;
  });
  return make("table", { class: "textless" },
    make("thead", {}, make("tr", {}, ...heads.map((name) => make("th", { scope: "col" }, name)))),
    make("tbody", {}, ...rows));
}

function tableVerdict(fact, vote) {
  if (!vote) return ["–"];
  if (vote.counted === false) return ["not counted"];
  if (!vote.wrong.length) return ["right"];
  const words = instead(vote).filter(Boolean).join(", ");
  return [...verdict(vote.wrong, true), words ? isolated(` ${words}`) : ""];
}
