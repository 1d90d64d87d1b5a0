// SPDX-License-Identifier: Apache-2.0
import type {Selection} from '../selection';

export interface Area {
  left: number;
  width: number;
}

/** What the pointer drags over, in pixels of the element; null while it drags nothing. */
export type Band = {from: number; to: number} | null;

/**
 * Dragging over a plot of the selected time zooms into it, with Shift it moves it; Ctrl and the
 * wheel zoom around the pointer; a double click shows the whole run.
 */
export function addTimeGestures(
  element: HTMLElement, selection: Selection, area: () => Area, onBand: (band: Band) => void,
): void {
  const timeAt = (x: number): number => {
    const {from, to} = selection.range;
    return from + ((x - area().left) / area().width) * (to - from);
  };
  const inside = (event: PointerEvent | WheelEvent): number =>
    event.clientX - element.getBoundingClientRect().left;
  let start: {x: number; from: number; to: number; moves: boolean} | null = null;

  element.addEventListener('pointerdown', (event) => {
    if (event.button !== 0 || inside(event) < area().left) return;
    const {from, to} = selection.range;
    start = {x: inside(event), from, to, moves: event.shiftKey};
    element.setPointerCapture(event.pointerId);
  });
  element.addEventListener('pointermove', (event) => {
    if (!start) return;
    if (start.moves) {
      const shift = ((inside(event) - start.x) / area().width) * (start.to - start.from);
      selection.selectTime(start.from - shift, start.to - shift);
    } else {
      onBand({from: Math.min(start.x, inside(event)), to: Math.max(start.x, inside(event))});
    }
  });
  const end = (event: PointerEvent): void => {
    const begun = start;
    start = null;
    onBand(null);
    if (!begun || begun.moves || Math.abs(inside(event) - begun.x) < 4) return;
    const [a, b] = [timeAt(begun.x), timeAt(inside(event))];
    selection.selectTime(Math.min(a, b), Math.max(a, b));
  };
  element.addEventListener('pointerup', end);
  element.addEventListener('pointercancel', () => {
    start = null;
    onBand(null);
  });
  element.addEventListener('dblclick', () => selection.reset());
  element.addEventListener('wheel', (event) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    selection.zoom(Math.exp(event.deltaY * 0.002), timeAt(inside(event)));
  }, {passive: false});
}
