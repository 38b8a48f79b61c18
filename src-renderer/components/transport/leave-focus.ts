/**
 * For presses by the pointer on what chooses a sound: the keys stay with the transport. Otherwise Space would press once
 * more what was pressed last.
 */
export function leaveFocus(event: MouseEvent): void {
  event.preventDefault();
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
}
