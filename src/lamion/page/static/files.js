// The files on the page: dropped, chosen, listed.
import { by, h, say } from "./dom.js";
import { get, post, send } from "./api.js";
import { known, state } from "./state.js";

const AT_ONCE = 4;
const listeners = [];
let active = 0;

export const onSelection = (listener) => listeners.push(listener);
export const names = () => Object.keys(known.entries);

async function inParallel(items, work) {
  const queue = [...items];
  await Promise.all(Array.from({ length: AT_ONCE }, async () => { while (queue.length) await work(queue.shift()); }));
}

export async function known_files(list) {
  for (const name of list) known.entries[name] ??= { name, kind: "", pending: true };
  for (const name of Object.keys(known.entries)) if (!list.includes(name)) delete known.entries[name];
  show();
  await inParallel(list.filter((name) => known.entries[name].pending), async (name) => {
    try { known.entries[name] = await get("/api/file", { name }); } catch (error) { known.entries[name] = { name, refused: error.message }; }
  });
  show();
}

export async function add(files) {
  const failed = [];
  let done = 0;
  // In the order in which they came, whichever is read first.
  for (const { name } of files) known.entries[name] ??= { name, pending: true };
  show();
  await inParallel(files, async ({ name, blob }) => {
    try { known.entries[name] = await send("/api/file", { name }, blob); } catch (error) {
      failed.push(`${name}: ${error.message}`);
      if (known.entries[name].pending) delete known.entries[name];
    }
    say(`${++done} of ${files.length} files`);
  });
  document.dispatchEvent(new CustomEvent("files"));
  show();
  say(failed.length ? failed.join(" ") : `${files.length - failed.length} ${files.length === 1 ? "file" : "files"} added.`, failed.length > 0);
  const usable = files.map((one) => one.name).filter((name) => known.entries[name] && !known.entries[name].refused);
  if (usable.length) select([usable[0]]);
}

async function walk(entry, within, found) {
  if (entry.isFile) {
    const blob = await new Promise((resolve, reject) => entry.file(resolve, reject));
    if (!entry.name.startsWith(".")) found.push({ name: within + entry.name, blob });
    return;
  }
  const reader = entry.createReader();
  for (;;) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!some.length) return;
    for (const one of some) await walk(one, `${within}${entry.name}/`, found);
  }
}

export async function dropped(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  const found = [];
  for (const entry of entries) await walk(entry, "", found);
  if (!entries.length) found.push(...[...transfer.files].map((blob) => ({ name: blob.name, blob })));
  await add(found.sort((a, b) => a.name.localeCompare(b.name, "en", { numeric: true })));
}

export function select(list) {
  state.selected = list;
  active = Math.max(0, names().indexOf(list.at(-1)));
  mark();
  for (const listener of listeners) listener(list);
}

export function move(step, extend = false) {
  const all = names();
  if (!all.length) return;
  active = Math.min(all.length - 1, Math.max(0, active + step));
  const name = all[active];
  select(extend ? [...state.selected.filter((one) => one !== name), name] : [name]);
}

function click(name, event) {
  const all = names();
  if (event.shiftKey && state.selected.length) {
    const [a, b] = [all.indexOf(state.selected[0]), all.indexOf(name)];
    const between = all.slice(Math.min(a, b), Math.max(a, b) + 1);
    select(a <= b ? between : between.reverse());
  } else if (event.ctrlKey || event.metaKey) {
    select(state.selected.includes(name) ? state.selected.filter((one) => one !== name) : [...state.selected, name]);
  } else select([name]);
}

export async function forget() {
  for (const name of state.selected) {
    await post("/api/forget", { name });
    delete known.entries[name];
    delete state.masks[name];
  }
  show();
  select([]);
}

export function selectAll() {
  select(names());
}

const about = (entry) => (entry.refused ? entry.refused : entry.pending ? "reading" : [entry.kind, entry.counted, entry.range.replace(/^Frequency /, "")].filter(Boolean).join(", "));

export function show() {
  const all = names();
  by("file-list").replaceChildren(...all.map((name, k) => {
    const entry = known.entries[name];
    const mask = state.masks[name] ? `, ${state.masks[name].length} left out` : "";
    return h("li", { role: "option", id: `file-${k}`, class: entry.refused && "refused", onclick: (event) => click(name, event) }, name, h("small", {}, about(entry) + mask));
  }));
  const bad = all.filter((name) => known.entries[name].refused).length;
  by("file-hint").textContent = all.length ? `${all.length} files${bad ? `, ${bad} not readable` : ""}. Ctrl+click or Shift+arrow chooses several, Ctrl+A all.` : "Nothing leaves this machine.";
  mark();
}

// Which of the listed are chosen: the list itself stays as it is while one goes through it.
function mark() {
  const list = by("file-list"), chosen = new Set(state.selected);
  names().forEach((name, k) => {
    const item = list.children[k];
    item.setAttribute("aria-selected", String(chosen.has(name)));
    item.classList.toggle("active", k === active);
  });
  if (!list.children.length) return;
  list.setAttribute("aria-activedescendant", `file-${active}`);
  list.children[active]?.scrollIntoView({ block: "nearest" });
}

export function prepare() {
  by("drop").addEventListener("click", () => by("choose-files").click());
  by("open-files").addEventListener("click", () => by("choose-files").click());
  by("choose-files").addEventListener("change", async ({ target }) => {
    await add([...target.files].map((blob) => ({ name: blob.name, blob })));
    target.value = "";
  });
  const body = document.body;
  body.addEventListener("dragover", (event) => { event.preventDefault(); body.classList.add("dragging"); });
  body.addEventListener("dragleave", (event) => { if (!event.relatedTarget) body.classList.remove("dragging"); });
  body.addEventListener("drop", (event) => { event.preventDefault(); body.classList.remove("dragging"); dropped(event.dataTransfer); });
  by("file-list").addEventListener("keydown", (event) => {
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -1e6, End: 1e6 };
    if (event.key in steps) move(steps[event.key], event.shiftKey);
    else if (event.key === "a" && (event.ctrlKey || event.metaKey)) selectAll();
    else if (event.key === "Delete") forget();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
}
