// A fact in its text, on one line: what stands before it, its words, what follows. The words lead to the fact, as the
// name of the file does, which alone is a stop for Tab and the arrows. `query` says what the article shows, `most`
// how many characters of the words.
function inContext(one, fact, query, most) {
  const words = make("a", { class: `k ${fact.kind}${fact.gold ? "" : " spu"}`, href: facts.address(one.listed, fact, query), tabindex: -1 }, isolated(shownWords(fact, most)));
  if (fact.gold) words.style.backgroundImage = `var(--i-${fact.ink})`;
  const [before, after] = context(one, fact);
  return [
    make("div", { class: "l", lang: "fr" }, isolated(before)),
    make("div", { class: "x", lang: "fr" }, words, isolated(after)),
  ];
}

function factLink(one, fact, query) {
  const name = `${shortId(one.listed.id)}${fact.line ? `:${fact.line}` : ""}`;
  return make("a", { class: "stop", href: facts.address(one.listed, fact, query) }, name);
}

// What stands before and after a fact in its paragraph.
function context({ text }, fact) {
  if (text === null) return ["", ""];
  const start = fact.from > 0 ? text.lastIndexOf("\n", fact.from - 1) + 1 : 0;
  const end = text.indexOf("\n", fact.to);
  const before = text.slice(Math.max(start, fact.from - 110), fact.from);
  const after = text.slice(fact.to, Math.min(end < 0 ? text.length : end, fact.to + 130));
  return [
    fact.from - 110 > start ? before.replace(/^\S*\s/, "… ") : before,
    (end < 0 ? text.length : end) > fact.to + 130 ? after.replace(/\s\S*$/, " …") : after,
  ];
}

// "◆ label LOC for PER" as nodes.
function verdictLine(wrong, insteads, expecteds) {
  return wrong.flatMap((what, n) => {
    const [said, gold] = [insteads[n], expecteds[n]].map((words) => (words ? make("b", {}, isolated(words)) : null));
    return [n ? ", " : "", mark(what), ` ${whatName(what)} `, said ?? "", said && gold ? " for " : "", gold ?? ""];
  });
}
