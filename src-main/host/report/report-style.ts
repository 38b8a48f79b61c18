/** What reports have beside the pages' common parts. */
export const reportStyle = `
.clips {
  grid-template-columns: repeat(auto-fill, minmax(min(100%, calc(var(--panels) * 190px + 80px)), 1fr));
}
.panels {
  grid-template-columns: 40px repeat(var(--panels), minmax(110px, 1fr));
  overflow-x: auto;
}
.hz {
  margin-top: 30px;
}
.panel .title {
  display: flex;
  height: 30px;
  align-items: center;
  font-size: 13px;
  white-space: nowrap;
  overflow: hidden;
  text-overflow: ellipsis;
}
.panel button,
.tools .scripted {
  display: none;
}
.ready .panel button {
  display: flex;
}
.ready .tools .scripted {
  display: inline-flex;
}
.ready .panel .title,
.ready .panel audio {
  display: none;
}
.panel audio {
  width: 100%;
  height: 32px;
  margin-top: 4px;
}
.panel button::after {
  content: attr(data-key);
  color: var(--quiet);
}
.hidden {
  position: absolute;
  clip-path: inset(50%);
}
.picture img {
  image-rendering: auto;
}
.scale i {
  background: linear-gradient(to right, #000004, #1c1044, #4f127b, #812581, #b5367a, #e55064, #fb8761, #fec287, #fcfdbf);
}
.panel .foot span {
  overflow-wrap: anywhere;
}
.tag {
  padding: 0 8px;
  border-radius: 9px;
  background: var(--sunk);
  font-size: 13px;
}
.letter {
  display: inline-block;
  min-width: 22px;
  padding: 0 5px;
  border-bottom: 3px solid var(--rule);
  font-weight: 650;
  text-align: center;
}
${Array.from({ length: 8 }, (_, at) => `.letter.s${at} { border-color: var(--series-${at}); }`).join('\n')}
details {
  border-top: 1px solid var(--rule);
  padding: 10px 0;
}
summary {
  font-weight: 650;
  cursor: pointer;
}
.words {
  white-space: pre-wrap;
  overflow-wrap: anywhere;
}
td {
  overflow-wrap: anywhere;
}
.best {
  font-weight: 650;
}
@media print {
  details:not([open]) > *:not(summary) {
    display: block;
  }
}
`;
