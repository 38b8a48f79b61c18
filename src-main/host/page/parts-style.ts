/** Curves, tables, notes, commands, and how all of it prints. */
export const partsStyle = `
.charts {
  display: grid;
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 400px), 1fr));
  gap: 16px;
}
.chart {
  margin: 0;
  background: var(--raised);
  border: 1px solid var(--rule);
  border-radius: 8px;
  padding: 10px 12px 8px;
}
.chart figcaption {
  display: flex;
  flex-wrap: wrap;
  justify-content: space-between;
  gap: 2px 16px;
  font-size: 13.5px;
  font-weight: 600;
  margin-bottom: 4px;
}
.chart svg {
  display: block;
  width: 100%;
  max-height: 340px;
}
.legend {
  display: flex;
  gap: 14px;
  font-weight: 400;
  color: var(--quiet);
  font-size: 12.5px;
}
.legend b {
  color: var(--ink);
  font-weight: 600;
}
.key {
  display: inline-flex;
  align-items: center;
  gap: 5px;
}
.key svg {
  width: 18px;
  height: 8px;
  flex: none;
  display: inline-block;
}
.grid line {
  stroke: var(--rule);
}
.axis line {
  stroke: var(--quiet);
}
.axis text {
  fill: var(--quiet);
  font-size: 12px;
}
.series {
  fill: none;
  stroke-width: 1.75;
  stroke-linejoin: round;
}
.series.s0 {
  stroke: var(--series-0);
}
.series.s1 {
  stroke: var(--series-1);
  stroke-dasharray: 5 3;
}
.series.s2 {
  stroke: var(--series-2);
  stroke-dasharray: 2 3;
}
.series.s3 {
  stroke: var(--series-3);
  stroke-dasharray: 8 3 2 3;
}
.series.s4 {
  stroke: var(--series-4);
}
.series.s5 {
  stroke: var(--series-5);
  stroke-dasharray: 5 3;
}
.series.s6 {
  stroke: var(--series-6);
  stroke-dasharray: 2 3;
}
.series.s7 {
  stroke: var(--series-7);
  stroke-dasharray: 8 3 2 3;
}
.dot.s0 {
  fill: var(--series-0);
}
.dot.s1 {
  fill: var(--series-1);
}
.dot.s2 {
  fill: var(--series-2);
}
.dot.s3 {
  fill: var(--series-3);
}
.dot.s4 {
  fill: var(--series-4);
}
.dot.s5 {
  fill: var(--series-5);
}
.dot.s6 {
  fill: var(--series-6);
}
.dot.s7 {
  fill: var(--series-7);
}

.columns {
  display: grid;
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 460px), 1fr));
  gap: 26px 40px;
  align-items: start;
}
.scroll {
  overflow-x: auto;
}
table {
  border-collapse: collapse;
  width: 100%;
  font-size: 13.5px;
}
caption {
  text-align: left;
  font-weight: 650;
  font-size: 14px;
  padding-bottom: 6px;
}
caption .quiet {
  font-size: 13px;
}
th {
  text-align: left;
  font-weight: 400;
  color: var(--quiet);
  font-size: 12.5px;
  vertical-align: bottom;
}
th,
td {
  padding: 5px 14px 5px 0;
  border-bottom: 1px solid var(--rule);
  vertical-align: top;
}
td:last-child,
th:last-child {
  padding-right: 0;
}
tbody th {
  color: var(--ink);
  font-size: 13.5px;
  vertical-align: top;
}
td.n,
th.n {
  text-align: right;
  white-space: nowrap;
}
.note {
  background: var(--sunk);
  border-radius: 8px;
  padding: 12px 16px;
  font-size: 14px;
}
.note + .note {
  margin-top: 10px;
}
.note.warn {
  border-left: 3px solid var(--warn);
}
.note p + p {
  margin-top: 6px;
}
.next {
  list-style: none;
  margin: 0;
  padding: 0;
  display: grid;
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 520px), 1fr));
  gap: 10px 40px;
}
.next li {
  display: grid;
  gap: 3px;
  font-size: 13.5px;
  color: var(--quiet);
}
.command {
  display: flex;
  align-items: start;
  gap: 8px;
  background: var(--sunk);
  border-radius: 6px;
  padding: 7px 8px 7px 12px;
  color: var(--ink);
}
.command code {
  flex: 1;
  overflow-wrap: anywhere;
  padding-top: 2px;
}
.copy {
  font: inherit;
  font-size: 12.5px;
  color: var(--accent);
  background: var(--raised);
  border: 1px solid var(--rule);
  border-radius: 5px;
  padding: 2px 9px;
  cursor: pointer;
  display: none;
}
.ready .copy {
  display: block;
}
.copy:hover {
  border-color: var(--accent);
}
footer {
  margin-top: 40px;
  padding-top: 12px;
  border-top: 1px solid var(--rule);
  font-size: 13px;
  color: var(--quiet);
}
@media (min-width: 2200px) {
  :root {
    font-size: 17px;
  }
  .clips {
    grid-template-columns: repeat(auto-fill, minmax(700px, 1fr));
  }
}
@media (prefers-reduced-motion: no-preference) {
  html {
    scroll-behavior: smooth;
  }
}
@media print {
  .tools,
  .copy,
  nav {
    display: none !important;
  }
  .card,
  .chart {
    break-inside: avoid;
  }
}

.plain {
  margin: 0;
  padding-left: 18px;
  font-size: 13.5px;
}
.plain li + li {
  margin-top: 4px;
}

.columns.wide {
  grid-template-columns: minmax(0, 2fr) minmax(260px, 1fr);
}
.sub {
  margin: 24px 0 8px;
}
.settings {
  margin: 0;
  columns: 330px;
  column-gap: 40px;
  font-size: 13.5px;
}
.settings div {
  display: flex;
  justify-content: space-between;
  gap: 16px;
  padding: 4px 0;
  border-bottom: 1px solid var(--rule);
  break-inside: avoid;
}
.settings dd {
  margin: 0;
  text-align: right;
}
@media (max-width: 900px) {
  .columns.wide {
    grid-template-columns: minmax(0, 1fr);
  }
}
`;
