// The API, as a conversation needs it. Owns: the session and its token, server-sent events, and
// what a failure means. Does not own: what is shown.
//
// The token is kept in the storage of the page's own origin: there is no cookie, so nothing breaks
// where those of third parties are blocked. Where storage is shut too, it is kept while the page
// lives.

const PATIENCE = 30_000; // milliseconds without a byte

const KINDS = {
  401: "gone",
  403: "refused",
  404: "gone",
  429: "busy",
  502: "offline",
  503: "busy",
  504: "offline",
};

/** Why something could not be done: offline, slow, busy, gone, refused or wrong. */
export class Failure extends Error {
  constructor(kind, detail = "", seconds = 0, status = 0) {
    super(detail || kind);
    this.kind = kind;
    this.status = status;
    this.seconds = seconds;
  }
}

export class Connection {
  #api;
  #site;
  #shelf;

  constructor(server, site, shelf) {
    this.#api = new URL("v1/", server);
    this.#site = site;
    this.#shelf = shelf;
  }

  get session() {
    return this.#shelf.get("session");
  }

  get draft() {
    return this.#shelf.get("draft") ?? "";
  }

  set draft(text) {
    this.#shelf.set("draft", text || null);
  }

  forget() {
    this.#shelf.set("session", null);
  }

  about(language) {
    return this.#json(`site?language=${language}`);
  }

  async open(visitorToken) {
    const body = visitorToken ? { visitor_token: visitorToken } : {};
    const opened = await this.#json("sessions", { body });
    this.#shelf.set("session", { id: opened.session_id, token: opened.token, known: opened.known });
    return opened;
  }

  read() {
    return this.#json(this.#path());
  }

  async identify(visitorToken) {
    const { known } = await this.#json(this.#path("identify"), { body: { visitor_token: visitorToken } });
    this.#shelf.set("session", { ...this.session, known });
    return known;
  }

  askForHuman() {
    return this.#json(this.#path("handover"), { body: {} });
  }

  goBack() {
    return this.#json(this.#path("handover"), { method: "DELETE" });
  }

  messages(after, wait, signal) {
    return this.#json(this.#path(`messages?after=${after}&wait=${wait}`), { signal });
  }

  /** Take a turn; yields [name, data] of each event. */
  async *turn(body, key) {
    const accept = { Accept: "text/event-stream, application/json", "Idempotency-Key": key };
    const call = await this.#call(this.#path("turns"), { body, headers: accept });
    try {
      if (!call.response.headers.get("Content-Type")?.includes("event-stream")) {
        yield ["done", await call.response.json()];
        return;
      }
      for await (const event of events(call)) {
        if (event[0] === "problem") throw failureOf(event[1].status, event[1].detail);
        yield event;
        if (event[0] === "done") return;
      }
      throw new Failure("offline");
    } catch (error) {
      throw error instanceof Failure ? error : new Failure(call.slow() ? "slow" : "offline");
    } finally {
      call.end();
    }
  }

  #path(rest) {
    const { id } = this.session;
    return `sessions/${encodeURIComponent(id)}${rest ? `/${rest}` : ""}`;
  }

  async #json(path, options) {
    const call = await this.#call(path, options);
    try {
      return call.response.status === 204 ? {} : await call.response.json();
    } catch {
      throw new Failure(call.slow() ? "slow" : "offline");
    } finally {
      call.end();
    }
  }

  async #call(path, { body, headers, signal, method = body ? "POST" : "GET" } = {}) {
    const control = new AbortController();
    const stop = () => control.abort();
    signal?.addEventListener("abort", stop);
    let timer = 0;
    const alive = () => {
      clearTimeout(timer);
      timer = setTimeout(() => control.abort("slow"), PATIENCE);
    };
    const slow = () => control.signal.reason === "slow";
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", stop);
    };
    alive();
    let response;
    try {
      response = await fetch(new URL(path, this.#api), {
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
        signal: control.signal,
      });
    } catch {
      end();
      throw new Failure(slow() ? "slow" : "offline");
    }
    if (!response.ok) {
      const problem = await response.json().catch(() => ({}));
      end();
      throw failureOf(response.status, problem.detail, Number(response.headers.get("Retry-After")));
    }
    return { response, alive, slow, end };
  }
}

async function* events({ response, alive }) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    alive();
    const blocks = (rest + value).split(/\r?\n\r?\n/);
    rest = blocks.pop();
    for (const block of blocks) {
      const name = /^event: ?(.*)$/m.exec(block)?.[1];
      const data = [...block.matchAll(/^data: ?(.*)$/gm)].map((line) => line[1]).join("\n");
      if (name && data) yield [name, JSON.parse(data)];
    }
  }
}

function failureOf(status, detail, seconds) {
  const kind = KINDS[status] ?? (seconds ? "busy" : "wrong");
  return new Failure(kind, detail, kind === "busy" ? seconds || 10 : 0, status);
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
