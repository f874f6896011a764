// The points of the spectrum as a table that the keyboard masks: arrows move, the space bar leaves out or takes back.
import { by, h } from "./dom.js";
import { cell } from "./answer.js";

let active = 0;

export function pointsTable(place, trace, left, toggle) {
  if (!trace) { place.replaceChildren(); return; }
  const numbers = trace.also["Point / 1"];
  active = Math.min(active, numbers.length - 1);
  const row = (number, k) => h("tr", { class: `number-row${left.has(number) ? " left" : ""}`, "aria-selected": String(k === active) },
    h("td", {}, left.has(number) ? `${number} (left out)` : number), h("td", { class: "number" }, cell(trace.also["Frequency / Hz"][k])),
    h("td", { class: "number" }, cell(trace.x[k])), h("td", { class: "number" }, cell(trace.y[k])));
  const body = h("tbody", {}, numbers.map(row));
  const table = h("table", {}, h("thead", {}, h("tr", {}, ["Point", "Frequency / Hz", "Re Z", "−Im Z"].map((one) => h("th", { scope: "col" }, one)))), body);
  const scroll = h("div", { class: "scroll", tabIndex: 0, role: "region", "aria-label": "Points: arrows move, space leaves out or takes back" }, table);
  const mark = () => {
    [...body.children].forEach((one, k) => one.setAttribute("aria-selected", String(k === active)));
    body.children[active].scrollIntoView({ block: "nearest" });
  };
  scroll.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) { active = Math.min(numbers.length - 1, Math.max(0, active + step)); mark(); }
    else if (event.key === " ") toggle([numbers[active]]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  const focused = place.contains(document.activeElement);
  place.replaceChildren(scroll);
  if (focused) { scroll.focus(); mark(); }
}
