// The shop's own script: its products, its cart, and what it does when the assistant's buttons are
// pressed.

const cart = new Map();
const chat = document.querySelector("vouch-chat");

/** Read comma-separated values with quotes, as the catalogue has them. */
function parse(text) {
  const rows = [[""]];
  let quoted = false;
  for (const sign of text.trim()) {
    const row = rows.at(-1);
    if (sign === '"') quoted = !quoted;
    else if (sign === "," && !quoted) row.push("");
    else if (sign === "\n" && !quoted) rows.push([""]);
    else row[row.length - 1] += sign;
  }
  const [names, ...values] = rows;
  return values.map((row) => Object.fromEntries(row.map((value, column) => [names[column], value])));
}

function put(id, title) {
  cart.set(id, title);
  document.querySelector("#cart").textContent = `Cart: ${cart.size} (${[...cart.values()].at(-1)})`;
}

function tile({ sku, name, brand, price, description }) {
  const tile = document.createElement("li");
  tile.id = sku;
  const parts = { small: brand, h2: name, p: description.replace(/<[^>]*>/g, "") };
  for (const [tag, text] of Object.entries(parts)) tile.append(Object.assign(document.createElement(tag), { textContent: text }));
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: "Add to cart" });
  button.setAttribute("aria-label", `Add to cart: ${name}`);
  button.onclick = () => put(sku, name);
  const footer = document.createElement("footer");
  footer.append(price, button);
  tile.append(footer);
  return tile;
}

const products = parse(await (await fetch("items.csv")).text());
document.querySelector("#products").append(...products.map(tile));

// "Add to cart" in the chat puts the item into this cart; a product's name leads to its tile here.
chat.addEventListener("vouch:action", (event) => {
  const { action, item } = event.detail;
  if (action === "cart") put(item.item_id, item.title);
  const tile = document.getElementById(item.item_id);
  if (action !== "open" || !tile) return;
  event.preventDefault();
  document.querySelector(".shown")?.classList.remove("shown");
  tile.classList.add("shown");
  tile.scrollIntoView({ block: "center" });
});

document.querySelector("#ask").onclick = () => chat.ask("a quiet fan for the bedroom, under $100");

// Who is signed in is vouched for by the shop's server, with a token that lives for minutes.
const account = document.querySelector("#account");
account.onclick = () => {
  const known = account.getAttribute("aria-pressed") !== "true";
  account.setAttribute("aria-pressed", String(known));
  account.textContent = known ? "Sign out" : "Sign in";
  chat.identify(known ? async () => (await fetch("visitor-token", { method: "POST" })).text() : null);
};
