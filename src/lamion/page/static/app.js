// The page: views, keys, theme.
import { by, h, say } from "./dom.js";
import { get } from "./api.js";
import { drawWithin } from "./draw.js";
import * as files from "./files.js";
import { cancel } from "./runner.js";
import * as session from "./session.js";
import * as spectra from "./spectra.js";
import { known, state } from "./state.js";
import * as study from "./study.js";
import * as tasks from "./tasks.js";

const VIEWS = ["spectra", "tasks", "study"];

async function view(name) {
  if (name === "study" && !known.begin.study) return;
  state.view = name;
  for (const one of VIEWS) {
    by(one).hidden = one !== name;
    const button = document.querySelector(`[data-view="${one}"]`);
    if (one === name) button.setAttribute("aria-current", "page");
    else button.removeAttribute("aria-current");
  }
  if (name === "study") await study.open();
  else if (name === "spectra") await spectra.redraw();
  else await drawWithin(by("tasks"));
}

function applyTheme() {
  const dark = state.theme ? state.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme = dark ? "dark" : "light";
}

async function turnTheme() {
  state.theme = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
  applyTheme();
  await spectra.redraw();
  await drawWithin(by("main"));
}

async function copy() {
  const text = by("command").textContent;
  if (!text) return say("There is no command yet.", true);
  try {
    await navigator.clipboard.writeText(text);
    say("Copied.");
  } catch {
    getSelection().selectAllChildren(by("command"));
    say("Press Ctrl+C to copy.");
  }
}

const KEYS = {
  1: ["Spectra", () => view("spectra")],
  2: ["All tasks", () => view("tasks")],
  3: ["Study", () => view("study")],
  o: ["Open files", () => by("choose-files").click()],
  j: ["Next file", () => files.move(1)],
  k: ["File before", () => files.move(-1)],
  f: ["Fit a circuit", () => actAndRun("analyze impedance")],
  v: ["Judge validity", () => actAndRun("analyze kk")],
  d: ["Relaxation times", () => actAndRun("analyze drt")],
  g: ["Conductivity: fill in thickness and area", () => actAndFocus("analyze conductivity")],
  r: ["Run the form", () => (state.view === "tasks" ? tasks.compute() : spectra.fit())],
  m: ["Lasso: leave points out, or take them back", () => spectra.press("lasso")],
  p: ["Points as a table: arrows move, space leaves out", pointsFocus],
  z: ["Undo", () => spectra.takeBack("undo")],
  y: ["Redo", () => spectra.takeBack("redo")],
  a: ["Use all points", () => spectra.useAll()],
  e: ["Equal scale or free", () => spectra.press("equal")],
  w: ["Show everything", () => spectra.whole()],
  c: ["Copy the command", copy],
  s: ["Save the session", () => session.save()],
  x: ["Take home", () => session.exportDialog()],
  t: ["Light or dark", turnTheme],
  "/": ["Find a task", async () => { await view("tasks"); by("find-task").focus(); }],
  "?": ["These keys", keysDialog],
};

async function actAndRun(action) {
  await view("spectra");
  await spectra.act(action);
  await spectra.fit();
}

async function actAndFocus(action) {
  await view("spectra");
  await spectra.act(action);
  by("spectra-form").querySelector("input")?.focus();
}

async function pointsFocus() {
  await view("spectra");
  by("points-box").open = true;
  spectra.table();
  by("points").firstChild?.focus();
}

function keysDialog() {
  const dialog = by("keys-dialog");
  const box = h("input", { type: "checkbox", id: "single-keys", checked: state.keys });
  box.addEventListener("change", () => { state.keys = box.checked; });
  dialog.replaceChildren(h("h2", { id: "keys-title" }, "Keys"),
    h("label", {}, box, " Single keys act (Ctrl+Z, Ctrl+Y and Escape always do)"),
    h("table", {}, h("tbody", {}, Object.entries(KEYS).map(([key, [text]]) => h("tr", {}, h("td", {}, h("kbd", {}, key)), h("td", {}, text))))),
    h("form", { method: "dialog" }, h("button", {}, "Close")));
  dialog.showModal();
}

function onKey(event) {
  const writing = event.target.closest?.("input, textarea, select, dialog");
  if (event.key === "Escape") { cancel(); return; }
  if ((event.ctrlKey || event.metaKey) && !writing && "zy".includes(event.key.toLowerCase())) {
    event.preventDefault();
    spectra.takeBack(event.key.toLowerCase() === "y" || event.shiftKey ? "redo" : "undo");
    return;
  }
  if (writing || event.ctrlKey || event.metaKey || event.altKey || !state.keys) return;
  const found = KEYS[event.key];
  if (!found) return;
  event.preventDefault();
  found[1]();
}

async function reopen(file) {
  try {
    const names = await session.open(file);
    applyTheme();
    await files.known_files(names);
    await spectra.reopen();
    await tasks.reopen();
    await view(state.view);
    say("The session is open.");
  } catch (error) {
    say(error.message, true);
  }
}

async function begin() {
  known.begin = await get("/api/begin");
  applyTheme();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { if (!state.theme) turnTheme().then(() => { state.theme = ""; }); });
  document.querySelector('[data-view="study"]').hidden = !known.begin.study;
  for (const button of document.querySelectorAll("[data-view]")) button.addEventListener("click", () => view(button.dataset.view));
  for (const [id, act] of Object.entries({
    theme: turnTheme, help: keysDialog, copy, cancel, export: session.exportDialog, "save-session": session.save,
    "open-session": () => by("choose-session").click(),
  })) by(id).addEventListener("click", act);
  by("choose-session").addEventListener("change", async ({ target }) => { if (target.files[0]) await reopen(target.files[0]); target.value = ""; });
  document.addEventListener("keydown", onKey);
  addEventListener("resize", () => { clearTimeout(begin.timer); begin.timer = setTimeout(() => view(state.view), 150); });
  files.prepare();
  const first = known.begin.files[0];
  for (const name of known.begin.files) known.entries[name] = { name, kind: "", pending: true };
  files.show();
  spectra.prepare();
  // The spectrum first: forms and tasks take their time to load.
  if (known.begin.first) spectra.know(first, known.begin.first);
  if (first) {
    const drawn = new Promise((done) => document.addEventListener("drawn", done, { once: true }));
    files.select([first]);
    await drawn;
    await new Promise((painted) => requestIdleCallback(painted, { timeout: 500 }));
  }
  await spectra.act(state.action);
  tasks.prepare();
  if (first) await files.known_files(known.begin.files);
  if (known.begin.study && !first) await view("study");
  document.body.dataset.ready = "yes";
}

begin();
