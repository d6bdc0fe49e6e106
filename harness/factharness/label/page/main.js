// Which article is open, by the address: #articles, #new or #ID. The keyboard and the pointer go to the open one.
let opened = null; // what labelling() answered
let listed = null; // the list of articles
let addresses = 0; // how many addresses were gone to
const PATIENCE = 300; // milliseconds before the page says that it is opening something

const sections = { article: $("#article"), articles: $("#articles"), new: $("#new") };

function showSection(name) {
  opened?.close();
  opened = null;
  messages.clear();
  drawMessages();
  for (const [other, section] of Object.entries(sections)) section.hidden = other !== name;
  for (const part of [$("#keys"), $("#progress"), $("#where")]) part.hidden = name !== "article";
  $("#keys").replaceChildren();
  drawFoot.looks = null;
}

// What an earlier address asked for and a slow server answers later is not shown any more. An article is left when
// the server has what was done in it, which the list of articles tells of, too.
async function showAddress() {
  addresses += 1;
  const own = addresses;
  const asked = decodeURIComponent(location.hash.slice(1));
  // The first article that a server opens makes it load its back ends.
  const slow = setTimeout(() => own === addresses && tell("opening", ["Opening …"]), PATIENCE);
  try {
    await opened?.tried();
    const answer = await ask("/api/articles");
    await opened?.tried();
    if (own !== addresses) return undefined;
    listed = answer;
    if (asked === "new" || (!asked && listed.new)) return showNew();
    const only = listed.articles.length === 1 ? listed.articles[0].id : null;
    const id = asked || only;
    if (!id || id === "articles") return showArticles();
    const article = await ask(articlePath(id));
    await opened?.tried();
    return own === addresses ? showArticle(article) : undefined;
  } catch (error) {
    return own === addresses ? tellError("open", error) : undefined;
  } finally {
    clearTimeout(slow);
    if (own === addresses) untell("opening");
  }
}

function showArticles() {
  const current = opened?.article.id;
  showSection("articles");
  drawPath(listed.path);
  document.title = `${listed.set}: factharness`;
  drawListing(sections.articles, listed, current);
}

function showNew() {
  showSection("new");
  drawPath(listed.path);
  document.title = "A new article: factharness";
  drawNew(sections.new, listed.new ?? {}, (made) => location.replace(`#${encodeURIComponent(made.id)}`));
}

function showArticle(answer) {
  showSection("article");
  document.title = `${answer.title || answer.id}: labelling`;
  opened = labelling(answer, { article: besideArticle, articles: () => location.assign("#articles"), follow: waysOn });
}

function waysOn() {
  return [articleAt(1) && "next article", listed.articles.length > 1 && "articles"].filter(Boolean);
}

function articleAt(step) {
  return listed.articles[listed.articles.findIndex((one) => one.id === opened.article.id) + step];
}

// The next or the previous article of the set.
function besideArticle(step) {
  const other = articleAt(step);
  if (other) location.assign(`#${encodeURIComponent(other.id)}`);
  else say(step > 0 ? "this is the last article" : "this is the first article");
}

// Keys belong to the article while it, or the line that is typed in it, has the focus; elsewhere they do what they
// always do, and Esc leads back.
addEventListener("keydown", (event) => {
  if (!opened || event.isComposing) return;
  const inHelp = $("#help").open && helpIs.open;
  if ($("#help").open && (!inHelp || ["Tab", "Enter", " "].includes(event.key))) return;
  const inArticle = inHelp || document.activeElement === document.body || sections.article.contains(document.activeElement);
  if (event.key === "F6" || (event.key === "Escape" && !inArticle)) {
    event.preventDefault();
    (inArticle ? $("#theme") : sections.article).focus({ preventScroll: true });
    return;
  }
  if (!inArticle || event.target.matches?.(".panel button, .lines:focus-visible") || event.ctrlKey || event.metaKey) return;
  const key = { key: event.key, code: event.code, shift: event.shiftKey, ctrl: event.ctrlKey, alt: event.altKey, meta: event.metaKey };
  if (opened.press(key)) event.preventDefault();
});

sections.article.addEventListener("click", (event) => {
  const span = opened && pointedAt(opened.article, event);
  if (!span) return;
  getSelection().removeAllRanges();
  opened.point(span, span[0] === span[1] && !!event.target.closest("[data-f]"));
});

$("#help").addEventListener("close", () => {
  opened?.closed();
  sections.article.focus({ preventScroll: true });
});

addEventListener("beforeunload", (event) => {
  if (opened?.unsaved) event.preventDefault();
});
addEventListener("hashchange", showAddress);
showAddress();
