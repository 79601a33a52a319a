"use strict";
// The page is complete without this script, sorted by used share. The script adds sorting, search, filters, links to customers
// and copies with all digits.
(() => {
  // Rows in the document at first. Scrolling near the end adds more; printing, finding and selecting all add all of them.
  // The layout of ten thousand rows would delay every click.
  const STEP = 100;
  const id = (name) => document.getElementById(name);
  const [table, end, count, nothing, search, currency, written] =
    ["customers", "end", "count", "nothing", "search", "currency", "written"].map(id);
  const body = table.tBodies[0];
  const heads = [...table.tHead.rows[0].cells];
  const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
  const severity = ["ok", "unknown", "none", "trend", "near", "over"];

  const button = (parent, click) => {
    const one = document.createElement("button");
    one.type = "button";
    one.append(...parent.childNodes);
    one.addEventListener("click", click);
    parent.append(one);
    return one;
  };

  const NUMBER = /^-?\d{1,3}(,\d{3})*(\.\d+)?$/;
  // All digits of an amount, without separators.
  const digits = (cell) => cell.title || cell.textContent.replaceAll(",", "");
  const exact = (text) => {
    const [whole, places = ""] = text.split(".");
    return BigInt(whole + places.padEnd(28, "0"));
  };
  const rows = [...body.rows].map((tr, position) => {
    const { cells } = tr;
    const [name, code] = [cells[0].children[0].textContent, cells[0].children[1].textContent];
    const states = tr.className.split(" ");
    return {
      tr, name, states,
      text: `${name} ${code}`.toLowerCase(),
      status: Math.max(...states.map((state) => severity.indexOf(state))),
      // The page is sorted by used share.
      used: cells[2].textContent === "" ? null : -position,
      currency: cells[5].firstChild?.data.trim() ?? "",
    };
  });
  const keys = (column) => {
    const { sort } = heads[column].dataset;
    if (sort !== "amount") return rows.map((row) => row[sort]);
    return rows.map(({ tr }) => {
      const cell = tr.cells[column];
      // Another text or a drawing can follow the amount.
      const text = cell.title || (cell.firstChild?.data ?? "").replaceAll(",", "").trim();
      return text === "" ? null : { text, number: Number(text) };
    });
  };
  const compare = (a, b) => {
    if (typeof a === "string") return collator.compare(a, b);
    if (typeof a === "number") return a - b;
    // Floating point numbers keep the order, but some different amounts are equal. Amounts have at most 28 decimal places.
    if (a.number !== b.number) return a.number - b.number;
    return a.text === b.text ? 0 : exact(a.text) < exact(b.text) ? -1 : 1;
  };
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
    nothing.hidden = found.length > 0;
    const all = `${rows.length.toLocaleString("en")} ${rows.length === 1 ? "customer" : "customers"}`;
    count.textContent = found.length === rows.length ? all : `${found.length.toLocaleString("en")} of ${all}`;
  };

  // Pressed tiles are alternatives.
  const tiles = [...id("tiles").children].map((tile) => {
    const one = button(tile, () => {
      one.setAttribute("aria-pressed", one.ariaPressed !== "true");
      filter();
    });
    one.setAttribute("aria-pressed", false);
    one.dataset.state = tile.className;
    return one;
  });
  const filter = () => {
    const words = search.value.toLowerCase().split(/\s+/);
    const states = tiles.filter((tile) => tile.ariaPressed === "true").map((tile) => tile.dataset.state);
    found = rows.filter(
      (row) =>
        words.every((word) => row.text.includes(word)) &&
        (states.length === 0 || states.some((state) => row.states.includes(state))) &&
        (currency.value === "*" || row.currency === currency.value),
    );
    draw();
  };
  const all = () => {
    search.value = "";
    currency.value = "*";
    for (const tile of tiles) tile.setAttribute("aria-pressed", false);
    filter();
  };
  const sort = (column) => {
    const head = heads[column];
    // Names and currencies are first sorted from A, figures from the highest.
    const { first } = head.dataset;
    const other = first === "ascending" ? "descending" : "ascending";
    const order = head.getAttribute("aria-sort") === first ? other : first;
    for (const one of heads) one.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", order);
    const sign = order === "ascending" ? 1 : -1;
    keys(column).forEach((key, position) => (rows[position].key = key));
    rows.sort(({ key: a }, { key: b }) => {
      // Rows without a figure come last in both directions.
      if (a === null || b === null) return (a === null) - (b === null);
      return sign * compare(a, b);
    });
    filter();
    // Below the first rows, the new order begins above the window.
    if (table.getBoundingClientRect().top < 0) table.scrollIntoView();
  };

  // Shows the customer whose id is in the address, whatever is filtered.
  const follow = () => {
    const linked = rows.find(({ tr }) => tr.id !== "" && `#${tr.id}` === location.hash.toLowerCase());
    for (const row of rows) row.tr.classList.toggle("linked", row === linked);
    if (!linked) return;
    if (!found.includes(linked)) all();
    grow(found.indexOf(linked) + STEP);
    linked.tr.tabIndex = -1;
    linked.tr.scrollIntoView({ block: "center" });
    linked.tr.focus({ preventScroll: true });
  };

  // A copy has all digits, and the customer's id in a cell of its own. The browser copies a selection with other content.
  addEventListener("copy", () => {
    const selection = getSelection();
    if (selection.isCollapsed || !selection.anchorNode) return;
    const range = selection.getRangeAt(0);
    const { commonAncestorContainer: node } = range;
    const one = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest?.("td, data");
    const part = document.createElement("div");
    const isAmount = one && (one.title || NUMBER.test(one.textContent)) && selection.toString().trim() === one.textContent;
    if (isAmount) part.append(digits(one));
    else part.append(range.cloneContents());
    if (!isAmount && !part.querySelector("tr, td, data")) return;
    for (const amount of part.querySelectorAll("td, data")) {
      if (amount.title || NUMBER.test(amount.textContent)) amount.textContent = digits(amount);
    }
    for (const cell of part.querySelectorAll("tr th")) {
      const code = cell.querySelector("code");
      const next = document.createElement(code ? "td" : "th");
      if (code) next.append(code);
      else if (cell.dataset.sort === "name") next.append("Id");
      if (next.hasChildNodes()) cell.after(next);
    }
    part.className = "copy";
    document.body.append(part);
    selection.selectAllChildren(part);
    setTimeout(() => {
      part.remove();
      selection.removeAllRanges();
      selection.addRange(range);
    });
  });
  addEventListener("keydown", (event) => {
    const isInput = event.target.matches?.("input, select");
    if ((event.ctrlKey || event.metaKey) && (event.key === "f" || (event.key === "a" && !isInput))) grow(Infinity);
  });

  heads.forEach((head, column) => button(head, () => sort(column)));
  const reset = document.createElement("span");
  reset.append("Show all customers");
  nothing.append(reset);
  button(reset, all);
  for (const tool of [search, currency]) tool.addEventListener("input", filter);
  new IntersectionObserver(([entry]) => entry.isIntersecting && grow(shown + STEP), { rootMargin: "1500px" }).observe(end);
  addEventListener("beforeprint", () => grow(Infinity));
  addEventListener("hashchange", follow);
  const days = Math.floor((Date.now() - new Date(written.dateTime)) / 86_400_000);
  if (days > 0) written.append(` (${days} ${days === 1 ? "day" : "days"} ago)`);
  document.documentElement.classList.add("script");
  // A browser may restore the inputs after a reload, so apply them.
  filter();
  follow();
})();
