// What a turn shows: cards, a comparison, chips. Owns: their nodes. Does not own: what a
// press does, which is handed in.
import { button, fill, icon, make, webAddress } from "./dom.js";

const FEEDBACK = ["like", "dislike", "seen"];

/** One card. `act(kind, item, node)` is called on a press; `action` is {kind, label}. */
export function card(item, { words, consumed, action, liked }, act) {
  const image = webAddress(item.image);
  const url = webAddress(item.url);
  const open = (event) => act("open", item, event.currentTarget, event);
  const link = { href: url, target: "_blank", rel: "noopener noreferrer", onclick: open };
  const hint = () => make("span", { className: "sr" }, ` (${words.opens})`);
  const name = item.year ? `${item.title} (${item.year})` : item.title;
  const press = (kind) => {
    const label = `${fill(words[kind], { consumed })}: ${item.title}`;
    const node = button(label, () => act(kind, item, node), { mark: kind, bare: true });
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
  const buttons = [...FEEDBACK.map(press), main()];
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
  return make("li", { dir: "auto" }, icon("check"), make("span", {}, reason));
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
      const hint = make("span", { className: "sr" }, ` (${words.opens})`);
      const elsewhere = { href: url, target: "_blank", rel: "noopener noreferrer" };
      const link = make("a", elsewhere, source, hint);
      return make("p", { className: "by", dir: "auto" }, `${words.source}: `, link);
    });
}

/** The profile's chips; `remove(chip)` is called on a press. */
export function chips(entries, words, remove) {
  return entries.map((chip) => {
    const less = chip.kind === "dislike" && make("span", { className: "sr" }, `${words.less} `);
    const label = fill(words.remove, { title: chip.label });
    const cross = button(label, () => remove(chip), { mark: "remove", bare: true });
    const text = make("span", { dir: "auto" }, chip.label);
    const mark = FEEDBACK.includes(chip.kind) && icon(chip.kind);
    return make("li", { className: "chip" }, mark, less, text, cross);
  });
}
