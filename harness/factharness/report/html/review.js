// Gold to look at again: each fact in its text, what the back ends say, and the lines of the gold file.
const REVIEWED = {
  unlabelled: ["Not in gold, and all back ends that answer for themselves find it", "Gold may lack these facts."],
  otherwise: ["All back ends that answer for themselves say the same, and gold says otherwise", "The gold may be wrong."],
  unfound: ["No back end that answers for itself has it right", "These facts are hard, or the gold is wrong."],
};

// The facts of the list: which article each is in, and which fact of it that is.
function reviewedFacts() {
  return (reviewedFacts.found ??= data("review").listed.map((member) => {
    const n = facts.index.articles.findIndex((listed) => listed.goldset === member.goldset && listed.id === member.article);
    const spans = String(member.spans);
    const same = (fact) => fact.kind === member.kind && !!fact.gold === member.gold && String(fact.spans.flat()) === spans;
    return { ...member, n, fact: facts.article(n).facts.find(same).n };
  }));
}

// `listed` are those of them that are asked for.
function reviewLists(listed, query) {
  const { more } = data("review");
  const lists = Object.entries(REVIEWED).flatMap(([verdict, [title, why]]) => {
    const members = listed.filter((one) => one.verdict === verdict);
    if (!members.length) return [];
    const lines = members.flatMap((one) => (one.proposed ?? []));
    const all = lines.length ? copyButton("Copy all lines", allLines(members)) : null;
    return [make("section", { class: "review" },
      make("h3", {}, title),
      make("p", {}, `${number(members.length)} ${members.length === 1 ? "fact" : "facts"}. ${why} `, all),
      ...members.map((member) => reviewElement(member, query)))];
  });
  if (!lists.length && reviewedFacts().length) return [make("p", { class: "kw" }, "None.")];
  if (!lists.length) return [make("p", { class: "kw" }, "Nothing: this takes two back ends that answer for themselves, and facts that all of them get wrong.")];
  if (more) lists.push(make("p", { class: "kw" }, `Of the first ${number(reviewedFacts().length)}. For all of them: factharness mistakes RUN --review`));
  return lists;
}

// The lines with the file that each belongs to, as comments of the .gold format.
function allLines(members) {
  const byFile = grouped(members.filter((one) => one.proposed), (one) => `${one.goldset}/${one.article}`);
  return [...byFile].map(([file, own]) => [`# ${file}`, ...own.flatMap((one) => one.proposed)].join("\n")).join("\n");
}

function reviewElement(member, query) {
  const one = facts.article(member.n);
  const fact = one.facts[member.fact - 1];
  const all = facts.index.backends.map((_, b) => b);
  const groups = alike(fact, all);
  const verdicts = groups.flatMap((group, g) => [
    g ? "; " : "",
    `${who(group.backends, all)} `,
    ...verdictLine(group.wrong, group.instead, group.wrong.map((what) => expected(fact, what))),
  ]);
  const lines = make("dl", { class: "lines" });
  for (const [name, own] of [["now", member.stands], ["new", member.proposed]]) {
    if (own) lines.append(make("dt", {}, name), make("dd", {}, isolated(own.join("\n"))));
  }
  for (const doubt of member.doubts ?? []) lines.append(make("dd", { class: "doubt" }, isolated(doubt)));
  if (member.proposed) lines.append(make("dd", {}, copyButton("Copy", member.proposed.join("\n"))));
  return make("div", { class: "kw" },
    ...inContext(one, fact, query),
    make("div", { class: "d" }, ...verdicts),
    make("div", { class: "src" }, factLink(one, fact, query)),
    lines);
}

function copyButton(name, text) {
  const button = make("button", { type: "button", class: "stop" }, name);
  button.addEventListener("click", () => copyFrom(button, text));
  return button;
}
