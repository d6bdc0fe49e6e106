// The articles of a set: each a link, the next one to do first in the order of the keyboard.

function drawListing(holder, listed, current) {
  const todo = listed.articles.filter((one) => one.visited < one.paragraphs).length;
  const title = todo ? `${counted(todo, "article")} of ${listed.articles.length} ${todo === 1 ? "has" : "have"} paragraphs to visit.` : "Every paragraph has been visited.";
  const rows = listed.articles.map((one) => articleRow(one, one.id === current));
  holder.replaceChildren(
    make("h1", {}, listed.set),
    make("p", { class: "intro" }, title),
    make("table", {},
      make("thead", {}, make("tr", {}, ...["Article", "Facts", "Visited", "Status"].map((name, n) => make("th", { class: n === 1 || n === 2 ? "n" : null, scope: "col" }, name)))),
      make("tbody", {}, ...rows)));
  const links = $$("tbody a", holder);
  holder.onkeydown = (event) => moveAmong(links, event);
  (links.find((link) => link.closest("[aria-current]")) ?? links[0])?.focus();
}

function articleRow(one, current) {
  const link = make("a", { href: `#${encodeURIComponent(one.id)}` }, one.title ? make("span", { lang: "fr" }, isolated(one.title)) : null, make("span", { class: "id" }, one.id));
  return make("tr", { "aria-current": current ? "true" : null },
    make("td", {}, link),
    make("td", { class: "n" }, String(one.facts)),
    make("td", { class: "n" }, `${one.visited} of ${one.paragraphs}`),
    make("td", {}, one.status ?? ""));
}

// Arrows go from link to link.
function moveAmong(links, event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || !links.length) return;
  event.preventDefault();
  const at = links.indexOf(document.activeElement);
  links[Math.min(Math.max(at + step, 0), links.length - 1)].focus();
}
