// A study: run it, look at the verdicts, follow a claim to its step, figure and file.
import { by, h, say, download } from "./dom.js";
import { get, post, take } from "./api.js";
import { show, showError } from "./answer.js";
import { watch } from "./runner.js";

const GOOD = ["agrees", "holds", "resolvable", "shown"];
const BAD = ["disagrees", "does not hold", "not resolvable"];

export async function open() {
  try {
    const study = await get("/api/study");
    by("study-head").replaceChildren(
      h("h2", {}, study.title), study.description ? h("p", {}, study.description) : "",
      h("p", { class: "hint" }, `${study.folder}: ${study.steps.length} steps, ${study.claims} claims`),
      h("div", { class: "buttons" },
        h("button", { type: "button", class: "main", id: "run-study", onclick: () => runStudy(false) }, "Run"),
        h("button", { type: "button", onclick: () => runStudy(true) }, "Run quickly")));
    by("command").textContent = `lamion run ${study.folder}`;
  } catch (error) {
    showError(by("study-head"), error);
  }
}

async function runStudy(quick) {
  const done = watch("study");
  say("The study runs.");
  try {
    verdicts(await post("/api/study/run", { quick }));
    say("The study has run.");
  } catch (error) {
    if (error.cancelled) say("Cancelled; what was finished is kept.");
    else showError(by("study-body"), error);
  } finally {
    done();
  }
}

const tone = (verdict) => (GOOD.includes(verdict) ? "good" : BAD.includes(verdict) ? "bad" : "");

function verdicts(found) {
  const counts = Object.entries(found.counts).map(([name, count]) => `${count} ${name}`).join(", ");
  const row = (claim) => h("tr", {},
    h("td", {}, h("strong", { class: tone(claim.verdict) }, claim.verdict)), h("td", {}, claim.id, h("div", { class: "hint" }, [claim.quantity, claim.sample, claim.where].filter(Boolean).join(", "))),
    h("td", { class: "number" }, claim.printed), h("td", { class: "number" }, claim.computed), h("td", { class: "number" }, claim.reach), h("td", {}, claim.reason),
    h("td", {}, claim.step ? h("button", { type: "button", onclick: () => step(claim.step) }, claim.step) : ""));
  const heads = ["Verdict", "Claim", "Printed", "Computed", "Reach", "Why", "Step"];
  const failed = Object.entries(found.failed);
  by("study-body").replaceChildren(
    h("h3", {}, counts || "No claims"),
    found.claims.length ? h("div", { class: "scroll", tabIndex: 0, role: "region", "aria-label": "Verdicts" }, h("table", { id: "verdicts" }, h("thead", {}, h("tr", {}, heads.map((text) => h("th", { scope: "col" }, text)))), h("tbody", {}, found.claims.map(row)))) : "",
    failed.length ? h("div", {}, h("h3", {}, "Without an answer"), h("table", {}, h("tbody", {}, failed.map(([name, why]) => h("tr", {}, h("th", { scope: "row" }, name), h("td", { class: "error" }, why)))))) : "",
    h("h3", {}, "Steps"), h("div", { class: "buttons" }, found.steps.map((name) => h("button", { type: "button", onclick: () => step(name) }, name))),
    h("p", { class: "hint" }, `Report: ${found.report}`), h("div", { id: "study-step", "aria-live": "polite" }));
}

async function step(name) {
  const place = by("study-step");
  try {
    const found = await get("/api/study/step", { id: name });
    const answer = h("div");
    const fetched = async (file) => download(await take("/api/study/file", { step: name, name: file }), file);
    place.replaceChildren(h("h3", { tabIndex: -1 }, `${name}: ${found.task}`), h("p", { class: "hint" }, `rests on: ${found.evidence}`),
      found.files.length ? h("div", { class: "buttons" }, found.files.map((file) => h("button", { type: "button", onclick: () => fetched(file) }, file))) : "", answer);
    by("command").textContent = found.command;
    place.firstChild.focus();
    await show(answer, found, { exports: false });
    place.scrollIntoView({ block: "start" });
  } catch (error) {
    showError(place, error);
  }
}
