/** The page, its head, its sections and their cards: what every file that Resynth writes for a browser looks like. */
export const frameStyle = `
:root {
  color-scheme: light dark;
  --paper: light-dark(#fbfbf9, #121416);
  --raised: light-dark(#ffffff, #1a1d20);
  --sunk: light-dark(#f1f1ed, #0d0f10);
  --ink: light-dark(#1a1c1e, #e9ebed);
  --quiet: light-dark(#585f66, #a0a8b0);
  --rule: light-dark(#dddcd6, #2c3136);
  --accent: light-dark(#0a5f8a, #6cc5f0);
  --accent-soft: light-dark(#e3f0f7, #17303d);
  --series-0: light-dark(#0a5f8a, #6cc5f0);
  --series-1: light-dark(#c95c04, #fb9f4b);
  --series-2: light-dark(#128160, #41d0a5);
  --series-3: light-dark(#94303f, #c18eba);
  --series-4: light-dark(#765b0f, #f4e76f);
  --series-5: light-dark(#5a49b9, #5288f5);
  --series-6: light-dark(#088694, #82d8e4);
  --series-7: light-dark(#41505c, #a28988);
  --warn: light-dark(#7a4b00, #f0c36a);
  font:
    15px/1.5 system-ui,
    -apple-system,
    'Segoe UI',
    Roboto,
    'Noto Sans',
    'Liberation Sans',
    sans-serif;
  font-variant-numeric: tabular-nums;
  background: var(--paper);
  color: var(--ink);
}
* {
  box-sizing: border-box;
}
body {
  margin: 0 auto;
  max-width: 3000px;
  padding: 28px clamp(20px, 2.6vw, 64px) 64px;
}
a {
  color: var(--accent);
}
:focus-visible {
  outline: 2px solid var(--accent);
  outline-offset: 2px;
}
h1 {
  font-size: 27px;
  line-height: 1.2;
  font-weight: 650;
  letter-spacing: -0.015em;
  margin: 4px 0 8px;
  text-wrap: balance;
}
h2 {
  font-size: 18px;
  font-weight: 650;
  letter-spacing: -0.005em;
  margin: 0;
}
h3 {
  font-size: 14px;
  font-weight: 650;
  margin: 0 0 8px;
}
p {
  margin: 0;
  max-width: 78ch;
}
code,
pre {
  font:
    13px/1.5 ui-monospace,
    'SF Mono',
    'Cascadia Mono',
    Menlo,
    Consolas,
    'Liberation Mono',
    monospace;
}
.quiet {
  color: var(--quiet);
  font-weight: 400;
}
.brand {
  font-size: 13px;
  font-weight: 650;
  letter-spacing: 0.04em;
  color: var(--accent);
}
header > p {
  max-width: 120ch;
  font-size: 16px;
  color: var(--quiet);
}
nav {
  display: flex;
  flex-wrap: wrap;
  gap: 4px 18px;
  margin-top: 12px;
  font-size: 14px;
}
nav a {
  text-decoration: none;
  padding: 2px 0;
}
nav a:hover {
  text-decoration: underline;
}

.facts {
  display: grid;
  grid-template-columns: repeat(auto-fit, minmax(150px, 1fr));
  margin: 22px 0 0;
  border: 1px solid var(--rule);
  border-radius: 8px;
  overflow: hidden;
  background: var(--rule);
  gap: 1px;
}
.facts > div {
  background: var(--raised);
  padding: 10px 14px 11px;
}
.facts dt {
  font-size: 12.5px;
  color: var(--quiet);
}
.facts dd {
  margin: 1px 0 0;
  font-size: 20px;
  font-weight: 600;
  letter-spacing: -0.01em;
  white-space: nowrap;
}
.facts dd small {
  font-size: 13px;
  font-weight: 400;
  color: var(--quiet);
  letter-spacing: 0;
}
.facts .quiet {
  font-size: 12.5px;
  display: block;
}

section {
  margin-top: 28px;
  scroll-margin-top: 12px;
}
.head {
  display: flex;
  flex-wrap: wrap;
  align-items: end;
  justify-content: space-between;
  gap: 6px 28px;
  border-bottom: 1px solid var(--rule);
  padding-bottom: 8px;
  margin-bottom: 14px;
}
.head > div:first-child {
  flex: 1 1 520px;
}
.head p {
  max-width: 96ch;
  font-size: 14px;
  color: var(--quiet);
}
.tools {
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  gap: 6px 20px;
  font-size: 13px;
  color: var(--quiet);
}
.tools label {
  display: inline-flex;
  align-items: center;
  gap: 6px;
  color: var(--ink);
}
kbd {
  font: inherit;
  font-size: 12px;
  color: var(--ink);
  background: var(--raised);
  border: 1px solid var(--rule);
  border-bottom-width: 2px;
  border-radius: 4px;
  padding: 0 5px;
}
.scale {
  display: inline-flex;
  align-items: center;
  gap: 7px;
}
.scale i {
  width: 130px;
  height: 11px;
  border-radius: 2px;
  background: var(--rule);
}

.clips {
  display: grid;
  grid-template-columns: repeat(auto-fill, minmax(min(100%, 590px), 1fr));
  gap: 16px;
}
.card {
  background: var(--raised);
  border: 1px solid var(--rule);
  border-radius: 8px;
  padding: 12px 14px 12px;
}
.ready .card.current {
  border-color: var(--accent);
}
.card header {
  display: flex;
  justify-content: space-between;
  gap: 12px;
  align-items: baseline;
  margin-bottom: 8px;
}
.card h3 {
  margin: 0;
  overflow-wrap: anywhere;
}
`;
