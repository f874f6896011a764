// Every task: find it, fill in its form, see its figure and its answer.
import { by, h, say } from "./dom.js";
import { post } from "./api.js";
import { keepAnswer, show, showError } from "./answer.js";
import { known_files, names } from "./files.js";
import { form } from "./form.js";
import { run } from "./runner.js";
import { known, state } from "./state.js";

let timer;

function list(filter = "") {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = ({ name, help }) => words.every((word) => `${name} ${help}`.toLowerCase().includes(word));
  const groups = new Map([["", "mixtures"], ...Object.entries(known.begin.groups)]);
  const parts = [];
  for (const [group, text] of groups) {
    const own = known.begin.tasks.filter((task) => fits(task) && (group ? task.name.startsWith(`${group} `) : !task.name.includes(" ")));
    if (!own.length) continue;
    parts.push(h("h3", {}, group || "recipe"), h("p", { class: "hint" }, text));
    for (const task of own) {
      parts.push(h("button", { type: "button", class: "task-button", "data-task": task.name, "aria-current": String(task.name === state.task), onclick: () => open(task.name) },
        task.name.replace(`${group} `, ""), h("small", {}, task.help)));
    }
  }
  by("task-list").replaceChildren(...(parts.length ? parts : [h("p", { class: "hint" }, "No task has such words.")]));
}

export async function open(name) {
  state.task = name;
  by("task-answer").replaceChildren();
  list(by("find-task").value);
  try {
    await build();
    by("command").textContent = `lamion ${name}`;
  } catch (error) {
    showError(by("task-form"), error);
  }
}

async function build() {
  const place = h("div");
  const own = await form(place, state.task, { files: names, submit: compute, change: (how) => { if (how === "slide" || by("task-answer").hasChildNodes()) soon(how); } });
  const head = [h("h2", {}, own.name), h("p", {}, own.help)];
  const description = own.description ? h("details", {}, h("summary", {}, "What it does"), own.description.split("\n\n").map((text) => h("p", {}, text)), own.sources.map((work) => h("p", { class: "hint" }, work))) : null;
  if (!own.verb) { by("task-form").replaceChildren(...head, h("p", {}, "It takes a table: a step of a study, or a call from Python.")); return; }
  const example = h("button", { type: "button", id: "fill-example", onclick: fill }, "Fill in the example");
  by("task-form").replaceChildren(...head, ...[description, h("div", { class: "buttons" }, example), place].filter(Boolean));
}

async function fill() {
  const { options, files } = await post("/api/example", { task: state.task });
  state.forms[state.task] = options;
  await known_files(files);
  await build();
  await compute();
}

function soon(how) {
  clearTimeout(timer);
  timer = setTimeout(compute, how === "slide" ? 15 : 150);
}

export async function compute() {
  if (!state.task) return;
  const task = state.task;
  try {
    const found = await run(`task ${task}`, task, state.forms[task] ?? {});
    if (!found || task !== state.task) return;
    await shown(found);
    say("Done.");
  } catch (error) {
    if (error.cancelled) say("Cancelled.");
    else showError(by("task-answer"), error);
  }
}

async function shown(found) {
  by("command").textContent = found.command;
  await show(by("task-answer"), found, { keep: (one) => { keepAnswer(one); say("Kept: it stands under Spectra, Compared."); } });
}

export async function reopen() {
  if (!state.task) return;
  await open(state.task);
  const kept = known.answers[state.answers[`task ${state.task}`]];
  if (kept) await shown(kept);
}

export function prepare() {
  by("find-task").addEventListener("input", () => list(by("find-task").value));
  list();
  by("task-form").replaceChildren(h("p", { class: "hint" }, "Choose a task: each has a form, an example and its equivalent command."));
}
