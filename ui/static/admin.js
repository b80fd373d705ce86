// What the operator's and the agents' pages share: the key, the API, elements. Text is always set
// as text, never as markup.

const API = new URL("../v1/admin/", document.baseURI);
const PREFIX = "vouch-desk-";

export const $ = (id) => document.getElementById(id);

/** What is kept in this tab until it is closed. */
export const kept = (name) => sessionStorage.getItem(PREFIX + name) ?? "";
export const keep = (name, value) => sessionStorage.setItem(PREFIX + name, value);
export const drop = (name) => sessionStorage.removeItem(PREFIX + name);

/** What the server refused, in its own words. */
export class Refusal extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }

  get isOfKey() {
    return this.status === 401 || this.status === 403;
  }
}

export async function call(path, { body, method = body ? "POST" : "GET", signal } = {}) {
  const response = await fetch(new URL(path, API), {
    method,
    headers: {
      Authorization: `Bearer ${kept("key")}`,
      ...(body && { "Content-Type": "application/json" }),
    },
    body: body && JSON.stringify(body),
    cache: "no-store",
    credentials: "omit",
    signal,
  });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refusal(response.status, answer.detail ?? response.statusText);
  return answer;
}

/** Say what went wrong; `leave` is called where the key no longer opens anything. */
export function complain(error, leave) {
  if (error.name === "AbortError") return;
  if (error.isOfKey) leave();
  $("fault").textContent = error instanceof Refusal ? error.message : "The server cannot be reached.";
  $("fault").hidden = false;
}

/** Return what runs work that was asked for, and says what goes wrong with it. */
export function acting(leave) {
  return async (work) => {
    try {
      $("fault").hidden = true;
      await work();
    } catch (error) {
      complain(error, leave);
    }
  };
}

/** Return an element with properties and children; strings become text. */
export function el(tag, props = {}, ...children) {
  const made = Object.assign(document.createElement(tag), props);
  made.append(...children.filter((child) => child !== null && child !== ""));
  return made;
}

export function ago(moment) {
  const minutes = Math.max(0, Math.round((Date.now() - Date.parse(moment)) / 60_000));
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${minutes} min ago`;
  return minutes < 1440 ? `${Math.round(minutes / 60)} h ago` : `${Math.round(minutes / 1440)} d ago`;
}
