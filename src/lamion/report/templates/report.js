"use strict";
// What the page can do beyond being read: find, copy with unit, unfold what is looked for or printed.
(() => {
  const form = document.getElementById("find");
  const search = document.getElementById("search");
  const said = document.getElementById("said");
  const items = [...document.querySelectorAll("[data-item]")];
  const ranges = [...document.querySelectorAll("[data-claims]")];
  const groups = [...document.querySelectorAll("[data-group]")].reverse();
  const folds = [...document.querySelectorAll("details")];
  const choices = [...form.querySelectorAll("[data-choice]")];
  const texts = new Map(items.map((item) => [item, item.textContent.toLowerCase()]));
  let folded = null;

  const chosen = () => choices.filter((choice) => choice.value);
  const words = () => search.value.toLowerCase().split(/\s+/).filter(Boolean);

  function fits(item, wanted, sought) {
    return wanted.every((choice) => item.dataset[choice.dataset.choice].split("|").includes(choice.value))
      && sought.every((word) => texts.get(item).includes(word));
  }

  function unfold(active) {
    if (active && !folded) folded = new Map(folds.map((fold) => [fold, fold.open]));
    if (active) folds.forEach((fold) => { if (fold.matches("[data-group]")) fold.open = true; });
    if (!active && folded) { folded.forEach((open, fold) => { fold.open = open; }); folded = null; }
  }

  function find() {
    const wanted = chosen(), sought = words(), active = wanted.length + sought.length > 0;
    const shown = new Set();
    let count = { claim: 0, step: 0 };
    for (const item of items) {
      item.hidden = active && !fits(item, wanted, sought);
      if (!item.hidden) { count[item.dataset.item] += 1; shown.add(item.id); }
    }
    for (const range of ranges) {
      range.hidden = !range.dataset.claims.split("|").some((claim) => shown.has(`claim-${claim}`));
    }
    unfold(active);
    for (const group of groups) {
      group.hidden = active && !group.querySelector("[data-item]:not([hidden]), [data-claims]:not([hidden])");
    }
    document.body.classList.toggle("finding", active);
    const named = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;
    document.getElementById("found").textContent = active
      ? `${named(count.claim, "claim")}, ${named(count.step, "step")}` : "";
  }

  function clear() {
    search.value = "";
    for (const choice of choices) choice.value = "";
    find();
  }

  // A link may lead to what is folded or filtered away.
  function arrive() {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    if (target.closest("[hidden]")) clear();
    for (let fold = target.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    target.scrollIntoView();
  }

  function withUnit(cell) {
    const text = cell.textContent.trim();
    const table = cell.closest("table.series");
    const unit = table ? table.tHead.rows[0].cells[cell.cellIndex].dataset.unit : "";
    return unit && text ? `${text} ${unit}` : text;
  }

  function tell(text) {
    said.textContent = text;
    said.classList.add("seen");
    clearTimeout(tell.timer);
    tell.timer = setTimeout(() => { said.classList.remove("seen"); said.textContent = ""; }, 2000);
  }

  function copy(cell) {
    const text = withUnit(cell);
    if (!text || !navigator.clipboard) return;
    navigator.clipboard.writeText(text).then(() => tell(`Copied: ${text}`), () => {});
  }

  const numbers = "td.number, .series td";
  const cellOf = (node) => (node instanceof Element ? node : node.parentElement)?.closest(numbers);

  function step(cell, key) {
    const cells = [...cell.closest("table").querySelectorAll(numbers)].filter((one) => !one.closest("[hidden]"));
    const row = cell.parentElement, place = cells.indexOf(cell);
    const below = cells.filter((one) => one.cellIndex === cell.cellIndex);
    const moves = { ArrowRight: [cells, 1, place], ArrowLeft: [cells, -1, place],
      ArrowDown: [below, 1, below.indexOf(cell)], ArrowUp: [below, -1, below.indexOf(cell)] };
    const [list, way, from] = moves[key];
    const next = list[from + way];
    if (!next || !row) return;
    cell.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  }

  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", find);
  form.addEventListener("reset", (event) => { event.preventDefault(); clear(); search.focus(); });
  // One stop of the Tab key for each table; arrows go on from there.
  for (const table of document.querySelectorAll("table")) {
    const first = table.querySelector(numbers);
    if (first) first.tabIndex = 0;
  }
  document.addEventListener("click", (event) => {
    const cell = cellOf(event.target);
    if (cell && !event.target.closest("a") && getSelection().isCollapsed) copy(cell);
  });
  document.addEventListener("copy", (event) => {
    const selection = getSelection();
    const cell = cellOf(selection.anchorNode ?? document.body);
    if (!cell || cellOf(selection.focusNode) !== cell || selection.toString().trim() !== cell.textContent.trim()) return;
    event.clipboardData.setData("text/plain", withUnit(cell));
    event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    if (!(event.target instanceof Element)) return;
    const typing = event.target.matches("input, select, textarea");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      search.focus();
    } else if (event.key === "Escape" && (typing || document.body.classList.contains("finding"))) {
      clear();
      search.blur();
    } else if (event.target.matches(numbers)) {
      if (event.key === "Enter") copy(event.target);
      else if (event.key.startsWith("Arrow")) { event.preventDefault(); step(event.target, event.key); }
    }
  });
  addEventListener("hashchange", arrive);
  let before = null;
  addEventListener("beforeprint", () => {
    before = new Map(folds.map((fold) => [fold, fold.open]));
    folds.forEach((fold) => { fold.open = true; });
  });
  addEventListener("afterprint", () => {
    if (before) before.forEach((open, fold) => { fold.open = open; });
    before = null;
  });
  if (location.hash) arrive();
})();
