// One computation at a time for each place on the page; of several asked for meanwhile, the latest is run.
import { by } from "./dom.js";
import { get, post } from "./api.js";
import { known, state } from "./state.js";

const running = new Map();
const SLOW = 350;

export const idOf = (slot) => `${slot}-${(state.generations[slot] ??= 0)}`;

export function run(slot, task, options) {
  return new Promise((resolve, reject) => {
    const wanted = { task, options, resolve, reject };
    const now = running.get(slot);
    if (now) {
      now.next?.resolve(null);
      now.next = wanted;
      return;
    }
    start(slot, wanted);
  });
}

async function start(slot, { task, options, resolve, reject }) {
  const own = { next: null };
  running.set(slot, own);
  const id = idOf(slot);
  const watched = watch(id);
  try {
    const found = await post("/api/run", { id, task, options });
    known.answers[id] = found;
    if (own.next) resolve(null);
    else {
      state.answers[slot] = id;
      resolve(found);
    }
  } catch (error) {
    reject(error);
  } finally {
    watched();
    running.delete(slot);
    if (own.next) start(slot, own.next);
  }
}

// Show progress and a way out, where it takes long.
export function watch(id) {
  let stopped = false;
  const show = async () => {
    if (stopped) return;
    by("busy").hidden = false;
    by("busy").dataset.id = id;
    try {
      const { done, total, what } = await get("/api/progress", { id });
      const bar = by("progress");
      if (total) Object.assign(bar, { max: total, value: done });
      else bar.removeAttribute("value");
      by("what").textContent = total ? `${done} of ${total}: ${what}` : "computing";
    } catch { /* the answer itself tells what went wrong */ }
    if (!stopped) setTimeout(show, SLOW);
  };
  const timer = setTimeout(show, SLOW);
  return () => {
    stopped = true;
    clearTimeout(timer);
    if (by("busy").dataset.id === id || !running.size) by("busy").hidden = true;
  };
}

export async function cancel() {
  const id = by("busy").dataset.id;
  if (id && !by("busy").hidden) await post("/api/cancel", { id });
}
