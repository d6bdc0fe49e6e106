// The part "Articles": its list, its toolbar, and the fact that the reader looks at.
{
  const part = $("#part-articles");
  const list = $(".list", part);
  if (list) startArticles(part, list);
}

function startArticles(part, list) {
  const PARAGRAPHS = 60; // drawn at once
  const article = $(".art", part);
  const popup = $("#pop");
  const { backends, articles, difference: changes } = facts.index;
  const view = { ...shownAtFirst(), right: true };
  let one = null; // the article that is drawn
  let drawing = null; // how its paragraphs are drawn, and how many are
  let drawnTo = 0;
  const rest = make("div", { hidden: true });
  let current = null; // the fact whose pop-up is open
  let pinned = false; // whether it stays open when the pointer leaves
  let order = []; // the facts with a mistake, in the order of the text
  let listLength = 100;

  // ---- the list -----------------------------------------------------------------------------------------
  const sort = $("#sort");
  const pick = $("#pick");
  const [first, second] = [$("#pair-first"), $("#pair-second")];

  // Counts are embedded by kind; null where a back end was not scored.
  const ofKinds = (counts) =>
    counts && Object.keys(KIND_NAMES).reduce((sum, kind, n) => sum + (view.kinds.includes(kind) ? counts[n] : 0), 0);
  const mistakesIn = (listed) => {
    const counted = changes ? listed.changes : view.shown.map((b) => listed.mistakes[b]).filter(Boolean);
    return counted.length ? counted.reduce((sum, counts) => sum + ofKinds(counts), 0) : null;
  };
  const difference = (listed) => {
    const [a, b] = [first, second].map((select) => ofKinds(listed.mistakes[+select.value]));
    return a === null || b === null ? null : a - b;
  };
  const figure = (listed) => (sort.value === "difference" ? difference(listed) : mistakesIn(listed));
  const listName = ({ goldset, id }) => {
    const name = shortId(id);
    return articles[0].goldset === articles.at(-1).goldset ? name : `${goldset}/${name}`;
  };
  const signed = (n) => (sort.value === "difference" && n > 0 ? "+" : n < 0 ? "−" : "") + number(Math.abs(n));
  const shownFigure = (listed) => (figure(listed) === null ? "–" : signed(figure(listed)));

  function ordered() {
    const numbers = articles.map((_, n) => n);
    if (sort.value === "name") return numbers.sort((a, b) => listName(articles[a]).localeCompare(listName(articles[b])));
    const least = (n) => figure(articles[n]) ?? -Infinity;
    return numbers.sort((a, b) => least(b) - least(a) || a - b);
  }

  function drawList() {
    $(".pair", list).hidden = sort.value !== "difference";
    const among = sort.value === "difference" ? "kinds" : changes ? "kinds" : "back ends and kinds";
    $(".unit", list).textContent = `${changes ? "Changes" : "Mistakes"} of the ${among} shown`;
    const numbers = ordered();
    const at = one ? numbers.indexOf(one.n) : -1;
    const length = Math.max(listLength, at + 1);
    const items = numbers.slice(0, length).map((n) => {
      const listed = articles[n];
      const link = make("a", { href: facts.address(listed, null, writeView(view)), title: listed.id },
        make("span", {}, isolated(listName(listed))),
        make("span", { class: "num" }, shownFigure(listed)));
      if (one?.n === n) link.setAttribute("aria-current", "true");
      return make("li", {}, link);
    });
    const hadFocus = $("ol", list).contains(document.activeElement);
    $("ol", list).replaceChildren(...items);
    const tabStop = $("[aria-current]", list) ?? $("ol a", list);
    makeOneTabStop($("ol", list), "a", tabStop);
    if (hadFocus) tabStop?.focus({ preventScroll: true });
    $(".more button", list).hidden = numbers.length <= length;
    pick.replaceChildren(...numbers.map((n) =>
      new Option(`${listName(articles[n])}, ${shownFigure(articles[n])}`, n, false, n === one?.n)));
  }

  for (const select of [sort, first, second]) select?.addEventListener("change", drawList);
  $(".more button", list).addEventListener("click", () => {
    listLength += 400;
    drawList();
  });
  pick.addEventListener("change", () => {
    location.hash = facts.address(articles[+pick.value], null, writeView(view));
  });

  // ---- the toolbar --------------------------------------------------------------------------------------
  function drawToolbar() {
    const full = view.shown.length >= MOST_SHOWN;
    for (const button of $$(".tog[data-b]", part)) {
      const on = view.shown.includes(+button.dataset.b);
      button.setAttribute("aria-pressed", on);
      button.disabled = full && !on;
    }
    for (const button of $$(".tog[data-k]", part)) button.setAttribute("aria-pressed", view.kinds.includes(button.dataset.k));
    $(".tog[data-right]", part).setAttribute("aria-pressed", view.right);
    const only = sayView(view);
    $("#only").textContent = only;
    $(".only", part).hidden = !only;
  }
  // Draws everything anew after back ends or kinds have changed, and writes them into the address.
  function change(to) {
    Object.assign(view, to);
    redraw();
    history.replaceState(null, "", facts.address(one.listed, pinned ? current : null, writeView(view)));
  }
  $("#show-all").addEventListener("click", () => {
    change(shownAtFirst());
    article.focus({ preventScroll: true }); // the button is gone
  });
  $(".bar", part).addEventListener("click", ({ target }) => {
    const button = target.closest(".tog");
    if (!button) return;
    const on = button.getAttribute("aria-pressed") !== "true";
    if (button.dataset.b) {
      const b = +button.dataset.b;
      change({ shown: backends.map((_, n) => n).filter((n) => (n === b ? on : view.shown.includes(n))) });
    } else if (button.dataset.k) {
      const kinds = Object.keys(KIND_NAMES);
      change({ kinds: kinds.filter((kind) => (kind === button.dataset.k ? on : view.kinds.includes(kind))) });
    } else change({ right: on });
  });

  // ---- the article --------------------------------------------------------------------------------------
  function draw() {
    const back = current?.n;
    const pin = pinned;
    hide();
    article.setAttribute("aria-label", `Article ${one.listed.id}; arrow keys go through its facts`);
    article.style.setProperty("--lanes", view.shown.length);
    drawing = drawArticle(one, view);
    article.replaceChildren(...drawing.head, rest);
    drawnTo = 0;
    extend(PARAGRAPHS);
    order = noted(one.facts.filter((fact) => view.kinds.includes(fact.kind)), view);
    const s = order.length === 1 ? "" : "s";
    $("#of").textContent = `${number(order.length)} ${changes ? `change${s}` : `fact${s} with a mistake`}`;
    drawLegend($(".spec", part), view);
    if (back) show(one.facts[back - 1], { pin });
  }

  // Draws paragraphs up to the n-th. A long article is drawn as far as the reader comes.
  function extend(to) {
    const { count, paragraph } = drawing;
    const more = [];
    while (drawnTo < Math.min(to, count)) more.push(paragraph(drawnTo++));
    rest.before(...more);
    rest.hidden = drawnTo >= count;
  }
  new IntersectionObserver(
    ([{ isIntersecting }], observer) => {
      if (!isIntersecting || !drawing) return;
      extend(drawnTo + PARAGRAPHS);
      // It tells of changes only, and the end of what is drawn may still be in sight.
      observer.unobserve(rest);
      observer.observe(rest);
    },
    { rootMargin: "1500px" },
  ).observe(rest);

  function open(n) {
    one = facts.article(n);
    current = null;
    redraw();
  }
  function redraw() {
    drawToolbar();
    drawList();
    draw();
  }

  // ---- one fact -----------------------------------------------------------------------------------------
  const elementsOf = (name) => $$(`[data-f~="${name}"]`, article);

  function hide() {
    popup.hidden = true;
    for (const element of $$(".on", article)) element.classList.remove("on");
    $(".brackets", article)?.remove();
    current = null;
    pinned = false;
  }

  // options: pin, keep it open and put it into the address; jump, scroll to it; quiet, only the marker.
  function show(fact, options = {}) {
    hide();
    extend(drawing.at(fact) + 1);
    const elements = elementsOf(fact.n);
    const words = elements.filter((element) => !element.matches("i"));
    if (!words.length) return;
    current = fact;
    pinned = !!options.pin;
    for (const element of elements) element.classList.add("on");
    const note = noteOf(fact);
    note?.classList.add("on");
    if (options.jump) scrollTo({ top: scrollY + words[0].getBoundingClientRect().top - innerHeight / 3, behavior: "instant" });
    if (fact.kind === "quote" && fact.gold) {
      const pieces = { speaker: elementsOf(`p${fact.n}`), cue: elementsOf(`c${fact.n}`) };
      for (const element of [...pieces.speaker, ...pieces.cue]) element.classList.add("on");
      brackets(article, pieces);
    }
    if (options.quiet) return;
    popup.replaceChildren(...popupContent(one, fact, view));
    popup.hidden = false;
    placePopup(popup, words, article, note);
    if (pinned) history.replaceState(null, "", facts.address(one.listed, fact, writeView(view)));
  }
  const noteOf = (fact) => $(`.notes2 a[data-fact="${fact.n}"]`, article);

  // The keyboard goes on from the note of a fact, or from the article where it has none.
  const focusOn = (fact) => (noteOf(fact) ?? article).focus({ preventScroll: true });
  const enterPopup = () => $("a", popup).focus({ preventScroll: true });
  popup.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    copyFrom(link, link.href);
  });

  const factAt = (element) => {
    const name = element?.closest("[data-f]")?.dataset.f.split(" ").find((each) => /^\d/.test(each));
    return name ? one.facts[name - 1] : null;
  };
  article.addEventListener("mouseover", ({ target }) => {
    const fact = factAt(target);
    const note = target.closest?.(".notes2 a");
    if (note && !pinned) show(one.facts[note.dataset.fact - 1], { quiet: true });
    else if (fact && fact !== current && !pinned) show(fact);
  });
  article.addEventListener("mouseleave", ({ relatedTarget }) => {
    if (!pinned && !popup.contains(relatedTarget)) hide();
  });
  popup.addEventListener("mouseleave", () => {
    if (!pinned) hide();
  });
  article.addEventListener("click", (event) => {
    const { target } = event;
    const note = target.closest(".notes2 a");
    if (note && !(event.ctrlKey || event.metaKey || event.shiftKey)) {
      event.preventDefault();
      show(one.facts[note.dataset.fact - 1], { pin: true, jump: true });
      if (!event.detail) enterPopup(); // by Enter
    }
    if (target.closest("a")) return;
    const fact = factAt(target);
    if (fact) show(fact, { pin: true });
    else hide();
  });
  article.addEventListener("focusin", ({ target }) => {
    const note = target.closest(".notes2 a");
    const fact = note && one.facts[note.dataset.fact - 1];
    if (fact && fact !== current) show(fact, { quiet: true });
  });

  function step(among, by) {
    if (!among.length) return;
    const at = among.indexOf(current);
    const to = at < 0 ? (by > 0 ? 0 : among.length - 1) : (at + by + among.length) % among.length;
    show(among[to], { pin: true, jump: true });
  }
  $("#next").addEventListener("click", () => step(order, 1));
  $("#previous").addEventListener("click", () => step(order, -1));
  addEventListener("keydown", (event) => {
    if (part.hidden || event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, select, textarea")) return;
    if (event.key === "Escape") {
      if (popup.contains(document.activeElement)) focusOn(current);
      hide();
    } else if (event.key === "j" || event.key === "k") {
      step(order, event.key === "j" ? 1 : -1);
      if (current) focusOn(current);
    } else if (event.key === "Enter" && event.target === article && !popup.hidden) {
      event.preventDefault();
      enterPopup();
    } else if (article.contains(event.target) && /^Arrow(Left|Right)$/.test(event.key)) {
      event.preventDefault();
      article.focus({ preventScroll: true });
      step(one.facts.filter((fact) => view.kinds.includes(fact.kind)).sort(inOrder), event.key === "ArrowRight" ? 1 : -1);
    }
  });

  // ---- addresses ----------------------------------------------------------------------------------------
  part.addEventListener("shown", ({ detail: { rest, query } }) => {
    const [goldset, id, fact] = rest;
    const asked = articles.findIndex((listed) => listed.goldset === goldset && listed.id === id);
    const to = asked >= 0 ? asked : (one?.n ?? ordered()[0]);
    if (to === undefined) return;
    const absent = $(".absent", part);
    absent.hidden = !rest.length || asked >= 0;
    absent.replaceChildren("This page does not draw the article ", isolated(`${goldset}/${id}`), "; below is another one.");
    // The tab of the part leads back to what was last seen; an address says what is shown.
    const before = writeView(view);
    if (rest.length) Object.assign(view, readView(query));
    if (one?.n !== to) open(to);
    else if (writeView(view) !== before) redraw();
    if (asked >= 0 && fact && one.facts[fact - 1]) reveal(one.facts[fact - 1]);
    else if (rest.length) {
      hide();
      scrollTo({ top: 0, behavior: "instant" });
    }
  });

  // A fact may be of a kind or of a back end that is not shown.
  function reveal(fact) {
    const before = writeView(view);
    view.kinds = Object.keys(KIND_NAMES).filter((kind) => kind === fact.kind || view.kinds.includes(kind));
    const wrong = fact.votes.flatMap((vote, b) => (vote?.wrong.length ? [b] : []));
    if (wrong.length && !wrong.some((b) => view.shown.includes(b))) {
      view.shown = [...view.shown.slice(0, MOST_SHOWN - 1), wrong[0]].sort((x, y) => x - y);
    }
    if (writeView(view) !== before) redraw();
    show(fact, { pin: true, jump: true });
    focusOn(fact);
  }

  addEventListener("beforeprint", () => {
    if (!one && articles.length) open(ordered()[0]);
    if (one?.text?.length < 300_000) extend(drawing.count);
  });
  if (matchMedia("(max-width: 40rem)").matches) $(".key", part).open = false;
  drawToolbar();
}
