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

function checksElement(article, problems, paragraph, key, go) {
  const all = togetherBySaying(checksFrom(problems, paragraph));
  const shown = all.slice(0, MOST_CHECKS);
  const items = shown.map(({ problem, count }) => {
    const element = make("button", { type: "button", class: problem.level });
    element.append(make("span", {}, ...problemWords(article, problem, count)));
    element.addEventListener("click", () => go(problem));
    return make("li", {}, element);
  });
  const more = all.length - shown.length;
  if (more) items.push(make("li", { class: "none" }, `${more} more, as you go on`));
  return make("section", { class: "checks", "aria-label": "Checks" },
    make("h3", {}, make("span", {}, "Checks"), items.length ? make("span", {}, make("kbd", {}, key), " next") : null),
    items.length ? make("ul", {}, ...items) : make("p", { class: "none" }, "Nothing is wrong in the file."));
}

function problemWords(article, problem, count) {
  const place = problem.paragraph === null ? `Line ${problem.line}` : `Line ${problem.line}, paragraph ${problem.paragraph + 1}`;
  const words = problem.spans.length ? anchor(problem.spans.map(article.words).join(" … ")) : "";
  return [
    make("b", {}, `${problem.level === "error" ? `Error, ${place.toLowerCase()}` : place}:`),
    " ",
    words ? make("i", { lang: "fr" }, isolated(words), " ") : null,
    isolated(problem.message),
    count > 1 ? `, and ${count - 1} more` : null,
    problem.remedy ? make("span", { class: "remedy" }, isolated(problem.remedy)) : null,
  ].filter((node) => node !== null);
}
