// An answer as the command line's screen says it, with its figures and what can be taken home.
import { h, say, download } from "./dom.js";
import { take } from "./api.js";
import { drawWithin, figureElement } from "./draw.js";
import { known, state } from "./state.js";

const ROWS = 200;
const FILES = { svg: "figure.svg", "figure-csv": "figure.csv", csv: "series.csv", json: "answer.json" };

function results(rows) {
  const line = (row) => h("tr", {},
    h("th", { scope: "row" }, row.label),
    h("td", { class: row.determined ? "number" : "lost" }, row.text));
  const first = rows.filter((row) => row.headline), others = rows.filter((row) => !row.headline);
  if (!rows.length) return null;
  const table = h("table", { class: "results" }, h("caption", { hidden: true }, "Results"), h("tbody", {}, first.map(line)));
  if (!others.length) return table;
  return h("div", {}, table, h("details", {}, h("summary", {}, `${others.length} more`), h("table", { class: "results" }, h("tbody", {}, others.map(line)))));
}

function sentences(lines) {
  const found = [];
  for (const { style, text } of lines) {
    if (style === "result" || style === "detail") continue;
    const last = found.at(-1);
    if (last && last.style === style && text.startsWith(" ")) last.text += ` ${text.trim()}`;
    else found.push({ style, text: text.trim() });
  }
  return found.map(({ style, text }) => h("p", { class: `${style === "verdict" ? "verdict-line" : style}` }, text));
}

export const cell = (value) => (value === null || value === undefined ? "" : typeof value === "number" ? String(Number(value.toPrecision(6))) : value);

function series(answer) {
  const columns = Object.entries(answer.series);
  if (!columns.length) return null;
  const count = Math.max(...columns.map(([, values]) => values.length));
  const rows = Array.from({ length: Math.min(count, ROWS) }, (_, k) => h("tr", {}, columns.map(([, values]) => h("td", { class: "number" }, cell(values[k])))));
  const more = count > ROWS ? `, the first ${ROWS} here, all as CSV` : "";
  const several = columns[0][0] === "File";
  return h("details", { open: several, class: "series" },
    h("summary", {}, `Table: ${count} rows${more}`),
    h("div", { class: "scroll", tabIndex: 0, role: "region", "aria-label": "Table" }, h("table", {}, h("thead", {}, h("tr", {}, columns.map(([title]) => h("th", { scope: "col" }, title)))), h("tbody", {}, rows))));
}

function refused(answer) {
  const found = Object.entries(answer.notes.refused ?? {});
  if (!found.length) return null;
  return h("div", { class: "refused" }, h("h3", {}, `${found.length} left out`),
    h("table", {}, h("tbody", {}, found.map(([name, why]) => h("tr", { class: "error" }, h("th", { scope: "row" }, name), h("td", {}, why))))));
}

async function takeOne(kind, id) {
  try {
    download(await take("/api/export", [["kind", kind], ["id", id]]), FILES[kind]);
  } catch (error) {
    say(error.message, true);
  }
}

function buttons(found, keep) {
  const button = (kind, text) => h("button", { type: "button", onclick: () => takeOne(kind, found.id) }, text);
  const drawn = found.figures.length > 0, tabled = Object.keys(found.answer.series).length > 0;
  return h("div", { class: "buttons" },
    drawn && button("svg", "SVG"), drawn && button("figure-csv", "Figure as CSV"), tabled && button("csv", "Table as CSV"), button("json", "JSON"),
    keep && h("button", { type: "button", onclick: () => keep(found) }, "Keep to compare"));
}

// Show an answer; figures by name can be left to somebody else.
export async function show(place, found, { keep = null, without = () => false, exports = true } = {}) {
  const figures = found.figures.filter((figure) => !without(figure.name)).map(figureElement);
  const open = [...place.querySelectorAll("details")].map((one) => one.open);
  place.replaceChildren(...[results(found.rows), ...sentences(found.lines), refused(found.answer), ...figures, series(found.answer), exports ? buttons(found, keep) : null].filter(Boolean));
  [...place.querySelectorAll("details")].forEach((one, k) => { if (open[k] !== undefined && open.length) one.open = open[k] || one.open; });
  await drawWithin(place);
}

export function showError(place, error) {
  place.replaceChildren(h("p", { class: "error", role: "alert" }, error.message));
}

export function keepAnswer(found) {
  if (!state.kept.includes(found.id)) state.kept.push(found.id);
  const slot = found.id.slice(0, found.id.lastIndexOf("-"));
  state.generations[slot] = (state.generations[slot] ?? 0) + 1;
}

// Kept answers beside each other, a column each.
export function compareTable(place, redo) {
  const kept = state.kept.map((id) => known.answers[id]).filter(Boolean);
  if (!kept.length) { place.replaceChildren(); return; }
  const names = [...new Set(kept.flatMap((one) => one.rows.map((row) => row.label)))];
  const text = (one, name) => one.rows.find((row) => row.label === name);
  const drop = (one) => { state.kept = state.kept.filter((id) => id !== one.id); redo(); };
  const head = kept.map((one) => h("th", { scope: "col" }, one.command.replace(/^lamion \S+ /, ""), " ", h("button", { type: "button", "aria-label": `Drop ${one.command}`, onclick: () => drop(one) }, "×")));
  place.replaceChildren(h("h3", {}, "Compared"), h("div", { class: "scroll", tabIndex: 0, role: "region", "aria-label": "Compared" },
    h("table", {}, h("thead", {}, h("tr", {}, h("th", {}, ""), head)), h("tbody", {}, names.map((name) => h("tr", {}, h("th", { scope: "row" }, name),
      kept.map((one) => { const row = text(one, name); return h("td", { class: row && !row.determined ? "lost" : "number" }, row?.text ?? ""); })))))));
}
