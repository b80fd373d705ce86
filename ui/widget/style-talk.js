// The looks of a conversation under way; style-panel.js has those of its frame.
export default `
.who.waiting::before { background: var(--alert); border-color: var(--alert); }
.who.human { color: var(--ink); font-weight: 600; }
.who.human::before { background: var(--accent); border-color: var(--accent); }

.menu { position: absolute; z-index: 2; inset-block-start: 100%; inset-inline-end: 0; width: max-content; max-width: 18em; padding: 6px; border: 1px solid var(--line); border-radius: 12px; background: var(--surface); box-shadow: 0 10px 30px -8px rgb(0 0 0 / 35%); }
.menu button { display: flex; align-items: center; gap: .7em; width: 100%; padding: 4px 12px; text-align: start; color: var(--ink); }
.menu button:hover { background: var(--back); }

.event { color: var(--muted); font-size: .93em; text-align: end; overflow-wrap: anywhere; }
.event svg { margin-inline-end: .4em; }
.answer p + p { margin-block-start: .5em; }
.by { color: var(--muted); font-size: .8em; margin-block-end: 2px; }
.by a { color: inherit; }
.human > .by { color: var(--accent); font-weight: 600; }
.human > div { width: fit-content; max-width: 90%; padding: 8px 14px; border: 1px solid var(--accent); border-radius: 16px; border-start-start-radius: 4px; background: var(--surface); white-space: pre-wrap; }
.notice { margin-block: 14px; color: var(--muted); font-size: .87em; text-align: center; text-wrap: balance; }
.answer .notice { text-align: start; margin-block: 8px 0; color: var(--alert); }

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

@media (prefers-reduced-motion: no-preference) {
  .cards { animation: rise .22s ease-out; }
}
`;
