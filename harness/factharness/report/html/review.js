// Gold to look at again: each fact in its text, what the back ends say, and the lines of the gold file.
const REVIEWED = {
  unlabelled: ["Not in gold, and all back ends find it", "Gold may lack these facts."],
  otherwise: ["All back ends say the same, and gold says otherwise", "The gold may be wrong."],
  unfound: ["No back end has it right", "These facts are hard, or the gold is wrong."],
};

function reviewLists({ listed, more }) {
  const lists = Object.entries(REVIEWED).flatMap(([verdict, [title, why]]) => {
    const members = listed.filter((one) => one.verdict === verdict);
    if (!members.length) return [];
    const lines = members.flatMap((one) => (one.proposed ?? []));
    const all = lines.length ? copyButton("Copy all lines", allLines(members)) : null;
    return [make("section", { class: "review" },
      make("h3", {}, title),
      make("p", {}, `${number(members.length)} ${members.length === 1 ? "fact" : "facts"}. ${why} `, all),
      ...members.map(reviewElement))];
  });
  if (!lists.length) return [make("p", { class: "kw" }, "Nothing: this takes two back ends that answer for themselves, and facts that all of them get wrong.")];
  if (more) lists.push(make("p", { class: "kw" }, `The first ${number(listed.length)}. For all of them: factharness mistakes RUN --review`));
  return lists;
}

// The lines with the file that each belongs to, as comments of the .gold format.
function allLines(members) {
  const byFile = grouped(members.filter((one) => one.proposed), (one) => `${one.goldset}/${one.article}`);
  return [...byFile].map(([file, own]) => [`# ${file}`, ...own.flatMap((one) => one.proposed)].join("\n")).join("\n");
}

function reviewElement(member) {
  const n = facts.index.articles.findIndex((listed) => listed.goldset === member.goldset && listed.id === member.article);
  const one = facts.article(n);
  const spans = String(member.spans);
  const fact = one.facts.find((each) => each.kind === member.kind && !!each.gold === member.gold && String(each.spans.flat()) === spans);
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
    ...inContext(one, fact),
    make("div", { class: "d" }, ...verdicts),
    make("div", { class: "src" }, factLink(one, fact)),
    lines);
}

// A page opened from disk may not be allowed to use the clipboard: then the lines are shown, selected.
function copyButton(name, text) {
  const button = make("button", { type: "button" }, name);
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "Copied";
    } catch {
      const area = make("textarea", { rows: 4, "aria-label": "Lines to copy" });
      area.value = text;
      button.replaceWith(area);
      area.select();
    }
  });
  return button;
}
