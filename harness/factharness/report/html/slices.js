// Slices: one kind at a time, and the articles of a slice on demand. #slices?kind=quote opens with that kind.
{
  const part = $("#part-slices");
  const MOST = 60;

  function showKind(kind) {
    for (const button of $$("#slice-kinds button")) button.setAttribute("aria-pressed", button.dataset.kind === kind);
    for (const body of $$("tbody[data-kind]", part)) body.hidden = body.dataset.kind !== kind;
  }

  // The row with links to the articles of a slice, under the row of the slice.
  function inside(row) {
    const table = row.closest("table");
    const { articles, dimensions } = data("slices")[table.dataset.goldset];
    const numbers = dimensions[table.dataset.dimension].members[row.dataset.slice];
    const links = numbers.slice(0, MOST).map((number) => {
      const address = `#articles/${encodeURIComponent(table.dataset.goldset)}/${encodeURIComponent(articles[number])}`;
      return make("a", { href: address }, articles[number]);
    });
    const rest = numbers.length > MOST ? `and ${numbers.length - MOST} more` : null;
    return make("tr", { class: "inside" }, make("td", { colspan: row.cells.length }, ...links, rest));
  }

  function addButtons() {
    for (const cell of $$("tr[data-slice] .few", part)) {
      const name = cell.closest("tr").cells[0].firstChild.textContent.trim();
      const label = `${cell.textContent} articles of ${name}`;
      const button = make("button", { type: "button", "aria-expanded": "false", "aria-label": label }, cell.textContent);
      cell.replaceChildren(button);
    }
  }

  part.addEventListener("click", (event) => {
    const button = event.target.closest(".few button");
    if (!button) return;
    const row = button.closest("tr");
    const open = button.getAttribute("aria-expanded") === "true";
    if (open) row.nextElementSibling.remove();
    else row.after(inside(row));
    button.setAttribute("aria-expanded", !open);
  });
  $("#slice-kinds").addEventListener("click", (event) => {
    const kind = event.target.closest("button")?.dataset.kind;
    if (kind) showKind(kind);
  });
  let prepared = false;
  part.addEventListener("shown", ({ detail }) => {
    const kinds = $$("#slice-kinds button").map((button) => button.dataset.kind);
    const asked = detail.query.get("kind");
    if (!prepared) {
      addButtons();
      $("#slice-kinds").hidden = kinds.length < 2;
    }
    if (kinds.includes(asked)) showKind(asked);
    else if (!prepared && kinds.length) showKind(kinds[0]);
    prepared = true;
  });
}
