// What is served, what conversations come to, and what the catalogue lacks.

import { $, call, el } from "../ui/admin.js";
import { figure, fill, many, percent, share, whole } from "./parts.js";

const STANDS = ["liked", "disliked", "seen", "later"];
const SINCE_THE_START = { cards: "cards (since the start)", total: "whole reply (since the start)" };
const MOST_NAMESAKES = 50;

const counted = (entries) => entries.map((one) => [one.what, whole(one.conversations)]);
const writer = ({ tier, model }) => (tier === "none" ? "templates" : `${model} (${tier})`);

export async function readStatus() {
  const now = await call("status");
  const people = many(now.people, "person", "people");
  $("facts").replaceChildren(
    figure("Catalogue", now.name, `${many(now.items, "item")}, fingerprint ${now.fingerprint}`),
    figure("Behaviour", whole(now.interactions), `interactions of ${people}`),
    figure("Index", whole(now.indexed), `items, ${now.dimensions} dimensions`),
    figure("Embeddings", now.embedder),
    figure("Collaborative model", now.cf),
    figure("Reranker", now.reranker),
    figure("Replies by", writer(now.llm)),
    figure("Websites", whole(now.origins.length), now.origins.join(", ") || "only its own page"),
  );
  $("checks").replaceChildren(...now.checks.map(checked));
}

function checked({ ok, name, detail }) {
  const found = el("strong", {}, `${ok ? "OK" : "To do"} · ${name}`);
  return el("li", { className: ok ? "well" : "ill" }, found, el("span", {}, detail));
}

export async function readReport() {
  const { report, most_turns, anonymous_hours } = await call(`report?days=${$("days").value}`);
  const { conversations, turns } = report.total;
  const cut = turns >= most_turns ? ` Only the newest ${whole(most_turns)} turns are counted.` : "";
  $("window-note").textContent =
    `${many(conversations, "conversation")}, ${many(turns, "turn")}.${cut} Conversations with ` +
    `nobody in particular are erased after ${anonymous_hours} hours, and then count no more.`;
  showUnmet(report);
  showFeedback(report);
  showService(report);
}

function showUnmet(report) {
  const way = ({ drop, items }) => `without ${drop.join(", ")}: ${many(items, "item")}`;
  fill(
    "unfulfilled",
    "Something fitted every request.",
    "Conditions under which nothing was left",
    ["Conditions", "Conversations", "In their words", "What would have helped"],
    report.unfulfilled.map((one) => [
      one.conditions.join(", ") || "no condition",
      whole(one.conversations),
      one.words.map((text) => `“${text}”`).join(", "),
      one.ways_out.map(way).join("; ") || "–",
    ]),
  );
  fill(
    "missing",
    "Nobody named a title that is not there.",
    "By how many conversations named them",
    ["Title", "Conversations"],
    counted(report.missing_titles),
  );
  fill(
    "unanswered",
    "No question was left open.",
    "By how many conversations asked them",
    ["Question", "Conversations"],
    counted(report.unanswered),
  );
}

function showFeedback({ total, days }) {
  const served = many(total.served, "conversation");
  const accepted = `${whole(total.accepted)} of ${served} liked something shown`;
  const stand = (name) => {
    const note = `${whole(total[name])} of ${many(total.shown, "item")} shown`;
    return figure(name[0].toUpperCase() + name.slice(1), percent(total[name], total.shown), note);
  };
  $("rates").replaceChildren(
    figure("Accepted", percent(total.accepted, total.served), accepted),
    ...STANDS.map(stand),
  );
  const rates = ["Accepted", "Turns", "Shown", "Liked", "Disliked", "Seen", "Later"];
  fill(
    "by-day",
    "Nobody has talked with Vouch in this time. Say something on its page, then read again.",
    "By day",
    ["Began on (UTC)", "Conversations", ...rates],
    days.map(({ day, tally }) => [
      day,
      whole(tally.conversations),
      percent(tally.accepted, tally.served),
      whole(tally.turns),
      whole(tally.shown),
      ...STANDS.map((name) => percent(tally[name], tally.shown)),
    ]),
  );
}

function showService({ total, stages, worded, model_failures, warned, warnings }) {
  fill(
    "stages",
    "No turn was timed.",
    "Milliseconds; the whole reply is timed where a language model wrote it",
    ["Stage", "Turns", "Half within", "95 % within", "99 % within"],
    stages.map(({ name, turns, p50, p95, p99 }) =>
      [SINCE_THE_START[name] ?? name, whole(turns), p50, p95, p99].map(String),
    ),
  );
  const row = (name, turns) => [name, whole(turns), percent(turns, total.turns)];
  const failed = row("the language model failed: late, refused or strayed", model_failures);
  fill(
    "worded",
    "No reply was written.",
    "By the writer",
    ["Writer", "Turns", "Share"],
    worded.length ? [...worded.map((one) => row(writer(one), one.turns)), failed] : [],
  );
  fill(
    "warnings",
    "Nothing failed.",
    `In ${many(warned, "turn")} (${percent(warned, total.turns)})`,
    ["Warning", "Conversations"],
    counted(warnings),
  );
}

export async function readQuality() {
  const { items, coverage, namesakes, ...gaps } = await call("quality");
  const gap = (name, of) => figure(name, whole(of), `${percent(of, items)} of the items`);
  $("gaps").replaceChildren(
    gap("Too little text to be found by meaning", gaps.thin_texts),
    gap("Nobody has met", gaps.unmet),
    gap("Without a picture", gaps.without_image),
    gap("Without a page", gaps.without_url),
  );
  fill(
    "coverage",
    "The schema has no facets.",
    "Facets",
    ["Facet", "Known of", "Items without", "Different values"],
    coverage.map((one) => [one.facet, share(one.share), whole(items - one.items), whole(one.values)]),
  );
  const cut = `The first ${MOST_NAMESAKES} of ${whole(namesakes.length)}`;
  fill(
    "namesakes",
    "Every item has a name of its own.",
    namesakes.length > MOST_NAMESAKES ? cut : "Nobody can tell them apart by name",
    ["Name", "Items"],
    namesakes.slice(0, MOST_NAMESAKES).map((one) => [one.name, one.item_ids.join(", ")]),
  );
}
