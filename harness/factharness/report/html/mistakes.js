// The part "Mistakes": a concordance of every mistake, its filters, its groups.
{
  const part = $("#part-mistakes");
  if ($(".mis", part)) startMistakes(part);
}

function startMistakes(part) {
  const { backends, difference } = facts.index;
  const all = backends.map((_, b) => b);
  const FIRST = 40;
  const MORE = 80;
  // The filters, each with at most one value: how an option is named, and which options a row belongs to.
  const dims = {
    ...(difference ? { change: { of: (row) => [row.change] } } : {}),
    what: { of: (row) => row.wrong, name: whatName },
    kind: { of: (row) => [row.kind], name: (kind) => KIND_NAMES[kind] },
    backend: { of: (row) => row.backends.map((b) => backends[b].name) },
    label: { of: (row) => [row.label], name: (label) => (label === "none" ? "no label: not in gold" : label) },
    said: { of: (row) => row.saids, name: (label) => (label === "none" ? "no label: missed" : label) },
    right: { of: (row) => row.right.map((b) => backends[b].name) },
    ...($("#slice") ? { slice: { of: (row) => slices.of(facts.index.articles[row.n]) } } : {}),
  };
  const chosen = { change: "", what: "", kind: "", backend: "", label: "", said: "", right: "", slice: "", q: "" };
  let reading = null; // the reading of all articles, once it has begun
  let rows = null; // every mistake; back ends that err alike share a row
  let length = FIRST;
  let grouped = false;
  let whole = false; // whether a fact's words are shown in full, on as many lines as they take
  let reviewed = false; // whether the gold to look at again is shown in place of the mistakes

  // ---- rows ---------------------------------------------------------------------------------------------
  function* rowsOf(n) {
    const one = facts.article(n);
    const spurious = one.facts.filter((fact) => !fact.gold);
    for (const fact of one.facts) {
      if (difference && !fact.change) continue;
      const groups = alike(fact, all);
      // A difference is one line, with what both sides say.
      for (const own of difference && groups.length ? [groups] : groups.map((group) => [group])) {
        yield {
          n,
          fact: fact.n,
          from: fact.from,
          change: fact.change,
          kind: fact.kind,
          label: fact.gold ? fact.label : "none",
          saids: own.map((group) => group.said?.label ?? "none"),
          wrong: [...new Set(own.flatMap((group) => group.wrong))],
          groups: own.map(({ wrong, instead: said, backends: by }) => ({
            wrong,
            said,
            gold: wrong.map((what) => expected(fact, what)),
            backends: by,
          })),
          backends: own.flatMap((group) => group.backends),
          right: rightOn(fact, spurious, one),
          words: shownWords(fact),
        };
      }
    }
  }

  // The back ends that are right where others err. About a fact that gold has not, those are right that have
  // nothing of its kind there.
  function rightOn(fact, spurious, one) {
    if (fact.gold) return fact.votes.flatMap((vote, b) => (vote && !vote.wrong.length && vote.counted !== false ? [b] : []));
    const near = spurious.filter((other) => other.kind === fact.kind && other.from < fact.to && other.to > fact.from);
    return backends.flatMap((backend, b) => {
      const silent = one.scored[b] && backend.kinds.includes(fact.kind) && !near.some((other) => other.votes[b]);
      return silent ? [b] : [];
    });
  }

  // The text that a search looks in.
  function searched(row) {
    const { goldset, id } = facts.index.articles[row.n];
    return (row.search ??= [row.words, goldset, id, ...row.groups.flatMap((group) => [...group.said, ...group.gold])].join(" ").toLowerCase());
  }

  // ---- filters ------------------------------------------------------------------------------------------
  // The rows that pass, and for each option how many facts a click on it would leave. The rows of a fact follow each
  // other, so that a fact is counted where it is not that of the row before.
  function filtered() {
    const hits = [];
    const counts = Object.fromEntries(Object.keys(dims).map((dim) => [dim, new Map()]));
    const names = Object.keys(dims);
    const words = chosen.q.toLowerCase();
    const among = reviewed ? new Set(reviewedFacts().map(factKey)) : null;
    for (const row of rows) {
      if (among && !among.has(factKey(row))) continue;
      if (words && !searched(row).includes(words)) continue;
      let failing = null;
      let failed = 0;
      for (const dim of names) {
        if (chosen[dim] && !dims[dim].of(row).includes(chosen[dim])) {
          failing = dim;
          if (++failed > 1) break;
        }
      }
      if (failed > 1) continue;
      if (!failed) hits.push(row);
      for (const dim of failed ? [failing] : names) {
        for (const value of dims[dim].of(row)) {
          const { facts: before = 0, last } = counts[dim].get(value) ?? {};
          const key = factKey(row);
          counts[dim].set(value, { facts: before + (key !== last), last: key });
        }
      }
    }
    return { hits, counts };
  }
  const factKey = ({ n, fact }) => `${n}/${fact}`;

  // What an article shows that is opened from the list: the kinds and back ends of the filters.
  function viewQuery() {
    const by = [chosen.backend, chosen.right].filter(Boolean);
    return String(new URLSearchParams([
      ...(chosen.kind ? [["kind", chosen.kind]] : []),
      ...(chosen.backend ? by.map((name) => ["backend", name]) : []),
    ]));
  }

  function makeOptions() {
    for (const box of $$("fieldset[data-dim]", part)) {
      const { dim } = box.dataset;
      for (const value of valuesOf(dim)) {
        const button = make("button", { class: "opt", type: "button", "data-value": value, "aria-pressed": "false" },
          dim === "what" ? mark(value) : null,
          make("span", {}, isolated((dims[dim].name ?? String)(value))),
          make("span", { class: "n num" }));
        button.addEventListener("click", () => choose({ [dim]: chosen[dim] === value ? "" : value }));
        box.append(button);
      }
    }
  }
  function valuesOf(dim) {
    const present = new Set(rows.flatMap(dims[dim].of));
    const known = {
      change: CHANGES,
      what: WHATS,
      kind: Object.keys(KIND_NAMES),
      backend: backends.map((backend) => backend.name),
    }[dim] ?? [...facts.ordered().map((label) => label.name), "none"];
    return [...new Set(known)].filter((value) => present.has(value));
  }

  function choose(changes) {
    Object.assign(chosen, changes);
    length = FIRST;
    const query = Object.entries(chosen).filter(([, value]) => value);
    if (grouped) query.push(["grouped", "yes"]);
    if (whole) query.push(["whole", "yes"]);
    if (reviewed) query.push(["review", "yes"]);
    const written = queryOf(query);
    history.replaceState(null, "", `#mistakes${written ? "?" : ""}${written}`);
    if (rows) draw();
  }

  // ---- the list -----------------------------------------------------------------------------------------
  function draw() {
    $("#reviewed")?.setAttribute("aria-pressed", reviewed);
    $("#grouped").hidden = reviewed;
    $("#list").classList.toggle("whole", whole);
    $("#whole").setAttribute("aria-pressed", whole);
    const { hits, counts } = filtered();
    if (reviewed) drawReview(hits);
    else drawMistakes(hits);
    makeOneTabStop($("#list"), ".stop, summary");
    for (const box of $$("fieldset[data-dim]", part)) {
      const { dim } = box.dataset;
      for (const button of $$(".opt", box)) {
        button.setAttribute("aria-pressed", chosen[dim] === button.dataset.value);
        const count = counts[dim].get(button.dataset.value)?.facts ?? 0;
        $(".n", button).textContent = number(count);
        button.hidden = !count && chosen[dim] !== button.dataset.value && ["label", "said"].includes(dim);
      }
    }
    if ($("#right")) {
      $("#right").value = chosen.right;
      $("#wrong").value = chosen.backend;
    }
    if ($("#slice")) {
      slices.show($("#slice"), chosen.slice, counts.slice);
      $("#sliced").hidden = !chosen.slice;
      $("#sliced").textContent = `${sliceName(chosen.slice)} ×`;
      $("#sliced").setAttribute("aria-label", `${sliceName(chosen.slice)}: show all slices`);
    }
    if (document.activeElement !== $("#q")) $("#q").value = chosen.q;
    $("#grouped").setAttribute("aria-pressed", grouped);
    const active = Object.values({ ...chosen, slice: sliceName(chosen.slice) }).filter(Boolean);
    $(".active", part).textContent = active.length ? active.join(", ") : "filters";
    $("#clear").hidden = !active.length;
  }

  function drawMistakes(hits) {
    const total = hits.reduce((sum, row) => sum + counted(row), 0);
    const each = total > 1 && !difference ? " (one for each back end and each thing that is wrong)" : "";
    $("#hits").textContent = `${sayFacts(hits)}, ${number(total)} ${total === 1 ? "mistake" : "mistakes"}${each}`;
    const pieces = grouped ? groupsOf(hits) : hits;
    $("#list").replaceChildren(...pieces.slice(0, length).map(grouped ? groupElement : rowElement));
    if (!pieces.length) $("#list").append(make("p", { class: "kw" }, "None."));
    $("#more").hidden = pieces.length <= length;
  }

  // Those facts to look at again about which a mistake passes the filters.
  function drawReview(hits) {
    const asked = new Set(hits.map(factKey));
    $("#hits").textContent = sayFacts(hits);
    $("#list").replaceChildren(...reviewLists(reviewedFacts().filter((member) => asked.has(factKey(member))), viewQuery()));
    $("#more").hidden = true;
  }

  function sayFacts(hits) {
    const many = new Set(hits.map(factKey)).size;
    return `${number(many)} ${many === 1 ? "fact" : "facts"}`;
  }
  const sliceName = (slice) => slices.names.get(slice) ?? slice;

  // How many mistakes of those that are asked for a row has, as `factharness mistakes` counts them.
  const counted = (row) => row.groups.reduce((sum, group) => sum + asked(group).length * matching(group.wrong).length, 0);
  const asked = (group) => group.backends.filter((b) => !chosen.backend || backends[b].name === chosen.backend);
  const matching = (wrong) => wrong.filter((what) => !chosen.what || what === chosen.what);

  function rowElement(row) {
    const one = facts.article(row.n);
    const fact = one.facts[row.fact - 1];
    return make("div", { class: "kw" },
      ...inContext(one, fact, viewQuery(), whole ? Infinity : undefined),
      make("div", { class: "d" }, row.change ? `${row.change}: ` : "", ...row.groups.flatMap((group, n) => [
        n ? "; " : "",
        row.groups.length > 1 ? `${who(group.backends, all)} ` : "",
        ...verdictLine(group.wrong, group.said, group.gold),
      ])),
      make("div", { class: "src" },
        make("span", { class: "wb" }, who(row.backends, all)),
        factLink(one, fact, viewQuery())));
  }

  // Mistakes of one sort on the same words, the most frequent first, as `factharness mistakes --group` has them.
  function groupsOf(hits) {
    const groups = new Map();
    for (const row of hits) {
      for (const own of row.groups) {
        for (const what of matching(own.wrong)) {
          const n = own.wrong.indexOf(what);
          const key = JSON.stringify([row.kind, what, own.said[n], own.gold[n], row.words]);
          if (!groups.has(key)) groups.set(key, { what, said: own.said[n], gold: own.gold[n], words: row.words, times: 0, rows: [] });
          const group = groups.get(key);
          group.times += asked(own).length;
          group.rows.push(row);
        }
      }
    }
    return [...groups.values()].sort((a, b) => b.times - a.times);
  }

  function groupElement({ what, said, gold, words, times, rows: members }) {
    const element = make("details", { class: "group" },
      make("summary", {},
        make("span", { class: "times num" }, `${number(times)} ×`),
        make("span", { class: "w", lang: "fr" }, isolated(words)),
        make("span", { class: "what" }, ...verdictLine([what], [said], [gold]))));
    element.addEventListener("toggle", () => {
      if (element.open && !$(".kw", element)) element.append(...members.map(rowElement));
      makeOneTabStop($("#list"), ".stop, summary", $("summary", element));
    });
    return element;
  }

  // ---- what the reader does -----------------------------------------------------------------------------
  $("#more").addEventListener("click", () => {
    length += MORE;
    draw();
  });
  $("#q").addEventListener("input", ({ target }) => choose({ q: target.value.trim() }));
  $("#right")?.addEventListener("change", ({ target }) => choose({ right: target.value }));
  $("#wrong")?.addEventListener("change", ({ target }) => choose({ backend: target.value }));
  $("#slice")?.addEventListener("change", ({ target }) => choose({ slice: target.value }));
  $("#sliced")?.addEventListener("click", () => choose({ slice: "" }));
  $("#reviewed")?.addEventListener("click", () => {
    reviewed = !reviewed;
    choose({});
  });
  $("#grouped").addEventListener("click", () => {
    grouped = !grouped;
    choose({});
  });
  $("#whole").addEventListener("click", () => {
    whole = !whole;
    choose({});
  });
  $("#clear").addEventListener("click", () => {
    $("#q").value = "";
    choose(Object.fromEntries(Object.keys(chosen).map((key) => [key, ""])));
  });
  $(".filters", part).open = !matchMedia("(max-width: 40rem)").matches;

  // Reads all articles; of thousands it takes a second or two, in which the page stays alive.
  async function collect() {
    const collected = [];
    const { length: many } = facts.index.articles;
    for (let n = 0; n < many; n++) {
      collected.push(...[...rowsOf(n)].sort((a, b) => a.from - b.from));
      if (n % 100 === 99 && many > 200) {
        $("#hits").textContent = `reading ${number(n + 1)} of ${number(many)} articles`;
        await new Promise((resume) => setTimeout(resume));
      }
    }
    rows = collected;
    makeOptions();
    if ($("#slice")) {
      slices.fill($("#slice"));
      $("#slice-filter").hidden = !slices.groups.length;
    }
    draw();
  }

  function read(query) {
    for (const key of Object.keys(chosen)) chosen[key] = query.get(key) ?? "";
    grouped = query.has("grouped");
    whole = query.has("whole");
    reviewed = query.has("review");
    length = FIRST;
    $("#q").value = chosen.q;
    if (rows) draw();
    else reading ??= collect();
  }
  part.addEventListener("shown", ({ detail: { query } }) => read(query));
  addEventListener("beforeprint", () => {
    if (!reading) read(new URLSearchParams());
  });
}
