// SPDX-License-Identifier: Apache-2.0
import {Canvas} from '../chart/canvas';
import {h} from '../dom';
import {percent, several, time} from '../format';
import type {Selection} from '../selection';
import {colours} from '../theme';

const height = 44;

/** The whole run as a strip of spikes over time; a window in it is what all views show. */
export class Timeline {
  readonly element = h('div', {class: 'timeline'});
  private readonly canvas: Canvas;
  private readonly label = h('output', {class: 'range', 'aria-live': 'polite'});
  private profile = new Float64Array(0);
  private heights: number[] = [];
  private start: number | null = null;

  constructor(private readonly selection: Selection) {
    const strip = h('div', {class: 'strip'});
    this.element.append(strip, this.label);
    this.canvas = new Canvas(strip, height, 'Spikes of the whole run; the selected time', () => this.paint());
    this.canvas.element.id = 'timeline';
    const {element} = this.canvas;
    element.addEventListener('pointerdown', (event) => {
      this.start = this.timeAt(event);
      element.setPointerCapture(event.pointerId);
    });
    element.addEventListener('pointermove', (event) => {
      if (this.start === null) return;
      const at = this.timeAt(event);
      selection.selectTime(Math.min(at, this.start), Math.max(at, this.start));
    });
    element.addEventListener('pointerup', (event) => {
      const at = this.timeAt(event);
      if (this.start !== null && Math.abs(at - this.start) < selection.run.end / 400) this.selectAt(at);
      this.start = null;
    });
    element.addEventListener('dblclick', () => selection.reset());
    selection.onChange(() => {
      this.say();
      this.canvas.redraw();
    });
    this.show();
  }

  /** The run has changed. */
  show(): void {
    const {run} = this.selection;
    const bins = run.info.spikes.density_bins;
    this.profile = new Float64Array(bins);
    for (const density of run.densities) {
      density?.counts.forEach((value, i) => (this.profile[i % bins] += value));
    }
    this.heights = [];
    this.canvas.redraw();
  }

  private timeAt(event: PointerEvent): number {
    const {left, width} = this.canvas.element.getBoundingClientRect();
    return Math.max(0, Math.min(1, (event.clientX - left) / width)) * this.selection.run.end;
  }

  private selectAt(at: number): void {
    const {tokens} = this.selection.run;
    for (let token = tokens.count - 1; token >= 0; --token) {
      if (tokens.injected[token] <= at) return this.selection.selectTokens(token, token);
    }
  }

  /** Spikes of each column of pixels. */
  private heightsOf(width: number): number[] {
    const perPixel = this.profile.length / width;
    return Array.from({length: width}, (_, x) => {
      const first = Math.floor(x * perPixel);
      const end = Math.max(first + 1, Math.floor((x + 1) * perPixel));
      return this.profile.slice(first, end).reduce((a, b) => a + b, 0) / (end - first);
    });
  }

  private paint(): void {
    const {run, range, isWhole} = this.selection;
    const {context, width} = this.canvas;
    const {muted, selection, ink} = colours();
    if (this.heights.length !== width) this.heights = this.heightsOf(width);
    const {heights} = this;
    const most = heights.reduce((a, b) => Math.max(a, b), 1);
    const [a, b] = [(range.from / run.end) * width, (range.to / run.end) * width];
    heights.forEach((value, x) => {
      context.fillStyle = isWhole || (x >= a - 1 && x <= b) ? selection : muted;
      context.globalAlpha = isWhole ? 0.75 : x >= a - 1 && x <= b ? 1 : 0.45;
      const tall = (value / most) * (height - 8);
      context.fillRect(x, height - tall, 1, tall);
    });
    context.globalAlpha = 1;
    if (!isWhole) {
      context.fillStyle = `${selection}26`;
      context.fillRect(a, 0, Math.max(2, b - a), height);
      context.strokeStyle = ink;
      context.strokeRect(Math.min(width - 3, a) + 0.5, 0.5, Math.max(2, b - a - 1), height - 1);
    }
  }

  private say(): void {
    const {run, range, isWhole} = this.selection;
    const tokens = run.tokens.count === 0 ? 'selection' : range.first === range.last
      ? `${run.unit} ${range.first}` : `${run.unit}s ${range.first}–${range.last}`;
    this.label.replaceChildren(
      h('strong', {}, isWhole ? 'whole run' : tokens),
      isWhole ? ` · ${several(run.tokens.count, run.unit)}`
        : ` · ${percent((range.to - range.from) / run.end, 2)} of the run`,
      h('br'),
      isWhole ? time(run.end)
        : `${time(range.from, 6)} – ${time(range.to, 6)} · ${time(range.to - range.from)}`);
  }
}
