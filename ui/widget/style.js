// The looks of the launcher, and what all parts share. Every --vouch- variable may be set by the page.
export default `
:host {
  all: initial;
  display: block;
  color-scheme: light dark;
}
:host([theme="light"]) { color-scheme: light; }
:host([theme="dark"]) { color-scheme: dark; }
:host([hidden]) { display: none; }
*, ::before, ::after { box-sizing: border-box; }
h2, h3, p, ul, ol { margin: 0; padding: 0; font: inherit; list-style: none; }
[hidden] { display: none !important; }
/* Not on the host: a page may give --vouch-ink the value of its own --ink. */
.root {
  --accent: var(--vouch-accent, light-dark(#0b6b4f, #62d3a8));
  --on-accent: var(--vouch-on-accent, light-dark(#fff, #06281c));
  --back: var(--vouch-background, light-dark(#f5f6f4, #0f1211));
  --surface: var(--vouch-surface, light-dark(#fff, #191e1b));
  --ink: var(--vouch-ink, light-dark(#171a18, #edf1ee));
  --muted: var(--vouch-muted, light-dark(#58605b, #a3ada7));
  --line: var(--vouch-line, light-dark(#dfe3df, #2c3330));
  --said: var(--vouch-said, light-dark(#e4ebe6, #26302b));
  --alert: var(--vouch-alert, light-dark(#7a4d05, #f0c674));
  --radius: var(--vouch-radius, 14px);
  font: 400 var(--vouch-font-size, .9375em)/1.5 var(--vouch-font, system-ui, sans-serif);
  color: var(--ink);
  text-align: start;
}
:host(:not([mode="inline"])) .root { display: contents; }
button, textarea { font: inherit; color: inherit; letter-spacing: inherit; }
button, summary { cursor: pointer; touch-action: manipulation; }
button { min-width: 44px; min-height: 44px; padding: 0; border: 0; border-radius: 10px; background: none; }
:focus { outline: none; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
svg { flex: none; width: 1.15em; height: 1.15em; fill: none; stroke: currentColor; stroke-width: 1.7; stroke-linecap: round; stroke-linejoin: round; vertical-align: -.2em; }
.sr { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

.launcher {
  position: fixed;
  z-index: var(--vouch-z, 2147483000);
  inset-block-end: calc(var(--vouch-offset, 20px) + env(safe-area-inset-bottom, 0px));
  inset-inline-end: var(--vouch-offset, 20px);
  display: flex;
  align-items: center;
  gap: .6em;
  min-height: 52px;
  padding: 0 1.25em;
  border-radius: 26px;
  background: var(--accent);
  color: var(--on-accent);
  box-shadow: 0 2px 6px rgb(0 0 0 / 16%), 0 10px 28px -8px rgb(0 0 0 / 32%);
}
.launcher > span { font-weight: 600; }
.launcher:hover { filter: brightness(1.08); }
.launcher .dot { width: .7em; height: .7em; border-radius: 50%; background: #e5533d; border: 2px solid var(--on-accent); }
:host([position="start"]) .launcher { inset-inline: var(--vouch-offset, 20px) auto; }
`;
