// Slices as a filter of mistakes. Each is named GOLDSET/D/S by the places of its dimension and its own in that.
const slices = {
  // Of which slices an article is.
  of({ goldset, id }) {
    return (slices.byArticle ??= slices.read()).get(JSON.stringify([goldset, id])) ?? [];
  },
  names: new Map(), // slice to what it is called: "rubrique: sport"
  groups: [], // the slices of each dimension, with its title

  // Fills the above; a page without slices leaves them empty.
  read() {
    const found = new Map();
    const sets = $("#data-slices") ? Object.entries(data("slices")) : [];
    for (const [goldset, { articles, dimensions }] of sets) {
      const own = articles.map(() => []);
      dimensions.forEach(({ title, slices: called, members }, d) => {
        const group = { title: sets.length > 1 ? `${goldset}, ${title}` : title, slices: [] };
        called.forEach((name, s) => {
          const slice = `${goldset}/${d}/${s}`;
          slices.names.set(slice, `${title}: ${name}`);
          group.slices.push({ slice, name });
          for (const place of members[s]) own[place].push(slice);
        });
        slices.groups.push(group);
      });
      articles.forEach((id, place) => found.set(JSON.stringify([goldset, id]), own[place]));
    }
    return found;
  },

  fill(select) {
    slices.byArticle ??= slices.read();
    for (const { title, slices: members } of slices.groups) {
      const options = members.map(({ slice, name }) => make("option", { value: slice, "data-name": name }, name));
      select.append(make("optgroup", { label: title }, ...options));
    }
  },

  // After each name, how many facts a choice of it would leave.
  show(select, chosen, counts) {
    for (const option of $$("option[data-name]", select)) {
      option.textContent = `${option.dataset.name} (${number(counts.get(option.value)?.facts ?? 0)})`;
    }
    select.value = slices.names.has(chosen) ? chosen : "";
  },
};
