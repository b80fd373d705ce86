// What a turn shows: cards, a comparison, chips. Owns: their nodes. Does not own: what a
// press does, which is handed in.
import { button, fill, icon, make, unseen } from "./dom.js";

const FEEDBACK = {
  like: "M8 13.6 2.9 8.7a3.3 3.3 0 0 1 4.7-4.6l.4.4.4-.4a3.3 3.3 0 0 1 4.7 4.6z",
  dislike: "m4 4 8 8m0-8-8 8",
  seen: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12M5.5 8.2l1.8 1.8 3.2-3.7",
};
const UNDO = "M3 6.5h6.2a3.6 3.6 0 0 1 0 7.2H6M3 6.5l3-3m-3 3 3 3";
const CHECK = "m3 8.6 3.2 3.2L13 4.6";
const CROSS = "m4.5 4.5 7 7m0-7-7 7";
const DOWN = "m4.5 6.2 3.5 3.6 3.5-3.6";

/** What a card's button does: {kind, label}. */
export function actionOf(host) {
  const kind = host.getAttribute("action");
  const label = host.getAttribute("action-label");
  return { kind: ["cart", "none"].includes(kind) ? kind : "open", label };
}

/** One card. `act(kind, item, node)` is called on a press; `action` is {kind, label}. */
export function card(item, { words, consumed, action, liked }, act) {
  const image = webAddress(item.image);
  const url = webAddress(item.url);
  const open = (event) => act("open", item, event.currentTarget, event);
  const link = { href: url, target: "_blank", rel: "noopener noreferrer", onclick: open };
  const hint = () => unseen(` (${words.opens})`);
  const name = item.year ? `${item.title} (${item.year})` : item.title;
  const press = (kind) => {
    const label = `${fill(words[kind], { consumed })}: ${item.title}`;
    const node = button(label, () => act(kind, item, node), { mark: FEEDBACK[kind], bare: true });
    node.title = fill(words[kind], { consumed });
    if (kind === "like") node.setAttribute("aria-pressed", String(liked.has(item.item_id)));
    return node;
  };
  const main = () => {
    if (action.kind === "none" || (action.kind === "open" && !url)) return null;
    const label = action.label || words[action.kind];
    const named = { className: "main", "aria-label": `${label}: ${item.title}` };
    const onclick = (event) => act(action.kind, item, event.currentTarget);
    const face = make("span", {}, label);
    return action.kind === "open"
      ? make("a", { ...named, ...link, "aria-label": `${label}: ${item.title} (${words.opens})` }, face)
      : make("button", { ...named, type: "button", onclick }, face);
  };
  const buttons = [...Object.keys(FEEDBACK).map(press), main()];
  const gone = (event) => event.target.remove();
  const picture = { alt: "", loading: "lazy", referrerPolicy: "no-referrer", onerror: gone };
  return make(
    "li",
    { className: "card" },
    image && make("img", { src: image, ...picture }),
    make(
      "div",
      {},
      make("h3", { dir: "auto" }, url ? make("a", link, name, hint()) : name),
      item.facts.length > 0 && make("p", { className: "facts", dir: "auto" }, item.facts.join(" · ")),
      item.reasons.length > 0 &&
        make("ul", { className: "reasons" }, ...item.reasons.slice(0, 3).map(reasonOf)),
    ),
    make("div", { className: "acts", role: "group", "aria-label": item.title }, ...buttons),
  );
}

function reasonOf(reason) {
  return make("li", { dir: "auto" }, icon(CHECK), make("span", {}, reason));
}

/** A line that tells of what was pressed. */
export function event(kind, text) {
  const line = { ...FEEDBACK, undo: UNDO }[kind];
  return make("p", { className: "event" }, line && icon(line), text);
}

/** Say on a button, for a moment, that it is done. */
export function confirm(face, done) {
  const before = face.textContent;
  face.replaceChildren(icon(CHECK), done);
  setTimeout(() => face.replaceChildren(before), 2500);
}

/** Put `node` behind a summary, in its place. */
export function fold(node, text) {
  const past = make("details", { className: "past" }, head(make("summary"), text));
  node.replaceWith(past);
  past.append(node);
}

/** Give a summary its mark and text. */
export function head(summary, text) {
  summary.replaceChildren(icon(DOWN), text);
  return summary;
}

export function comparison({ titles, rows }, label) {
  const cells = (tag, properties, values) =>
    values.map((value) => make(tag, { ...properties, dir: "auto" }, value));
  const named = { role: "region", "aria-label": `${label}: ${titles.join(", ")}`, tabIndex: 0 };
  const row = ({ name, values }) =>
    make("tr", {}, ...cells("th", { scope: "row" }, [name]), ...cells("td", {}, values));
  return make(
    "div",
    { className: "table", ...named },
    make(
      "table",
      {},
      make("thead", {}, make("tr", {}, make("td"), ...cells("th", { scope: "col" }, titles))),
      make("tbody", {}, ...rows.map(row)),
    ),
  );
}

/** Where the help pages say what was quoted. */
export function sources(quotes, words) {
  return quotes
    .filter((quote) => webAddress(quote.url))
    .map(({ url, source }) => {
      const hint = unseen(` (${words.opens})`);
      const elsewhere = { href: url, target: "_blank", rel: "noopener noreferrer" };
      const link = make("a", elsewhere, source, hint);
      return make("p", { className: "by", dir: "auto" }, `${words.source}: `, link);
    });
}

/** The profile's chips; `remove(chip)` is called on a press. */
export function chips(entries, words, remove) {
  return entries.map((chip) => {
    const less = chip.kind === "dislike" && unseen(`${words.less} `);
    const label = fill(words.remove, { title: chip.label });
    const cross = button(label, () => remove(chip), { mark: CROSS, bare: true });
    const text = make("span", { dir: "auto" }, chip.label);
    const mark = chip.kind in FEEDBACK && icon(FEEDBACK[chip.kind]);
    return make("li", { className: "chip" }, mark, less, text, cross);
  });
}

/** Return `address` where it is http or https, else "": no other scheme is ever linked. */
function webAddress(address) {
  return /^https?:\/\//i.test(address ?? "") ? address : "";
}
