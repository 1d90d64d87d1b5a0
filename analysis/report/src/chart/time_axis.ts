// SPDX-License-Identifier: Apache-2.0
import {time} from '../format';
import {colours} from '../theme';

/** Round times within a range, about one for `pixels` / 110. */
export function ticks(from: number, to: number, pixels: number): number[] {
  const raw = ((to - from) / Math.max(2, pixels)) * 110;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((m) => m * power).find((candidate) => candidate >= raw) ?? raw;
  const result: number[] = [];
  for (let tick = Math.ceil(from / step) * step; tick <= to; tick += step) result.push(tick);
  return result;
}

/** A tick's label with as many digits as tell it from its neighbours. */
export function tickLabel(tick: number, from: number, to: number): string {
  const digits = Math.ceil(Math.log10(Math.max(10, Math.abs(to) / Math.max(1, to - from)))) + 3;
  return time(Math.round(tick), Math.min(15, digits)).replace(/(\.\d*?)0+ /, '$1 ').replace('. ', ' ');
}

export const axisFont = '11px system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif';

/** Ticks and labels under a plot that starts at `left` and is `width` wide. */
export function drawTimeAxis(
  context: CanvasRenderingContext2D, from: number, to: number, left: number, width: number,
  top: number, bottom: number,
): void {
  const {muted, line} = colours();
  context.font = axisFont;
  context.textAlign = 'center';
  context.textBaseline = 'top';
  for (const tick of ticks(from, to, width)) {
    const x = Math.round(left + ((tick - from) / (to - from)) * width) + 0.5;
    context.strokeStyle = line;
    context.beginPath();
    context.moveTo(x, top);
    context.lineTo(x, bottom + 4);
    context.stroke();
    context.fillStyle = muted;
    context.fillText(tickLabel(tick, from, to), Math.min(x, left + width - 24), bottom + 6);
  }
}
