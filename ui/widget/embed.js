// The framed page: <vouch-chat> in a frame, spoken with by messages. Owns: the protocol (version 1,
// described in vouch-chat.d.ts). Who may frame it is decided by the server's frame-ancestors.
import "./vouch-chat.js";

const EVENTS = ["session", "cards", "reply", "action", "feedback", "error", "handover"];
const ATTRIBUTES = ["lang", "theme", "action", "action-label", "heading", "openers"];
const { site, origins } = document.body.dataset;
const allowed = new Set(origins ? origins.split(" ") : [location.origin]);
const query = new URLSearchParams(location.search);
// The page outside, as far as is known until it says something.
let owner = [...allowed].find((origin) => document.referrer.startsWith(`${origin}/`));

const chat = document.createElement("vouch-chat");
chat.setAttribute("site", site);
chat.setAttribute("mode", "inline");
for (const name of ATTRIBUTES) if (query.has(name)) chat.setAttribute(name, query.get(name));
chat.setAttribute("framed", "");
document.documentElement.lang = query.get("lang") ?? navigator.language;
const sheet = new CSSStyleSheet();
sheet.replaceSync("html,body{height:100%;margin:0}vouch-chat{--vouch-height:100dvh}");
document.adoptedStyleSheets = [sheet];

const COMMANDS = {
  hello: () => send("ready", {}),
  ask: ({ text }) => chat.ask(text),
  identify: ({ token }) => chat.identify(token),
  feedback: ({ itemId, kind, title }) => chat.feedback(itemId, kind, title),
  restart: () => chat.restart(),
  handover: () => chat.handover(),
  theme: ({ variables }) => {
    for (const [name, value] of Object.entries(variables ?? {})) {
      if (name.startsWith("--vouch-")) chat.style.setProperty(name, String(value));
    }
  },
};

addEventListener("message", ({ source, origin, data }) => {
  if (source !== parent || !allowed.has(origin) || data?.vouch !== 1) return;
  owner = origin;
  if (Object.hasOwn(COMMANDS, data.type)) COMMANDS[data.type](data);
});
for (const name of EVENTS) {
  chat.addEventListener(`vouch:${name}`, (event) => send(name, event.detail));
}
document.body.append(chat);
send("ready", {});

function send(type, detail) {
  if (owner && parent !== window) parent.postMessage({ vouch: 1, type, detail }, owner);
}
