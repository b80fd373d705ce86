// Asking the server. Owns: requests, what a failure means, and what is kept from page to page.
// Does not own: what a conversation asks for (session.js, people.js).
import { Failure } from "./load.js";

const PATIENCE = 30_000; // milliseconds

const KINDS = {
  401: "gone",
  403: "refused",
  404: "gone",
  429: "busy",
  502: "offline",
  503: "busy",
  504: "offline",
};

export class Connection {
  #api;
  #site;
  #shelf;

  constructor(server, site, shelf) {
    this.#api = new URL("v1/", server);
    this.#site = site;
    this.#shelf = shelf;
  }

  /** The conversation's {id, token, known}, where there is one. */
  get session() {
    return this.#shelf.get("session");
  }

  set session(session) {
    this.#shelf.set("session", session);
  }

  get draft() {
    return this.#shelf.get("draft") ?? "";
  }

  set draft(text) {
    this.#shelf.set("draft", text || null);
  }

  /** The address of a part of the session. */
  path(part) {
    return `sessions/${encodeURIComponent(this.session.id)}${part && `/${part}`}`;
  }

  /** Ask, and wait for the whole answer. */
  async json(path, { signal, ...options } = {}) {
    const patience = AbortSignal.timeout(PATIENCE);
    const both = signal ? AbortSignal.any([signal, patience]) : patience;
    const response = await this.request(path, { ...options, signal: both });
    return response.status === 204 ? {} : response.json().catch(lost);
  }

  async request(path, { body, headers, signal, method = body ? "POST" : "GET" }) {
    const response = await fetch(new URL(path, this.#api), {
      method,
      headers: {
        ...(this.#site && { "X-Vouch-Site": this.#site }),
        ...(body && { "Content-Type": "application/json" }),
        ...(path.startsWith("sessions/") && { Authorization: `Bearer ${this.session.token}` }),
        ...headers,
      },
      body: body && JSON.stringify(body),
      credentials: "omit",
      cache: "no-store",
      signal,
    }).catch(lost);
    if (response.ok) return response;
    const { detail } = await response.json().catch(() => ({}));
    throw this.failure(response.status, detail, Number(response.headers.get("Retry-After")));
  }

  /** What a refusal of the server means. */
  failure(status, detail, seconds) {
    const kind = KINDS[status] ?? (seconds ? "busy" : "wrong");
    return new Failure(kind, detail, kind === "busy" ? seconds || 10 : 0, status);
  }
}

function lost(error) {
  throw new Failure(error.name === "TimeoutError" ? "slow" : "offline");
}

/** What is kept between pages, under `name`; `area` is "session", "local" or "none". */
export function shelfOf(name, area) {
  const kept = {};
  let storage;
  try {
    storage = { session: sessionStorage, local: localStorage }[area];
    Object.assign(kept, JSON.parse(storage?.getItem(name)) ?? {});
  } catch {
    storage = undefined; // shut by the browser, or not ours
  }
  return {
    get: (key) => kept[key],
    set(key, value) {
      kept[key] = value;
      try {
        storage?.setItem(name, JSON.stringify(kept));
      } catch {
        // full: the page goes on without
      }
    },
  };
}
