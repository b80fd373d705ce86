// The agents' console. Owns: what an agent sees and presses. Does not own: any rule; the server
// decides, and every change is read back from it. Text is always set as text, never as markup.

import { $, acting, ago, call, complain, drop, el, keep, kept } from "../ui/admin.js";

const WAIT_S = 20;
const RETRY_MS = 3000;
const REASONS = {
  request: "asked for a human",
  words: "said a word of the policy",
  policy: "asked what the help pages do not answer",
  failure: "found nothing that fits",
};

let open = null; // the session id of the conversation that is read
let known = new Set(); // who waited when the list was last read
let told = 0; // lines of the transcript that are shown
let shown = ""; // what is known, as it is shown
let watching = null; // stops the waiting for news

const at = (rest = "") => `handovers/${encodeURIComponent(open)}${rest}`;

const act = acting(leave);

// Who waits

async function readList() {
  const waiting = await call("handovers");
  const fresh = waiting.filter((one) => !known.has(one.session_id) && one.state === "waiting");
  if (fresh.length) $("status").textContent = `${fresh.length} new: ${nameOf(fresh[0])} is waiting`;
  known = new Set(waiting.map((one) => one.session_id));
  const alone = waiting.filter((one) => one.state === "waiting").length;
  document.title = alone ? `(${alone}) Vouch desk` : "Vouch desk";
  $("none").hidden = waiting.length > 0;
  const focused = document.activeElement?.dataset?.id;
  $("waiting").replaceChildren(...waiting.map(entry));
  if (focused) ($("waiting").querySelector(`[data-id="${CSS.escape(focused)}"]`) ?? $("list-title")).focus();
}

const nameOf = (one) => `Visitor ${one.number}`;

function entry(one) {
  const state = one.state === "waiting" ? `waiting, ${ago(one.created)}` : `with ${one.agent}`;
  const button = el(
    "button",
    { type: "button", onclick: () => act(() => show(one.session_id)) },
    el("strong", {}, nameOf(one)),
    el("span", {}, `${state} · ${one.language}${one.site ? ` · ${one.site}` : ""}`),
    el("span", {}, one.last?.text ?? ""),
  );
  button.dataset.id = one.session_id;
  if (one.session_id === open) button.setAttribute("aria-current", "true");
  return el("li", {}, button);
}

// One conversation

async function show(id) {
  if (open !== id) told = 0;
  open = id;
  await read();
  for (const button of $("waiting").querySelectorAll("button")) {
    if (button.dataset.id === id) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
  }
  $("talk-title").focus();
}

async function read() {
  const id = open;
  const { handover, packet } = await call(at());
  if (id !== open) return;
  const { scrollHeight, scrollTop, clientHeight } = $("said");
  const atEnd = told === 0 || scrollHeight - scrollTop - clientHeight < 40;
  $("nothing").hidden = true;
  $("talk").hidden = false;
  $("desk").classList.add("reading");
  $("talk-title").textContent = packet.customer || nameOf(handover);
  $("talk-state").textContent = stateOf(handover);
  const mine = handover.state === "human" && handover.agent === kept("name");
  const closed = handover.state === "closed";
  $("take").hidden = mine || closed;
  $("take").textContent = handover.state === "human" ? "Take over" : "Take";
  $("close").hidden = closed;
  $("answer").hidden = handover.state !== "human";
  const { transcript, last_message: _, ...rest } = packet;
  tell(transcript);
  if (atEnd) $("said").scrollTop = $("said").scrollHeight;
  const facts = JSON.stringify(rest);
  if (facts === shown) return; // or what the agent has unfolded would close
  shown = facts;
  $("packet").replaceChildren(...about(packet));
}

function stateOf(handover) {
  const who = { waiting: "Waiting for a human", human: `With ${handover.agent}`, closed: "With the assistant again" };
  return `${who[handover.state]}: ${REASONS[handover.reason]}, ${ago(handover.created)}, in ${handover.language}`;
}

/** Add what is new: a log is read out by what is added to it. */
function tell(transcript) {
  const log = $("said");
  if (told === 0 || told > transcript.length) {
    log.replaceChildren();
    told = 0;
  }
  const names = { person: "Visitor", assistant: "Vouch" };
  for (const line of transcript.slice(told)) {
    const name = line.speaker === "agent" ? line.name : names[line.speaker];
    log.append(el("p", { className: line.speaker }, name ? el("b", {}, name) : "", line.text));
  }
  told = transcript.length;
}

function about(packet) {
  const part = (title, ...children) => (children.length ? [el("h3", {}, title), ...children] : []);
  const listed = (rows) => (rows.length ? [el("ul", {}, ...rows.map((row) => el("li", {}, row)))] : []);
  return [
    ...part("Profile", el("p", {}, packet.summary)),
    ...part("Open question", ...(packet.question ? [el("p", {}, packet.question)] : [])),
    ...part(
      "Wanted",
      ...listed(packet.wanted.map((one) => `“${one.words}”: ${one.means}${one.must ? "" : " (a wish)"}`)),
    ),
    ...part("Shown", ...(packet.shown.length ? [el("ul", {}, ...packet.shown.map(pick))] : [])),
    ...part("Refused or put off", ...listed(packet.rejected)),
    ...part("Not in the catalogue", ...listed(packet.missing)),
  ];
}

function pick({ card, stand }) {
  const terms = card.terms.map((term) =>
    el("tr", {}, el("th", { scope: "row" }, term.name), el("td", {}, term.contribution.toFixed(2))),
  );
  const why = [...card.reasons, ...card.satisfies];
  return el(
    "li",
    {},
    el(
      "details",
      {},
      el("summary", {}, card.title + (card.year ? ` (${card.year})` : "") + (stand ? `: ${stand}` : "")),
      why.length ? el("ul", {}, ...why.map((reason) => el("li", {}, reason))) : "",
      el("table", {}, el("caption", {}, `Score ${card.score.toFixed(2)}, of`), el("tbody", {}, ...terms)),
    ),
  );
}

function putAway() {
  open = null;
  $("talk").hidden = true;
  $("nothing").hidden = false;
  $("desk").classList.remove("reading");
}

// News

async function watch(signal) {
  let last = null;
  while (!signal.aborted) {
    try {
      const query = last === null ? "" : `?after=${last}&wait=${WAIT_S}`;
      const news = await call(`events${query}`, { signal });
      if (last === null || news.sessions.length) {
        await readList();
        if (open && (last === null || news.sessions.includes(open))) await read();
      }
      if (last !== null) $("fault").hidden = $("fault").hidden || !$("fault").dataset.lost;
      delete $("fault").dataset.lost;
      last = news.last;
    } catch (error) {
      if (signal.aborted) return;
      if (error.status === 409 && open) putAway(); // erased by the visitor
      else complain(error, leave);
      if (error.isOfKey) return;
      $("fault").dataset.lost = "yes";
      await new Promise((resume) => setTimeout(resume, RETRY_MS));
    }
  }
}

// Coming and going

async function enter() {
  await call("handovers");
  $("door").hidden = true;
  $("desk").hidden = false;
  $("leave").hidden = false;
  $("who").hidden = false;
  $("who").textContent = kept("name");
  watching = new AbortController();
  watch(watching.signal);
}

function leave() {
  watching?.abort();
  drop("key");
  putAway();
  known = new Set();
  $("waiting").replaceChildren();
  document.title = "Vouch desk";
  for (const id of ["desk", "leave", "who"]) $(id).hidden = true;
  $("door").hidden = false;
  $("name").value = kept("name");
  $(kept("name") ? "key" : "name").focus();
}

$("sign-in").addEventListener("submit", (event) => {
  event.preventDefault();
  keep("name", $("name").value.trim());
  keep("key", $("key").value.trim());
  $("key").value = "";
  act(async () => {
    await enter();
    $("list-title").focus();
  });
});
$("leave").addEventListener("click", () => {
  $("fault").hidden = true;
  leave();
});
$("back").addEventListener("click", () => {
  putAway();
  $("list-title").focus();
});
$("take").addEventListener("click", () =>
  act(async () => {
    await call(at("/take"), { body: { name: kept("name") } });
    await read();
    $("text").focus();
  }),
);
$("close").addEventListener("click", () =>
  act(async () => {
    await call(at("/close"), { method: "POST" });
    putAway();
    await readList();
    $("status").textContent = "Handed back to the assistant";
    $("list-title").focus();
  }),
);
$("answer").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = $("text").value.trim();
  if (!text) return;
  act(async () => {
    await call(at("/messages"), { body: { text } });
    $("text").value = "";
    await read();
  });
});
$("text").addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  $("answer").requestSubmit();
});

if (kept("key")) act(enter).then(() => $("desk").hidden && leave());
else leave();
