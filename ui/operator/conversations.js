// What people said, a page at a time; and of one conversation, why each item was shown.

import { $, ago, call, el } from "../ui/admin.js";
import { many, table, whole } from "./parts.js";

const PAGE = 20;
const WHO = {
  anonymous: "Somebody",
  device: "Somebody remembered on their device",
  known: "A known person",
};

let offset = 0; // of the conversations that are listed

/** Show the conversations, `by` pages older than those that are listed. */
export async function readTalks(act, by = 0) {
  offset = Math.max(0, offset + by * PAGE);
  const { total, conversations } = await call(`conversations?offset=${offset}`);
  const last = offset + conversations.length;
  const nobody = "Nobody has talked with Vouch yet. What is said on its page, in a shop or through "
    + "the API appears here.";
  const empty = el("li", { className: "nothing" }, nobody);
  const rows = conversations.map((one) => entry(one, act));
  $("talks").replaceChildren(...(rows.length ? rows : [empty]));
  $("place").textContent = total ? `${offset + 1} to ${last} of ${whole(total)}` : "";
  $("newer").disabled = offset === 0;
  $("older").disabled = last >= total;
  $("pages").hidden = total <= PAGE;
}

function about(one) {
  const { turns, shown, liked } = one.tally;
  const warned = one.warned ? `, ${many(one.warned, "warning")}` : "";
  const done = `${many(turns, "turn")}, ${shown} shown, ${liked} liked${warned}`;
  return `${ago(one.last)} · ${done} · ${one.language}`;
}

function entry(one, act) {
  const onclick = () => act(() => show(one.session_id));
  const words = [el("strong", {}, one.first), el("span", {}, about(one))];
  const open = el("button", { type: "button", className: "row", onclick }, ...words);
  open.dataset.id = one.session_id;
  return el("li", {}, open);
}

async function show(id) {
  const { about: one, turns, names } = await call(`conversations/${encodeURIComponent(id)}`);
  $("talk-title").textContent = `${WHO[one.who]}, ${new Date(one.began).toLocaleString("en-GB")}`;
  $("talk-note").textContent = about(one);
  $("turns").replaceChildren(...turns.map((turn) => exchange(turn, names)));
  $("talk").dataset.id = id;
  $("list").hidden = true;
  $("talk").hidden = false;
  $("talk-title").focus();
}

/** Put the conversation away, and come back to where it was opened. */
export function back() {
  putAway();
  const opener = $("talks").querySelector(`[data-id="${CSS.escape($("talk").dataset.id)}"]`);
  (opener ?? $("conversations-title")).focus();
}

export function putAway() {
  $("talk").hidden = true;
  $("list").hidden = false;
}

function exchange(turn, names) {
  const shown = `Why: ${many(turn.items.length, "item")} shown`;
  const lines = trace(turn).flatMap(([name, text]) => [el("dt", {}, name), el("dd", {}, text)]);
  const picks = turn.items.map((card) => why(card, names));
  return el(
    "li",
    {},
    el("p", { className: "person" }, el("b", {}, "Visitor"), turn.user),
    el("p", { className: "assistant" }, el("b", {}, "Vouch"), turn.reply),
    ...turn.warnings.map((text) => el("p", { className: "warning" }, text)),
    el("details", {}, el("summary", {}, shown), el("dl", {}, ...lines), ...picks),
  );
}

function trace({ acts, profile, missing_titles, llm, timings_ms }) {
  const must = profile.constraints.map((row) => `${row.facet} ${row.op} ${row.value}`);
  const wish = ({ weight, facet, value }) => `${weight < 0 ? "not " : ""}${facet} ${value}`;
  const times = Object.entries(timings_ms).map(([stage, ms]) => `${stage} ${Math.round(ms)}`);
  return [
    ["Taken as", acts.join(", ")],
    ["Conditions", must.join(", ")],
    ["Wishes", profile.preferences.map(wish).join(", ")],
    ["Not in the catalogue", missing_titles.join(", ")],
    ["Written by", llm.tier === "none" ? "templates" : llm.model],
    ["Milliseconds", times.join(", ")],
  ].filter(([, text]) => text);
}

function why(card, names) {
  const because = (term) => term.because.map((cause) => names[cause] ?? cause).join(", ");
  const rows = card.terms.map((term) => [term.name, term.contribution.toFixed(2), because(term)]);
  const name = card.title + (card.year ? ` (${card.year})` : "");
  const made = table(`${name}: score ${card.score.toFixed(2)}`, ["Term", "Adds", "Because of"], rows);
  const proofs = el("p", { className: "note" }, [...card.reasons, ...card.satisfies].join(" · "));
  return el("div", { className: "pick" }, made, proofs);
}
