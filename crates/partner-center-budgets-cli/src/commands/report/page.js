"use strict";
// The page is complete without this script, sorted by used share. The script adds sorting, search and filters.
(() => {
  // Rows in the document at first. Scrolling near the end adds more, and printing adds all of them.
  // The layout of ten thousand rows would delay every click.
  const STEP = 200;
  const table = document.getElementById("customers");
  const body = table.tBodies[0];
  const heads = [...table.tHead.rows[0].cells];
  const end = document.getElementById("end");
  const count = document.getElementById("count");
  const tools = ["search", "status", "currency"].map((id) => document.getElementById(id));
  const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

  // Ranks of exact decimals, in the order of the columns. An empty cell has no rank.
  const rows = [...body.rows].map((tr) => {
    const [customer, , , currency] = tr.cells;
    const rank = tr.dataset.k.split(",").map((text) => (text === "" ? null : Number(text)));
    const [name, id] = [customer.children[0].textContent, customer.children[1].textContent];
    return { tr, rank, name, text: `${name} ${id}`.toLowerCase(), currency: currency.textContent, states: ` ${tr.className} ` };
  });
  let found = rows;
  let shown = 0;

  const grow = (to) => {
    const part = document.createDocumentFragment();
    for (; shown < Math.min(to, found.length); shown += 1) {
      const { tr } = found[shown];
      tr.setAttribute("aria-rowindex", shown + 2);
      // Some browsers do not treat cards as a table, so the roles are explicit.
      tr.setAttribute("role", "row");
      for (const cell of tr.cells) cell.setAttribute("role", cell.tagName === "TH" ? "rowheader" : "cell");
      part.append(tr);
    }
    body.append(part);
  };
  const draw = () => {
    body.replaceChildren();
    shown = 0;
    grow(STEP);
    table.setAttribute("aria-rowcount", found.length + 1);
    const all = `${rows.length.toLocaleString("en")} ${rows.length === 1 ? "customer" : "customers"}`;
    count.textContent = found.length === rows.length ? all : `${found.length.toLocaleString("en")} of ${all}`;
  };
  const filter = () => {
    const [text, status, currency] = tools.map((tool) => tool.value);
    const words = text.toLowerCase().split(/\s+/);
    found = rows.filter(
      (row) =>
        words.every((word) => row.text.includes(word)) &&
        (status === "" || row.states.includes(` ${status} `)) &&
        (currency === "" || row.currency === currency),
    );
    draw();
  };
  const sort = (column) => {
    const head = heads[column];
    // Names and currencies are first sorted from A, figures from the highest.
    const first = head.dataset.first;
    const other = first === "ascending" ? "descending" : "ascending";
    const order = head.getAttribute("aria-sort") === first ? other : first;
    for (const one of heads) one.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", order);
    const sign = order === "ascending" ? 1 : -1;
    const text = { 0: "name", 3: "currency" }[column];
    rows.sort((a, b) => {
      if (text) return sign * collator.compare(a[text], b[text]);
      const [one, two] = [a.rank[column], b.rank[column]];
      // Rows without a figure come last in both directions.
      if (one === null || two === null) return (one === null) - (two === null);
      return sign * (one - two);
    });
    filter();
  };

  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    button.addEventListener("click", () => sort(column));
    head.append(button);
  });
  for (const tool of tools) tool.addEventListener("input", filter);
  new IntersectionObserver(([entry]) => entry.isIntersecting && grow(shown + STEP), { rootMargin: "1500px" }).observe(end);
  addEventListener("beforeprint", () => grow(Infinity));
  document.documentElement.classList.add("script");
  // A browser may restore the inputs after a reload, so apply them.
  filter();
})();
