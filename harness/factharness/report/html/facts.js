// Reads the facts of an article as factharness.report.html.facts wrote them, and says in words what is wrong.
const NNBSP = "\u202f";
const KIND_NAMES = { entity: "entities", date: "dates", quote: "quotes" };
const CHANGES = ["fixed", "broken", "changed"];
const NOT_SCORED = -1;
const NOT_COUNTED = -2;
// The order in which what is wrong is said.
const WHATS = ["missed", "spurious", "label", "boundary", "value", "speaker", "cue"];
const LABELS = ["PER", "ORG", "LOC", "MISC", "DATE", "TIME", "DURATION", "SET", "direct", "mixed", "indirect"];
const FIXED_INKS = { PER: "per", ORG: "org", LOC: "loc", MISC: "misc" };

const facts = {
  get index() {
    return data("facts");
  },

  // Label n: its kind, its name, its ink. Labels of a set's own share five patterns, by their order.
  label(n) {
    facts.labels ??= inked(facts.index.labels);
    return facts.labels[n];
  },

  // All labels in the order in which they are listed: by kind, known ones first.
  ordered() {
    const rank = ({ kind, name }) => [Object.keys(KIND_NAMES).indexOf(kind), LABELS.indexOf(name) + 1 || 99];
    const all = facts.index.labels.map((_, n) => facts.label(n));
    return all.sort((a, b) => rank(a)[0] - rank(b)[0] || rank(a)[1] - rank(b)[1]);
  },

  // The n-th article: its text, its errors by back end, and its facts, those that gold has not at the end.
  article(n) {
    const kept = facts.kept.get(n) ?? facts.read(n);
    facts.kept.delete(n);
    facts.kept.set(n, kept);
    if (facts.kept.size > 100) facts.kept.delete(facts.kept.keys().next().value);
    return kept;
  },
  kept: new Map(), // the articles that were asked for last; a page may hold thousands

  read(n) {
    const stored = JSON.parse($(`#data-article-${n}`).textContent);
    const listed = facts.index.articles[n];
    const text = stored.t ?? null;
    const votes = stored.b.map((own) => (Array.isArray(own) ? new Map(own.map((vote) => [vote[0], vote])) : null));
    const gold = stored.g.map((one, g) => goldFact(one, g, votes, text));
    const more = stored.x.map((one, x) => spuriousFact(one, gold.length + x, text));
    if (facts.index.difference) {
      for (const fact of [...gold, ...more]) fact.change = changeOf(fact, gold);
    }
    return {
      n,
      listed,
      text,
      scored: stored.b.map(Array.isArray),
      errors: stored.b.map((own) => (typeof own === "string" ? own : null)),
      facts: [...gold, ...more],
    };
  },

  // `query` says which kinds and back ends are shown; the script of the part "Articles" reads it.
  address: (listed, fact, query = "") =>
    `#articles/${encodeURIComponent(listed.goldset)}/${encodeURIComponent(listed.id)}${fact ? `/${fact.n}` : ""}${query && `?${query}`}`,
};

function inked(labels) {
  let own = 0;
  return labels.map(([kind, name]) => ({
    kind,
    name,
    ink: kind === "entity" ? (FIXED_INKS[name] ?? `own${(own++ % 8) + 1}`) : kind,
  }));
}

function goldFact(stored, g, votes, text) {
  const { backends, whats } = facts.index;
  const gold = said(stored, text);
  const fact = { n: g + 1, ...gold, gold, line: stored.i ?? 0, ignored: !!stored.d, unscored: !!stored.u };
  const right = fact.ignored ? null : { wrong: [], counted: true, said: gold };
  fact.votes = votes.map((own, b) => {
    if (!own || fact.unscored || !backends[b].kinds.includes(fact.kind)) return null;
    const vote = own.get(g);
    if (!vote) return right;
    const [, verdict, instead] = vote;
    if (verdict === NOT_SCORED) return null;
    return {
      wrong: verdict > 0 ? WHATS.filter((what) => (verdict >> whats.indexOf(what)) & 1) : [],
      counted: verdict !== NOT_COUNTED,
      said: instead ? said(instead, text) : verdict === 0 ? gold : null,
    };
  });
  return fact;
}

function spuriousFact(stored, place, text) {
  const own = said(stored.f, text);
  const votes = facts.index.backends.map((_, b) =>
    stored.b.includes(b) ? { wrong: ["spurious"], counted: true, said: own } : null,
  );
  return { n: place + 1, ...own, gold: null, line: 0, ignored: false, unscored: false, votes };
}

function said(stored, text) {
  const { kind, name, ink } = facts.label(stored.l);
  const spans = pairs(stored.s);
  const words = (own, shortened) =>
    text === null ? (shortened ?? "") : own.map(([from, to]) => text.slice(from, to)).join(" … ");
  const [speaker] = pairs(stored.p ?? []);
  const [cue] = pairs(stored.c ?? []);
  return {
    kind,
    label: name,
    ink,
    spans,
    from: spans[0][0],
    to: spans.at(-1)[1],
    value: stored.v ?? null,
    words: words(spans, stored.w),
    speaker,
    cue,
    speakerName: stored.n ?? "",
    speakerWords: words(speaker ? [speaker] : [], stored.pw),
    cueWords: words(cue ? [cue] : [], stored.cw),
  };
}

function pairs(flat) {
  const spans = [];
  for (let n = 0; n < flat.length; n += 2) spans.push([flat[n], flat[n + 1]]);
  return spans;
}

// Words in quotation marks, but for those that are a quotation already.
const quoted = (words) => (/^[«“"]/.test(words) ? words : `«${NNBSP}${words}${NNBSP}»`);
const whatName = (what) => (what === "spurious" ? "not in gold" : what);
const figures = new Intl.NumberFormat("en");
const number = (n) => figures.format(n).replaceAll(",", NNBSP);

// The middle of long words left out, between two words: a quote may be a paragraph.
function short(words, most = 90) {
  if (words.length <= most) return words;
  const head = Math.ceil(most * 0.6);
  const before = words.slice(0, head + 1).replace(/\s+\S*$/, "");
  const after = words.slice(words.length - (most - head) - 1).replace(/^\S*\s+/, "");
  return `${before} … ${after}`;
}

// The name of an article without the day that many begin with.
const shortId = (id) => id.replace(/^\d{4}-\d{2}-\d{2}-(?=.)/, "");

// Where a fact stands, for a reader who cannot be shown its words.
const place = (fact) => fact.spans.map(([from, to]) => `${number(from)}–${number(to)}`).join(", ");
const shownWords = (fact, most) => (fact.words ? short(fact.words, most) : `characters ${place(fact)}`);

// What a fact has besides its words and label: a date its value, a quote its speaker.
function more(own) {
  if (own.kind === "date") return own.value ?? "no value";
  if (own.kind === "quote") return own.speakerName || short(own.speakerWords, 40) || (own.speaker ? `characters ${own.speaker.join("–")}` : "nobody");
  return "";
}

// What a back end said instead, in those respects in which it is wrong.
function instead(vote) {
  const own = vote.said;
  const parts = {
    missed: () => null,
    spurious: () => [own.label, own.kind === "date" ? own.value : null].filter(Boolean).join(" "),
    boundary: () => (own.words ? quoted(short(own.words, 60)) : `characters ${place(own)}`),
    label: () => own.label,
    value: () => own.value ?? "no value",
    speaker: () => more(own),
    cue: () => short(own.cueWords, 40) || (own.cue ? `characters ${own.cue.join("–")}` : "no cue"),
  };
  return vote.wrong.map((what) => parts[what]());
}

// What gold has in that respect; empty where the fact's words say it.
function expected(fact, what) {
  const parts = {
    missed: () => (fact.kind === "quote" ? `quote, ${fact.label}` : [fact.label, fact.value].filter(Boolean).join(" ")),
    label: () => fact.label,
    value: () => fact.value ?? "no value",
    speaker: () => more(fact),
    cue: () => short(fact.cueWords, 40) || (fact.cue ? `characters ${fact.cue.join("–")}` : "no cue"),
  };
  return parts[what]?.() ?? "";
}

// Votes on a fact that are wrong, those that are alike together: [{wrong, said, instead, backends}].
function alike(fact, among) {
  if (!among.some((b) => fact.votes[b]?.wrong.length)) return [];
  const groups = new Map();
  for (const b of among) {
    const vote = fact.votes[b];
    if (!vote?.wrong.length) continue;
    const key = JSON.stringify([vote.wrong, instead(vote)]);
    if (!groups.has(key)) groups.set(key, { ...vote, instead: instead(vote), backends: [] });
    groups.get(key).backends.push(b);
  }
  return [...groups.values()];
}

// On the page of a difference: what the second side does with a fact that the first does not; null where alike.
// What gold has not may be said by both, and be matched with a gold fact on one side: then it is counted there.
function changeOf(fact, gold) {
  if (!fact.gold) {
    const same = (vote) => vote?.said?.label === fact.label && String(vote.said.spans) === String(fact.spans);
    const saying = fact.votes.map((vote, b) => !!vote || gold.some((other) => same(other.votes[b])));
    return saying[0] && saying[1] ? null : saying[0] ? "fixed" : "broken";
  }
  const [base, head] = fact.votes;
  if (!base || !head) return null;
  const [before, after] = [base, head].map((vote) => vote.wrong.length > 0);
  if (before && after) return JSON.stringify([base.wrong, base.said]) === JSON.stringify([head.wrong, head.said]) ? null : "changed";
  return before ? "fixed" : after ? "broken" : null;
}

// "rules, spacy", or "all three" where those are all there are.
function who(backends, among) {
  const all = ["all three", "all four", "all five"][among.length - 3];
  if (all && among.every((b) => backends.includes(b))) return all;
  return backends.map((b) => facts.index.backends[b].name).join(", ");
}

// Marks and words of a verdict as nodes; `words` leaves the name of each mark in place.
function verdict(wrong, words) {
  return wrong.flatMap((what, n) => [
    n && words ? ", " : "",
    make("span", { class: "nb" }, mark(what), words ? ` ${whatName(what)}` : ""),
  ]);
}
