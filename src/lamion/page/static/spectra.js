// Spectra: see, judge, leave out, fit, compare.
import { by, h, say } from "./dom.js";
import { get } from "./api.js";
import { compareTable, keepAnswer, show, showError } from "./answer.js";
import { draw } from "./draw.js";
import { names, onSelection, show as showFiles } from "./files.js";
import { declaration, form } from "./form.js";
import { pointsTable } from "./points.js";
import { run } from "./runner.js";
import { canRedo, canUndo, formOf, known, ranges, redo, setMask, state, undo } from "./state.js";

const ACTIONS = {
  "analyze impedance": { text: "Fit a circuit", first: ["circuit", "family", "area"] },
  "analyze kk": { text: "Judge validity (Kramers-Kronig)", first: [] },
  "analyze drt": { text: "Relaxation times (DRT)", first: ["regularisation"] },
  "analyze conductivity": { text: "Conductivity of a blocking cell", first: ["temperature"] },
  "analyze arrhenius": { text: "Series over temperature: Arrhenius", first: ["temperatures", "thickness", "area"] },
};
const PLANE = "nyquist", SLOT = "spectra";
const MOST = 20, KEPT = 300;
let raw = null, fitted = null, verdictTurn = 0;
const readings = new Map();

const one = () => (state.selected.length === 1 ? state.selected[0] : null);
const mask = () => new Set(one() ? state.masks[one()] ?? [] : []);

// The points of the one spectrum as it was read.
const readTrace = () => (one() && raw?.spectra === 1 ? raw.figures[0].data.panels[0].traces.find((trace) => trace.also?.["Point / 1"]) : null);

function figures() {
  const own = state.selected.length > MOST ? [] : fitted?.figures ?? [];
  const plane = own.find((figure) => figure.name === PLANE) ?? raw?.figures[0];
  const bode = own.find((figure) => figure.name === `${PLANE}-bode`) ?? raw?.figures.find((figure) => figure.name.endsWith("-bode"));
  return { plane, bode };
}

export async function redraw() {
  const { plane, bode } = figures();
  document.body.classList.toggle("empty", !plane);
  for (const div of [by("plane"), by("bode")]) div.figure = null;
  if (!plane) {
    for (const div of [by("plane"), by("bode")]) { window.Plotly?.purge(div); div.replaceChildren(); }
    return;
  }
  const left = mask(), revision = state.selected.join("|");
  const isSpectrum = Boolean(bode);
  by("bode").hidden = !isSpectrum;
  by("planes").style.gridTemplateColumns = isSpectrum ? "" : "minmax(0, 1fr)";
  const dragmode = by("lasso").getAttribute("aria-pressed") === "true" ? "lasso" : "zoom";
  const height = isSpectrum ? Math.max(300, Math.min(560, by("plane").clientWidth)) : null;
  const options = { left, revision, equal: state.equal, dragmode, fixed: isSpectrum, unnamed: one() ? one().split("/").at(-1) : "" };
  await draw(by("plane"), plane, { ...options, only: isSpectrum ? [0] : null, height });
  if (isSpectrum) await draw(by("bode"), bode, { ...options, height: 190 * bode.data.panels.length });
  link();
}

// The same point in all plots: what is under the pointer in one is marked in the others.
function link() {
  const divs = [by("plane"), by("bode")];
  for (const div of divs) {
    if (div.linked || !div.on) continue;
    div.linked = true;
    div.on("plotly_hover", ({ points }) => mark(divs.find((other) => other !== div), points[0].customdata?.[0]));
    div.on("plotly_unhover", () => divs.forEach((other) => mark(other, null)));
    div.on("plotly_selected", (event) => { if (event) chosen(event.points.map((point) => point.customdata?.[0])); });
  }
}

function mark(div, number) {
  for (const point of div.querySelectorAll("path.point")) {
    const own = point.__data__?.data?.[0];
    point.classList.toggle("marked", number !== null && number !== undefined && own === number);
  }
}

function chosen(numbers) {
  for (const div of [by("plane"), by("bode")]) if (div.layout?.selections?.length) window.Plotly.relayout(div, { selections: [] });
  toggle(numbers.filter((number) => number !== undefined && number !== null));
}

// Leave points out; take them back where all of them are left out already.
export function toggle(numbers) {
  if (!one() || !numbers.length) return;
  const before = mask();
  const back = numbers.every((number) => before.has(number));
  const after = back ? [...before].filter((number) => !numbers.includes(number)) : [...before, ...numbers];
  if (readTrace() && after.length >= readTrace().x.length) return say("Every point would be left out.", true);
  setMask(one(), after);
  masked();
}

function masked() {
  by("undo").disabled = !canUndo();
  by("redo").disabled = !canRedo();
  by("all-points").disabled = !mask().size;
  const fitting = fitted ? fit() : Promise.resolve(command());
  redraw();
  showFiles();
  table();
  fitting.finally(judge);
}

// The table costs time, and is made where it is seen.
export function table() {
  if (by("points-box").open) pointsTable(by("points"), readTrace(), mask(), toggle);
}

export function takeBack(step) {
  if (step === "undo" ? undo() : redo()) masked();
}

export function useAll() {
  if (mask().size) { setMask(one(), []); masked(); }
}

export function press(id, on = by(id).getAttribute("aria-pressed") !== "true") {
  by(id).setAttribute("aria-pressed", String(on));
  if (id === "equal") state.equal = on;
  redraw();
}

// The options of the action on what is selected.
function options() {
  const own = known.forms[state.action];
  const found = { ...formOf(state.action) };
  if (!own) return found;
  const files = Object.entries(own.options).find(([, option]) => option.positional && option.kind === "file");
  if (files && state.selected.length) found[files[0]] = files[1].many ? state.selected : state.selected[0];
  if (one() && mask().size && "leave_out" in own.options) found.leave_out = [ranges([...mask()]).join(",")];
  return found;
}

function command() {
  const said = ["lamion", ...state.action.split(" "), ...state.selected];
  if (mask().size) said.push("--leave-out", ranges([...mask()]).join(","));
  if (!state.selected.length) said.length = 0;
  by("command").textContent = fitted && !mask().size ? fitted.command : said.join(" ");
}

export async function fit() {
  if (!state.selected.length) return say("Choose a file first.", true);
  const now = state.selected.join("|");
  try {
    const found = await run(SLOT, state.action, options());
    if (!found || now !== state.selected.join("|")) return;
    await answered(found);
  } catch (error) {
    if (error.cancelled) return say("Cancelled.");
    fitted = null;
    showError(by("spectra-answer"), error);
    redraw();
  }
}

async function answered(found) {
  fitted = found;
  by("command").textContent = found.command;
  const keep = (one) => { keepAnswer(one); refreshCompare(); };
  await Promise.all([redraw(), show(by("spectra-answer"), found, { keep, without: (name) => name.startsWith(PLANE) })]);
  say("Done.");
}

export function refreshCompare() {
  compareTable(by("compare"), refreshCompare);
}

async function judge() {
  const turn = ++verdictTurn, place = by("verdict");
  place.textContent = "";
  place.className = "";
  if (!readTrace()) return;
  try {
    const left = mask().size ? { leave_out: [ranges([...mask()]).join(",")] } : {};
    const found = await run("verdict", "analyze kk", { file: one(), ...left });
    if (turn !== verdictTurn || !found) return;
    const { verdict, reason } = found.answer.notes;
    place.textContent = `Kramers-Kronig: ${verdict}`;
    place.title = reason ?? "";
    place.className = verdict === "valid" ? "good" : "bad";
  } catch (error) {
    if (turn === verdictTurn) { place.textContent = "Kramers-Kronig: not judged"; place.title = error.message; }
  }
}

// What one goes to next is read while one looks.
function readAhead() {
  const all = names(), at = all.indexOf(one());
  for (const name of [all[at + 1], all[at - 1], all[at + 2], all[at + 3]]) if (at >= 0 && name && !known.entries[name].refused) reading([name]).catch(() => {});
}

async function reading(list) {
  const key = list.join("|");
  if (!readings.has(key)) {
    if (readings.size > KEPT) readings.delete(readings.keys().next().value);
    readings.set(key, get("/api/read", { name: list }));
    readings.get(key).catch(() => readings.delete(key));
  }
  return readings.get(key);
}

// What the page began with was read already.
export const know = (name, found) => readings.set(name, Promise.resolve(found));

export const forgetReadings = () => readings.clear();

let turn = 0;
async function selected(list) {
  const own = ++turn;
  fitted = null;
  by("spectra-answer").replaceChildren();
  if (!list.length) { raw = null; await redraw(); command(); return; }
  const usable = list.filter((name) => !known.entries[name]?.refused);
  try {
    const found = usable.length ? await reading(usable.slice(0, MOST)) : null;
    if (own !== turn) return;
    raw = found;
    await redraw();
    const more = usable.length > MOST ? `The first ${MOST} of ${usable.length} files are drawn. ` : "";
    by("about").textContent = found ? more + about(found) : known.entries[list[0]].refused;
  } catch (error) {
    if (own !== turn) return;
    raw = null;
    by("about").textContent = error.message;
    await redraw();
  }
  if (own !== turn) return;
  by("all-points").disabled = !mask().size;
  table();
  document.dispatchEvent(new CustomEvent("drawn"));
  readAhead();
  command();
  clearTimeout(selected.timer);
  by("verdict").textContent = "";
  selected.timer = setTimeout(() => { judge(); fillTemperatures(); }, 250);
}

function about(found) {
  const conditions = Object.entries(found.conditions).map(([name, text]) => `${name}: ${text}`);
  return [found.format, `${found.points} points`, ...conditions, ...found.warnings].join(" · ");
}

// Temperatures that all names say, in the order of the files.
function fillTemperatures() {
  if (state.action !== "analyze arrhenius" || state.selected.length < 2) return;
  const said = state.selected.map((name) => /(-?\d+(?:[.,]\d+)?) ?(?:deg|°|_deg)?C(?![a-zA-Z])/.exec(name)?.[1]);
  const values = formOf("analyze arrhenius");
  if (said.every(Boolean) && !values.temperatures) {
    values.temperatures = [said.map((one) => `${one.replace(",", ".")} degC`).join(", ")];
    actionForm();
  }
}

async function actionForm() {
  const own = await declaration(state.action);
  const hidden = Object.entries(own.options).filter(([name, option]) => (option.positional && option.kind === "file") || name === "leave_out").map(([name]) => name);
  let timer;
  await form(by("spectra-form"), state.action, {
    prefix: "spectra", hidden, first: ACTIONS[state.action].first, files: names, submit: fit,
    change: (how) => { if (!fitted) return; clearTimeout(timer); timer = setTimeout(fit, how === "slide" ? 0 : 50); },
  });
}

export async function act(action) {
  state.action = action;
  by("action").value = action;
  if (fitted) { fitted = null; by("spectra-answer").replaceChildren(); redraw(); }
  await actionForm();
  fillTemperatures();
  command();
}

// A session: what was seen is shown again, nothing is computed again.
export async function reopen() {
  forgetReadings();
  await act(state.action);
  await selected(state.selected);
  clearTimeout(selected.timer);
  const kept = known.answers[state.answers[SLOT]];
  if (kept) await answered(kept);
  const verdict = known.answers[state.answers.verdict];
  if (verdict && one()) by("verdict").textContent = `Kramers-Kronig: ${verdict.answer.notes.verdict}`;
  refreshCompare();
  by("undo").disabled = !canUndo();
}

export function prepare() {
  by("action").append(...Object.entries(ACTIONS).map(([name, { text }]) => h("option", { value: name }, text)));
  by("action").addEventListener("change", () => act(by("action").value));
  for (const id of ["lasso", "equal"]) by(id).addEventListener("click", () => press(id));
  by("undo").addEventListener("click", () => takeBack("undo"));
  by("redo").addEventListener("click", () => takeBack("redo"));
  by("all-points").addEventListener("click", useAll);
  by("whole").addEventListener("click", whole);
  by("points-box").addEventListener("toggle", table);
  onSelection(selected);
  document.addEventListener("files", forgetReadings);
}

export function whole() {
  for (const div of [by("plane"), by("bode")]) {
    if (!div.layout || div.hidden) continue;
    const axes = Object.keys(div.layout).filter((key) => /^[xy]axis/.test(key));
    window.Plotly.relayout(div, Object.fromEntries(axes.map((key) => [`${key}.autorange`, true])));
  }
}
