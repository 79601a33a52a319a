"use strict";
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const [form, direction, search, count] = ["form", "#direction", "#search", "#count"].map((selector) => document.querySelector(selector));
  const articles = all("article").map((element) => ({
    element,
    level: element.dataset.level,
    directions: element.dataset.direction.split(" "),
    text: element.textContent.toLowerCase(),
  }));
  document.documentElement.classList.add("script");

  const filter = () => {
    const levels = new Set(all("input[name=level]:checked").map((input) => input.value));
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const { element, level, directions, text } of articles) {
      const matches = levels.has(level)
        && (direction.value === "" || directions.includes(direction.value))
        && words.every((word) => text.includes(word));
      element.hidden = !matches;
      shown += matches;
    }
    // A part of the page without a finding is hidden. A search opens what it found.
    for (const part of all("main details, main section").reverse()) {
      part.hidden = !all("article", part).some((element) => !element.hidden);
      if (part.tagName === "DETAILS" && words.length > 0) part.open = !part.hidden;
    }
    const finding = articles.length === 1 ? "finding" : "findings";
    count.textContent = shown === articles.length ? `${shown} ${finding}` : `${shown} of ${articles.length} ${finding}`;
    document.querySelector("#nothing").hidden = shown > 0 || articles.length === 0;
  };
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  filter();
})();
