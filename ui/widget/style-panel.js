// The looks of the open panel; style.js has the colours.
export default `
.panel {
  flex-direction: column;
  overflow: hidden;
  border: 1px solid var(--line);
  border-radius: var(--radius);
  background: var(--back);
  color: var(--ink);
}
section.panel { display: flex; width: 100%; height: var(--vouch-height, 640px); }
:host([framed]) .panel { border: 0; border-radius: 0; }
dialog { margin: 0; padding: 0; max-width: none; max-height: none; }
dialog[open] {
  position: fixed;
  z-index: var(--vouch-z, 2147483000);
  inset: auto var(--vouch-offset, 20px) var(--vouch-offset, 20px) auto;
  inset-inline: auto var(--vouch-offset, 20px);
  display: flex;
  width: min(var(--vouch-width, 400px), 100vw - 40px);
  height: min(var(--vouch-height, 680px), 100dvh - 40px);
  box-shadow: 0 4px 14px rgb(0 0 0 / 12%), 0 24px 60px -16px rgb(0 0 0 / 38%);
}
dialog:modal { inset: 0; width: 100%; max-width: 100%; height: 100dvh; border: 0; border-radius: 0; }
dialog::backdrop { background: none; }

.top { display: flex; align-items: center; gap: 4px; padding: 8px 8px 8px 16px; padding-inline: 16px 8px; border-block-end: 1px solid var(--line); background: var(--surface); }
.top > :first-child { flex: 1; min-width: 0; }
.top h2 { font-weight: 700; font-size: 1.07em; line-height: 1.3; overflow-wrap: anywhere; }
.who { color: var(--muted); font-size: .87em; line-height: 1.35; }
.who::before { content: ""; display: inline-block; width: .55em; height: .55em; margin-inline-end: .45em; border-radius: 50%; border: 1.5px solid currentColor; }
.who.waiting::before { background: var(--alert); border-color: var(--alert); }
.who.human { color: var(--ink); font-weight: 600; }
.who.human::before { background: var(--accent); border-color: var(--accent); }
.top button { color: var(--muted); }
.top button:hover, .menu button:hover { background: var(--back); color: var(--ink); }
.bar { position: relative; }
.bar > button svg { stroke-width: 2.8; }
.menu { position: absolute; z-index: 2; inset-block-start: 100%; inset-inline-end: 0; width: max-content; max-width: 18em; padding: 6px; border: 1px solid var(--line); border-radius: 12px; background: var(--surface); box-shadow: 0 10px 30px -8px rgb(0 0 0 / 35%); }
.menu button { display: flex; align-items: center; gap: .7em; width: 100%; padding: 4px 12px; text-align: start; color: var(--ink); }

.log { position: relative; flex: 1; min-height: 0; padding: 16px; overflow-y: auto; overscroll-behavior: contain; scrollbar-width: thin; }
.log:focus-visible { outline-offset: -3px; }
.hello p { font-size: 1.07em; }
.turn { margin-block-start: 22px; outline-offset: 6px; border-radius: 4px; }
.said { width: fit-content; max-width: 85%; margin-inline-start: auto; padding: 8px 14px; border-radius: 16px; border-end-end-radius: 4px; background: var(--said); white-space: pre-wrap; overflow-wrap: anywhere; }
.event { color: var(--muted); font-size: .93em; text-align: end; overflow-wrap: anywhere; }
.event svg { margin-inline-end: .4em; }
.answer { max-width: 44em; margin-block-start: 12px; overflow-wrap: anywhere; }
.answer p + p { margin-block-start: .5em; }
.by { color: var(--muted); font-size: .8em; margin-block-end: 2px; }
.by a { color: inherit; }
.human > .by { color: var(--accent); font-weight: 600; }
.human > div { width: fit-content; max-width: 90%; padding: 8px 14px; border: 1px solid var(--accent); border-radius: 16px; border-start-start-radius: 4px; background: var(--surface); white-space: pre-wrap; }
.notice { margin-block: 14px; color: var(--muted); font-size: .87em; text-align: center; text-wrap: balance; }
.answer .notice { text-align: start; margin-block: 8px 0; color: var(--alert); }
.trouble { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; margin-block-start: 10px; padding: 8px 8px 8px 14px; border: 1px solid var(--alert); border-radius: 10px; color: var(--alert); font-size: .93em; }
.trouble span { flex: 1 1 12em; }
.dots { display: flex; align-items: center; gap: 5px; height: 1.5em; color: var(--muted); }
.dots i { width: 6px; height: 6px; border-radius: 50%; background: currentColor; animation: beat 1.2s infinite; }
.dots i:nth-child(2) { animation-delay: .15s; }
.dots i:nth-child(3) { animation-delay: .3s; }
@keyframes beat { 40% { opacity: .2; } }

.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 300px), 1fr)); gap: 10px; margin-block-start: 12px; }
.card { display: flow-root; padding: 12px 14px 6px; border: 1px solid var(--line); border-radius: var(--radius); background: var(--surface); overflow-wrap: anywhere; }
.card img { float: inline-start; width: 72px; height: 96px; margin-inline-end: 12px; border-radius: 8px; object-fit: cover; background: var(--back); }
.card h3 { font-weight: 650; line-height: 1.35; }
.card a { color: inherit; }
h3 a { text-decoration-thickness: 1px; text-underline-offset: .18em; text-decoration-color: var(--muted); }
h3 a:hover { color: var(--accent); }
.facts { color: var(--muted); font-size: .87em; }
.reasons { margin-block-start: 6px; font-size: .93em; }
.reasons li { display: flex; gap: .5em; }
.reasons svg { margin-block-start: .3em; color: var(--accent); }
.acts { display: flex; flex-wrap: wrap; align-items: center; margin-block-start: 4px; margin-inline-start: -14px; }
.acts button { color: var(--muted); }
.acts button:hover { color: var(--accent); }
.acts [aria-pressed="true"] { color: var(--accent); }
.acts [aria-pressed="true"] svg { fill: currentColor; }
.acts :is(a, button).main { display: inline-flex; align-items: center; min-height: 44px; margin-inline-start: auto; padding: 0; color: var(--on-accent); font-weight: 600; font-size: .93em; text-decoration: none; border-radius: 10px; }
.main > span { display: inline-flex; align-items: center; gap: .4em; min-height: 34px; padding: 4px 14px; border-radius: 9px; background: var(--accent); }
.main:hover > span { filter: brightness(1.08); }
.past { margin-block-start: 8px; }
summary { min-height: 44px; padding-block: 10px; color: var(--muted); font-size: .87em; list-style: none; border-radius: 8px; }
summary::-webkit-details-marker { display: none; }
summary svg { margin-inline-end: .4em; transition: transform .15s; }
[open] > summary svg { transform: rotate(180deg); }

.options { display: flex; flex-wrap: wrap; gap: 8px; margin-block-start: 12px; }
.options button, .trouble button, .chip { padding: 4px 14px; border: 1px solid var(--line); border-radius: 22px; background: var(--surface); color: var(--ink); text-align: start; overflow-wrap: anywhere; }
.options button:hover, .trouble button:hover { border-color: var(--accent); color: var(--accent); }
.options b { margin-inline-start: .4em; font-weight: 400; color: var(--muted); }
.ask { margin-block-start: 14px; font-weight: 600; }

.table { margin-block-start: 10px; overflow-x: auto; border: 1px solid var(--line); border-radius: 10px; background: var(--surface); }
table { border-collapse: collapse; font-size: .87em; }
th, td { padding: 7px 10px; text-align: start; vertical-align: top; min-width: 7em; border-block-end: 1px solid var(--line); overflow-wrap: break-word; }
tbody tr:last-child > * { border-block-end: 0; }
th { font-weight: 600; }
tbody th { position: sticky; inset-inline-start: 0; min-width: 6em; max-width: 8em; background: var(--surface); font-weight: 400; color: var(--muted); }

.taste { padding-inline: 16px; border-block-start: 1px solid var(--line); background: var(--surface); }
.taste ul { display: flex; flex-wrap: wrap; gap: 6px; max-height: 30dvh; padding-block-end: 10px; overflow-y: auto; }
.chip { display: inline-flex; align-items: center; gap: .4em; padding-block: 0; padding-inline: 12px 0; font-size: .87em; min-width: 0; max-width: 100%; }
.chip > span { min-width: 0; }
.chip > svg { color: var(--muted); }
.chip button { color: var(--muted); border-radius: 22px; min-height: 40px; }
.chip button:hover { color: var(--ink); }

form { display: flex; align-items: end; gap: 6px; padding: 8px; padding-block-end: calc(8px + env(safe-area-inset-bottom, 0px)); border-block-start: 1px solid var(--line); background: var(--surface); }
textarea { flex: 1; min-width: 0; min-height: 44px; max-height: 8.5em; padding: 10px 14px; border: 1px solid var(--muted); border-radius: 22px; background: var(--back); font-size: max(16px, 1em); line-height: 1.4; resize: none; scrollbar-width: thin; }
textarea:focus-visible { outline-offset: 0; border-color: transparent; }
textarea::placeholder { color: var(--muted); opacity: 1; }
.send { border-radius: 50%; background: var(--accent); color: var(--on-accent); }
.send svg { stroke-width: 2; }

@media (prefers-reduced-motion: no-preference) {
  dialog[open]:not(:modal) { animation: rise .18s ease-out; }
  .cards { animation: rise .22s ease-out; }
  .log { scroll-behavior: smooth; }
}
@keyframes rise { from { opacity: 0; translate: 0 10px; } }
@media (prefers-reduced-motion: reduce) { * { animation: none !important; transition: none !important; } }
@media (forced-colors: active) { .launcher, .send, .main > span, .said { border: 1px solid; } }
@media print { :host { display: none; } }
`;
