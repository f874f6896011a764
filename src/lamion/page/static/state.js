// What is on the page; a session keeps exactly this.
const fresh = () => ({
  view: "spectra",
  theme: "",
  keys: true,
  equal: true,
  selected: [],
  masks: {},
  action: "analyze impedance",
  task: "",
  forms: {},
  answers: {},
  generations: {},
  kept: [],
});

export const state = fresh();
// What is not kept: the declarations, the files' entries, the answers themselves.
export const known = { begin: null, forms: {}, entries: {}, answers: {} };

export function restore(saved) {
  Object.assign(state, fresh(), saved);
}

export function formOf(task) {
  state.forms[task] ??= {};
  return state.forms[task];
}

// Masks can be undone and redone.
const past = [];
const future = [];
const copy = (masks) => JSON.parse(JSON.stringify(masks));

export function setMask(name, numbers) {
  past.push(copy(state.masks));
  future.length = 0;
  const sorted = [...new Set(numbers)].sort((a, b) => a - b);
  if (sorted.length) state.masks[name] = sorted;
  else delete state.masks[name];
}

function step(from, to) {
  if (!from.length) return false;
  to.push(copy(state.masks));
  state.masks = from.pop();
  return true;
}

export const undo = () => step(past, future);
export const redo = () => step(future, past);
export const canUndo = () => past.length > 0;
export const canRedo = () => future.length > 0;

// Points as the option leave_out says them: 1,4-6.
export function ranges(numbers) {
  const found = [];
  for (const number of numbers) {
    const last = found.at(-1);
    if (last && last[1] === number - 1) last[1] = number;
    else found.push([number, number]);
  }
  return found.map(([a, b]) => (a === b ? `${a}` : `${a}-${b}`));
}
