// What a conversation asks of the server. Owns: opening a session, whose it is, a turn and its
// server-sent events. Does not own: requests and failures (connection.js).
//
// The session's token is kept in the storage of the page's own origin: there is no cookie, so
// nothing breaks where those of third parties are blocked. Where storage is shut too, it is kept
// while the page lives.
import { Failure } from "./load.js";

const PATIENCE = 30_000; // milliseconds without a byte

export async function openSession(connection, visitorToken) {
  const body = visitorToken ? { visitor_token: visitorToken } : {};
  const opened = await connection.json("sessions", { body });
  connection.session = { id: opened.session_id, token: opened.token, known: opened.known };
  return opened;
}

/** Say whose the session is; true where the server knows them. */
export async function identify(connection, visitorToken) {
  const body = { visitor_token: visitorToken };
  const { known } = await connection.json(connection.path("identify"), { body });
  connection.session = { ...connection.session, known };
  return known;
}

/** Take a turn; yields [name, data] of each event. */
export async function* takeTurn(connection, body, key) {
  const headers = { Accept: "text/event-stream, application/json", "Idempotency-Key": key };
  const control = new AbortController();
  let timer = 0;
  const alive = () => {
    clearTimeout(timer);
    timer = setTimeout(() => control.abort("slow"), PATIENCE);
  };
  alive();
  try {
    const options = { body, headers, signal: control.signal };
    const response = await connection.request(connection.path("turns"), options);
    if (!response.headers.get("Content-Type")?.includes("event-stream")) {
      yield ["done", await response.json()];
      return;
    }
    for await (const event of eventsOf(response.body, alive)) {
      if (event[0] === "problem") throw connection.failure(event[1].status, event[1].detail);
      yield event;
      if (event[0] === "done") return;
    }
    throw new Failure("offline");
  } catch (error) {
    if (control.signal.aborted) throw new Failure("slow");
    throw error instanceof Failure ? error : new Failure("offline");
  } finally {
    clearTimeout(timer);
  }
}

async function* eventsOf(body, alive) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
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
