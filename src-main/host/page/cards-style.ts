/** Clips: pictures side by side with one scale and one cursor, and what plays. */
export const cardsStyle = `
.card .place {
  font-size: 12.5px;
  color: var(--quiet);
  white-space: nowrap;
  visibility: hidden;
}
.reading-shown .place,
.reading-shown .reading {
  visibility: visible !important;
}
.panels {
  display: grid;
  grid-template-columns: 40px repeat(var(--panels), minmax(0, 1fr));
  column-gap: 8px;
}
.hz {
  position: relative;
  height: 190px;
  margin-top: 34px;
  font-size: 11.5px;
  color: var(--quiet);
}
.hz span {
  position: absolute;
  right: 5px;
  translate: 0 50%;
  white-space: nowrap;
}
.hz span::after {
  content: '';
  position: absolute;
  right: -5px;
  top: 50%;
  width: 4px;
  border-top: 1px solid var(--quiet);
}
.panel button {
  display: flex;
  align-items: center;
  gap: 7px;
  width: 100%;
  height: 30px;
  margin-bottom: 4px;
  padding: 0 9px;
  font: inherit;
  font-size: 13px;
  color: var(--ink);
  background: transparent;
  border: 1px solid var(--rule);
  border-radius: 6px;
  cursor: pointer;
  text-align: left;
  white-space: nowrap;
}
.panel button:hover {
  border-color: var(--accent);
}
.ready .current button[aria-pressed='true'] {
  background: var(--accent-soft);
  border-color: var(--accent);
}
.panel button svg {
  flex: none;
  width: 10px;
  height: 10px;
  fill: currentColor;
}
.panel button .stop {
  display: none;
}
.playing button[aria-pressed='true'] .stop {
  display: inline;
}
.playing button[aria-pressed='true'] .go {
  display: none;
}
.panel button span {
  overflow: hidden;
  text-overflow: ellipsis;
  flex: 1;
}
.panel button kbd {
  background: none;
  border: 0;
  padding: 0;
  color: var(--quiet);
}
.picture {
  position: relative;
  height: 190px;
  background: #000004;
  border-radius: 3px;
  overflow: hidden;
  cursor: crosshair;
  touch-action: pan-y;
}
.picture canvas,
.picture img {
  display: block;
  width: 100%;
  height: 100%;
}
.picture::before,
.picture::after {
  content: '';
  position: absolute;
  pointer-events: none;
  display: none;
}
.reading-shown .picture::before {
  display: block;
  left: var(--x);
  top: 0;
  bottom: 0;
  border-left: 1px solid #ffffffb0;
}
.reading-shown .picture::after {
  display: block;
  top: var(--y);
  left: 0;
  right: 0;
  border-top: 1px solid #ffffffb0;
}
.head-line {
  position: absolute;
  top: 0;
  bottom: 0;
  left: var(--position);
  width: 2px;
  background: #fff;
  box-shadow: 0 0 0 1px #0006;
  display: none;
  pointer-events: none;
}
.playing .head-line {
  display: block;
}
.padding {
  position: absolute;
  top: 0;
  bottom: 0;
  right: 0;
  border-left: 1px dashed #ffffff90;
  pointer-events: none;
}
.padding small {
  position: absolute;
  left: 5px;
  top: 2px;
  font-size: 11px;
  color: #fff;
  opacity: 0.8;
}
.reading {
  position: absolute;
  right: 4px;
  bottom: 3px;
  font-size: 12px;
  color: #fff;
  background: #000000b8;
  border-radius: 3px;
  padding: 0 5px;
  visibility: hidden;
  pointer-events: none;
}
.sec {
  position: relative;
  height: 17px;
  font-size: 11.5px;
  color: var(--quiet);
}
.sec span {
  position: absolute;
  top: 4px;
  translate: -50% 0;
  white-space: nowrap;
}
.sec span:first-child {
  translate: 0 0;
}
.sec span::before {
  content: '';
  position: absolute;
  left: 50%;
  top: -4px;
  height: 4px;
  border-left: 1px solid var(--quiet);
}
.sec span:first-child::before {
  left: 0;
}
.panel .foot {
  font-size: 12.5px;
  color: var(--quiet);
  margin-top: 5px;
  display: flex;
  flex-wrap: wrap;
  justify-content: space-between;
  gap: 0 8px;
}
.numbers {
  display: flex;
  flex-wrap: wrap;
  gap: 2px 18px;
  margin: 10px 0 0;
  padding-top: 8px;
  border-top: 1px solid var(--rule);
  font-size: 13px;
}
.numbers div {
  display: flex;
  gap: 6px;
}
.numbers dt {
  color: var(--quiet);
}
.numbers dd {
  margin: 0;
  font-weight: 600;
}

.samples {
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 205px), 1fr));
}
.samples .panel button kbd {
  display: none;
}

@media (min-width: 2200px) {
  .picture,
  .hz {
    height: 230px;
  }
  .samples {
    grid-template-columns: repeat(auto-fill, minmax(300px, 1fr));
  }
}
`;
