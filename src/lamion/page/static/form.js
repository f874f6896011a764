// A task's form, from its declaration.
import { h } from "./dom.js";
import { get } from "./api.js";
import { formOf, known } from "./state.js";

export async function declaration(task) {
  return (known.forms[task] ??= await get("/api/form", { task }));
}

const NUMBER = /^\s*([-+−]?[\d.]+(?:e[-+]?\d+)?)/i;

// A slider goes along a scale of its own: a share of one and a temperature linearly, all else by factors around its
// value; what lies outside the range of an option is refused by the task itself.
function scaleOf(option, text) {
  const found = NUMBER.exec(text || option.example);
  if (!found || option.many || option.named || option.kind === "integer") return null;
  const value = Number(found[1].replace("−", "-")), rest = (text || option.example).slice(found[0].length);
  if (!Number.isFinite(value) || /±|\(/.test(rest)) return null;
  const share = option.maximum === 1 && !rest.trim();
  const linear = share || value <= 0 || /degC|°C/.test(rest);
  const [low, high] = share ? [Math.max(0, option.minimum ?? 0), 1] : linear ? [value - 40, value + 40] : [value / 10, value * 10];
  const to = linear ? (at) => low + at * (high - low) : (at) => low * (high / low) ** at;
  const from = linear ? (x) => (x - low) / (high - low) : (x) => Math.log(x / low) / Math.log(high / low);
  return { to: (at) => `${Number(to(at).toPrecision(3))}${rest}`, at: from(value) };
}

function slider(option, input, change) {
  let scale = scaleOf(option, input.value);
  const range = h("input", { type: "range", min: "0", max: "1", step: "0.005", "aria-label": `${input.dataset.name}, slider`, value: String(scale?.at ?? 0.5), hidden: !scale });
  range.addEventListener("input", () => {
    if (!scale) return;
    input.value = scale.to(Number(range.value));
    range.setAttribute("aria-valuetext", input.value);
    change(input.value, "slide");
  });
  input.addEventListener("change", () => {
    scale = scaleOf(option, input.value);
    range.hidden = !scale;
    if (scale) range.value = String(scale.at);
  });
  return range;
}

const asText = (value) => (Array.isArray(value) ? value.join(", ") : value ?? "");
const placeholder = (option) => (option.default !== null && option.default !== undefined && asText(option.default) !== "" && typeof option.default !== "object" ? String(option.default) : option.example);

function control(name, option, values, change, context) {
  const id = `option-${context.prefix}-${name}`;
  const set = (value, how = "") => {
    if (value === "" || value === null || (Array.isArray(value) && !value.length)) delete values[name];
    else values[name] = value;
    change(how);
  };
  const label = h("label", { for: id }, name.replaceAll("_", " "), option.required ? " *" : "");
  const unit = option.unit && option.unit !== "1" ? ` (${[option.unit].flat().join(", ")})` : "";
  const hint = h("p", { class: "hint", id: `${id}-hint` }, `${option.help}${unit}`);
  if (option.kind === "flag") {
    const box = h("input", { type: "checkbox", id, checked: values[name] ?? option.default === true, "aria-describedby": `${id}-hint` });
    box.addEventListener("change", () => set(box.checked === (option.default === true) ? null : box.checked));
    const text = option.default === true ? option.help.replace(/^allow for no /, "allow for ") : option.help;
    return h("div", { class: "option switch" }, h("label", { for: id }, box, h("span", {}, `${name.replaceAll("_", " ")}: `, h("span", { class: "hint", id: `${id}-hint` }, text))));
  }
  if (option.kind === "file" && !option.named) {
    const select = h("select", { id, multiple: option.many, size: option.many ? 4 : 1, "aria-describedby": `${id}-hint` });
    const chosen = [values[name] ?? []].flat();
    if (!option.many) select.append(h("option", { value: "" }, "none"));
    for (const file of context.files()) select.append(h("option", { value: file, selected: chosen.includes(file) }, file));
    select.addEventListener("change", () => set(option.many ? [...select.selectedOptions].map((one) => one.value) : select.value));
    return h("div", { class: "option" }, label, select, hint);
  }
  if (option.choices) {
    const fallback = asText(option.default);
    const select = h("select", { id, "aria-describedby": `${id}-hint` }, (fallback ? [] : [""]).concat(option.choices).map((choice) => h("option", { value: choice, selected: choice === (values[name] ?? fallback) }, choice)));
    select.addEventListener("change", () => set(select.value === fallback ? "" : select.value));
    return h("div", { class: "option" }, label, select, hint);
  }
  const input = option.named
    ? h("textarea", { id, rows: 2, placeholder: option.example, "aria-describedby": `${id}-hint` })
    : h("input", { id, type: "text", placeholder: placeholder(option), autocomplete: "off", spellcheck: "false", "aria-describedby": `${id}-hint` });
  input.dataset.name = name.replaceAll("_", " ");
  input.value = option.named ? [values[name] ?? []].flat().join("\n") : asText(values[name]);
  const written = (text) => {
    if (option.named) return text.split("\n").map((one) => one.trim()).filter(Boolean);
    if (option.many) return text.trim() ? [text.trim()] : [];
    return text.trim();
  };
  input.addEventListener("change", () => set(written(input.value)));
  const parts = [label, input];
  if (name === "circuit") {
    input.setAttribute("list", `${id}-list`);
    const { cell, blocking } = known.begin.circuits;
    parts.push(h("datalist", { id: `${id}-list` }, [...cell, ...blocking].map((one) => h("option", { value: one }))));
    input.placeholder = `${option.example}; empty: chosen from the family`;
  }
  if (["quantity", "number"].includes(option.kind) && !option.named && !option.many) parts.push(slider(option, input, (text, how) => set(written(text), how)));
  return h("div", { class: "option" }, ...parts, hint);
}

// The form, with what is needed first and the rest folded away; `hidden` are options that the page fills in itself.
export async function form(place, task, { change, submit, files, hidden = [], first = [], prefix = "task" }) {
  const own = await declaration(task);
  const values = formOf(task);
  const context = { files, prefix };
  const options = Object.entries(own.options).filter(([name]) => !hidden.includes(name));
  const leads = ([name, option]) => option.required || option.positional || first.includes(name) || name in values;
  const made = ([name, option]) => control(name, option, values, change, context);
  const others = options.filter((one) => !leads(one));
  const element = h("form", { "aria-label": own.help, onsubmit: (event) => { event.preventDefault(); submit(); } },
    options.filter(leads).map(made),
    others.length ? h("details", {}, h("summary", {}, `${others.length} more options`), others.map(made)) : null,
    own.quick ? control("quick", { kind: "flag", default: false, help: "rougher, in less time" }, values, change, context) : null,
    own.random ? control("seed", { kind: "text", help: "of the random numbers", example: "0", default: null }, values, change, context) : null,
    h("div", { class: "buttons" }, h("button", { type: "submit", class: "main" }, "Run")));
  place.replaceChildren(element);
  return own;
}
