// The operator's page. Owns: coming and going, and what is pressed. Does not own: any figure; the
// server counts. Text is always set as text, never as markup.

import { $, acting, drop, keep, kept } from "../ui/admin.js";
import { back, putAway, readTalks } from "./conversations.js";
import { copy, readDials, turnAll } from "./dials.js";
import { readQuality, readReport, readStatus } from "./figures.js";

const OF_PEOPLE = ["talks", "turns", "unfulfilled", "missing", "unanswered", "warnings"];

const act = acting(leave);

async function enter() {
  await readStatus();
  $("door").hidden = true;
  for (const id of ["page", "leave"]) $(id).hidden = false;
  await Promise.all([readReport(), readTalks(act), readQuality(), readDials()]);
}

function leave() {
  drop("key");
  putAway();
  for (const id of ["page", "leave"]) $(id).hidden = true;
  for (const id of OF_PEOPLE) $(id).replaceChildren();
  $("door").hidden = false;
  $("key").focus();
}

function readAgain() {
  act(async () => {
    await Promise.all([readStatus(), readReport(), readTalks(act)]);
    $("status").textContent = $("window-note").textContent;
  });
}

function turnPage(by) {
  act(async () => {
    await readTalks(act, by);
    $("status").textContent = $("place").textContent;
  });
}

$("sign-in").addEventListener("submit", (event) => {
  event.preventDefault();
  keep("key", $("key").value.trim());
  $("key").value = "";
  act(async () => {
    await enter();
    $("installation-title").focus();
  });
});
$("leave").addEventListener("click", () => {
  $("fault").hidden = true;
  leave();
});
$("days").addEventListener("change", readAgain);
$("again").addEventListener("click", readAgain);
$("newer").addEventListener("click", () => turnPage(-1));
$("older").addEventListener("click", () => turnPage(1));
$("back").addEventListener("click", back);
$("turning").addEventListener("submit", (event) => event.preventDefault());
$("copy").addEventListener("click", copy);
$("undo").addEventListener("click", () => turnAll("value"));
$("plain").addEventListener("click", () => turnAll("default"));

if (kept("key")) act(enter).then(() => $("page").hidden && leave());
else leave();
