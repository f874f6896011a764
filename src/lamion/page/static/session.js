// Sessions and what is taken home.
import { by, download, h, say } from "./dom.js";
import { send, take } from "./api.js";
import { known, restore, state } from "./state.js";

const KINDS = { html: ["Page of all answers (HTML)", "lamion.html"], sh: ["Commands as a script", "commands.sh"], toml: ["A study of these steps", "study.toml"] };

const onPage = () => [...new Set([...state.kept, ...Object.values(state.answers)])].filter((id) => known.answers[id]);

export async function save() {
  try {
    download(await take("/api/session", {}, { state, ids: onPage() }), "page.lamion-session.json");
    say("The session is saved.");
  } catch (error) {
    say(error.message, true);
  }
}

export async function open(file) {
  const found = await send("/api/session/open", {}, file);
  restore(found.state);
  known.answers = found.finished;
  return found.files;
}

export function exportDialog() {
  const dialog = by("export-dialog");
  const ids = onPage().filter((id) => !id.startsWith("verdict"));
  const fetched = async (kind) => {
    try {
      download(await take("/api/export", [["kind", kind], ...ids.map((id) => ["id", id])]), KINDS[kind][1]);
      say("Taken.");
    } catch (error) {
      say(error.message, true);
    }
  };
  dialog.replaceChildren(
    h("h2", { id: "export-title" }, "Take home"),
    h("p", {}, ids.length ? `${ids.length} ${ids.length === 1 ? "answer" : "answers"} on the page. Figures and tables of one answer stand below it.` : "Nothing was computed yet."),
    h("div", { class: "buttons" }, Object.entries(KINDS).map(([kind, [text]]) => h("button", { type: "button", id: `export-${kind}`, disabled: !ids.length, onclick: () => fetched(kind) }, text))),
    h("form", { method: "dialog" }, h("button", {}, "Close")));
  dialog.showModal();
}
