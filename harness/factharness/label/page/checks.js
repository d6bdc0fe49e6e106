// What `gold check` says of the file: an error is a diamond, a doubt a circle, each with its words.
const MOST_CHECKS = 6;

// Those of the paragraph come first, then what follows in the file, then what stands before.
function checksFrom(problems, paragraph) {
  const distance = (problem) => (problem.paragraph === null ? 1e6 : (problem.paragraph - paragraph + 1e5) % 1e5);
  return [...problems].sort((a, b) => distance(a) - distance(b) || a.line - b.line);
}

// Problems that say the same of several facts are one, with the next of them to go to: [{problem, count}].
function togetherBySaying(sorted) {
  const groups = grouped(sorted, (problem) => `${problem.level} ${problem.message}`);
  return [...groups.values()].map((own) => ({ problem: own[0], count: own.length }));
}

// What to do about a problem, by key: [pattern of what is wrong, actions, words made of their keys]. What `gold check`
// advises is for who writes the file by hand.
const BY_KEY = [
  [/^a proposed fact that nobody has confirmed/, ["review", "remove"], (accept, reject) => `${accept} accepts it, ${reject} rejects it, and the key of its label makes it anew`],
  [/^a quote without by:/, ["speaker"], (speaker) => `a figure says who speaks, 0 nobody; ${speaker} shows all there are`],
  [/^a (?:DATE|TIME|DURATION|SET) without a value/, ["value", "ignore"], (value, ignore) => `a figure or ${value} gives it one; ${ignore} when nobody could say it`],
  [/ is labelled on line \d+ and unlabelled in this paragraph$/, ["ignore"], (ignore) => `the key of its label labels it here too; ${ignore} then, when it means something else`],
  [/ stands in marks and in no quote$/, ["quote", "ignore"], (quote, ignore) => `${quote} labels it; ${ignore} then, when nobody says it`],
  [/^an open disagreement/, [], () => "1 takes A, 2 takes B, 3 both, 0 neither"],
  [/ are in no (?:date|entity)$/, ["next"], (onward) => `${onward} goes from one to the next`],
];

function remedyOf(problem, keys) {
  const [, actions, words] = BY_KEY.find(([pattern]) => pattern.test(problem.message)) ?? [null, [], null];
  return words && actions.every((action) => keys[action]) ? words(...actions.map((action) => keys[action])) : problem.remedy;
}

function checksElement(article, problems, paragraph, keys, go) {
  const all = togetherBySaying(checksFrom(problems, paragraph));
  const shown = all.slice(0, MOST_CHECKS);
  const items = shown.map(({ problem, count }) => {
    const element = make("button", { type: "button", class: problem.level });
    element.append(make("span", {}, ...problemWords(article, problem, count, remedyOf(problem, keys))));
    element.addEventListener("click", () => go(problem));
    return make("li", {}, element);
  });
  const more = all.length - shown.length;
  if (more) items.push(make("li", { class: "none" }, `${more} more, as you go on`));
  return make("section", { class: "checks", "aria-label": "Checks" },
    make("h3", {}, make("span", {}, "Checks"), items.length ? make("span", {}, make("kbd", {}, keys.check), " next") : null),
    items.length ? make("ul", {}, ...items) : make("p", { class: "none" }, "Nothing is wrong in the file."));
}

function problemWords(article, problem, count, remedy) {
  const place = problem.paragraph === null ? `Line ${problem.line}` : `Line ${problem.line}, paragraph ${problem.paragraph + 1}`;
  const all = problem.spans.length ? anchor(problem.spans.map(article.words).join(" … ")) : "";
  const words = problem.message.includes(all) ? "" : all;
  return [
    make("b", {}, `${problem.level === "error" ? `Error, ${place.toLowerCase()}` : place}:`),
    " ",
    words ? make("i", { lang: "fr" }, isolated(words), " ") : null,
    isolated(problem.message),
    count > 1 ? `, and ${count - 1} more` : null,
    remedy ? make("span", { class: "remedy" }, isolated(remedy)) : null,
  ].filter((node) => node !== null);
}
