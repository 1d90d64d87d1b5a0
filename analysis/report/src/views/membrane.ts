// SPDX-License-Identifier: Apache-2.0
import {card, choice, type Card} from '../card';
import {Canvas} from '../chart/canvas';
import {axisFont, drawTimeAxis} from '../chart/time_axis';
import {addTimeGestures, type Band as Drag} from '../chart/time_gestures';
import {csvOf, pngOfCanvas} from '../export';
import {count, time} from '../format';
import type {Selection} from '../selection';
import {colours, okabeIto} from '../theme';
import {hideTooltip, showTooltip} from '../tooltip';
import {gutter} from './raster';
import {lowerBound} from './raster_data';

const laneHeight = 46;
const mostLanes = 8;
const axisHeight = 24;

/** Potential after each step, in weight units. */
interface Trace {
  neuron: number;
  times: number[];
  potentials: number[];
}

/** The least and the greatest potential, 0 among them. */
function extentOf(trace: Trace): [number, number] {
  let [low, high] = [0, 1];
  for (const value of trace.potentials) [low, high] = [Math.min(low, value), Math.max(high, value)];
  return [low, high];
}

/** Membrane potentials of the recorded neurons over the selected time. */
export class MembraneView {
  readonly card: Card;
  private readonly canvas: Canvas;
  private readonly select: HTMLSelectElement;
  private traces: Trace[] = [];
  private drag: Drag = null;

  constructor(private readonly selection: Selection) {
    this.card = card('membranes', 'Membrane potentials', '', {
      png: () => pngOfCanvas(this.canvas.element), svg: () => this.svg(),
      csv: () => csvOf(['neuron', 'time_ps', 'potential_weight_units'], this.traces.flatMap((t) =>
        t.times.map((at, i) => [t.neuron, at, t.potentials[i]]))),
    });
    this.select = choice('Population', [], () => this.canvas.redraw());
    this.card.tools.append(this.select);
    this.canvas = new Canvas(this.card.body, 100, 'Membrane potentials over time', () => this.paint());
    this.canvas.element.addEventListener('pointermove', (event) => this.hover(event));
    this.canvas.element.addEventListener('pointerleave', hideTooltip);
    addTimeGestures(this.canvas.element, selection, () => ({left: gutter, width: this.plotWidth}),
      (drag) => {
        this.drag = drag;
        this.canvas.redraw();
      });
    selection.onChange(() => this.canvas.redraw());
    selection.onSettled(() => this.canvas.redraw());
    this.show();
  }

  /** The run has changed. */
  show(): void {
    const {info} = this.selection.run;
    this.card.element.hidden = info.potentials.length === 0;
    this.select.replaceChildren(...info.potentials.map(({population}) =>
      new Option(info.populations[population].name, String(population))));
    this.select.hidden = info.potentials.length < 2;
    this.canvas.redraw();
  }
  redraw(): void {
    this.canvas.redraw();
  }

  private get plotWidth(): number {
    return this.canvas.width - gutter - 8;
  }

  private gather(): {traces: Trace[]; isWhole: boolean} {
    const {run, range} = this.selection;
    const recorded = run.info.potentials.find(({population}) => String(population) === this.select.value);
    const byNeuron = new Map<number, Trace>();
    let isWhole = true;
    for (const block of recorded?.blocks ?? []) {
      if (block[4] < range.from || block[3] > range.to) continue;
      const columns = run.blocks.get(block, 5, !this.selection.isMoving);
      if (!columns) {
        isWhole = false;
        continue;
      }
      const [times, neurons, , , potentials] = columns;
      for (let i = lowerBound(times, range.from); i < times.length && times[i] <= range.to; ++i) {
        let trace = byNeuron.get(neurons[i]);
        if (!trace) byNeuron.set(neurons[i], (trace = {neuron: neurons[i], times: [], potentials: []}));
        trace.times.push(times[i]);
        trace.potentials.push(potentials[i]);
      }
    }
    const traces = [...byNeuron.values()].sort((a, b) => a.neuron - b.neuron);
    return {traces, isWhole};
  }

  private paint(): void {
    const {range, run} = this.selection;
    if (run.info.potentials.length === 0) return;
    const {traces, isWhole} = this.gather();
    if (!isWhole && traces.length === 0) return;
    this.traces = traces.slice(0, mostLanes);
    const height = Math.max(1, this.traces.length) * laneHeight + axisHeight;
    if (height !== this.canvas.height) return this.canvas.setHeight(height);
    this.card.say(`${run.info.populations[Number(this.select.value)].name}: after every step, in weight units` +
      (traces.length > mostLanes ? `; the first ${mostLanes} of ${count(traces.length)} recorded neurons` : '') +
      (traces.length === 0 ? '; nothing in the selected time' : ''));
    const {context} = this.canvas;
    drawTimeAxis(context, range.from, range.to, gutter, this.plotWidth, 0, height - axisHeight);
    this.traces.forEach((trace, lane) => this.paintTrace(trace, lane * laneHeight));
    if (!this.drag) return;
    context.fillStyle = `${colours().selection}33`;
    context.fillRect(this.drag.from, 0, this.drag.to - this.drag.from, height - axisHeight);
  }

  private place(trace: Trace, top: number): (i: number) => [number, number] {
    const {range} = this.selection;
    const [low, high] = extentOf(trace);
    return (i) => [
      gutter + ((trace.times[i] - range.from) / (range.to - range.from)) * this.plotWidth,
      top + 5 + (1 - (trace.potentials[i] - low) / (high - low)) * (laneHeight - 10),
    ];
  }

  private paintTrace(trace: Trace, top: number): void {
    const {context} = this.canvas;
    const {ink, line, muted} = colours();
    context.fillStyle = ink;
    context.font = axisFont;
    context.textAlign = 'right';
    context.textBaseline = 'middle';
    context.fillText(`neuron ${trace.neuron}`, gutter - 13, top + laneHeight / 2 - 7);
    const [low, high] = extentOf(trace);
    context.fillStyle = muted;
    context.fillText(`${count(low)} … ${count(high)}`, gutter - 13, top + laneHeight / 2 + 8);
    context.strokeStyle = line;
    context.strokeRect(gutter + 0.5, top + 0.5, this.plotWidth, laneHeight);
    context.strokeStyle = okabeIto.vermillion;
    context.lineWidth = trace.times.length > this.plotWidth ? 1 : 1.3;
    const place = this.place(trace, top);
    context.beginPath();
    if (trace.times.length > 2 * this.plotWidth) this.addExtent(trace, place);
    else this.addSteps(trace, place);
    context.stroke();
    context.lineWidth = 1;
  }

  private addSteps(trace: Trace, place: (i: number) => [number, number]): void {
    let before = 0;
    trace.times.forEach((_, i) => {
      const [x, y] = place(i);
      if (i === 0) this.canvas.context.moveTo(x, y);
      else this.canvas.context.lineTo(x, before);
      this.canvas.context.lineTo(x, y);
      before = y;
    });
    // The last one holds until the next step, which is beyond the selection.
    if (trace.times.length > 0) this.canvas.context.lineTo(gutter + this.plotWidth, before);
  }

  /** From far: in each column of pixels what lies between the least and the greatest. */
  private addExtent(trace: Trace, place: (i: number) => [number, number]): void {
    let [column, low, high] = [-1, 0, 0];
    const flush = (): void => {
      if (column < 0) return;
      this.canvas.context.moveTo(column + 0.5, low);
      this.canvas.context.lineTo(column + 0.5, high + 0.5);
    };
    trace.times.forEach((_, i) => {
      const [x, y] = place(i);
      if (Math.floor(x) !== column) {
        flush();
        [column, low, high] = [Math.floor(x), y, y];
      }
      [low, high] = [Math.min(low, y), Math.max(high, y)];
    });
    flush();
  }

  private hover(event: PointerEvent): void {
    const box = this.canvas.element.getBoundingClientRect();
    const trace = this.traces[Math.floor((event.clientY - box.top) / laneHeight)];
    const {range} = this.selection;
    const at = range.from + ((event.clientX - box.left - gutter) / this.plotWidth) * (range.to - range.from);
    if (!trace || at < range.from) return hideTooltip();
    let i = trace.times.findIndex((t) => t > at) - 1;
    if (i < 0) i = trace.times.length - 1;
    showTooltip(event, [`neuron ${trace.neuron}`, `${trace.potentials[i]} weight units`,
      `since ${time(trace.times[i], 9)}`]);
  }

  private svg(): string {
    const {width, height} = this.canvas;
    const lanes = this.traces.map((trace, lane) => {
      const place = this.place(trace, lane * laneHeight);
      const points = trace.times.map((_, i) => place(i).map((v) => v.toFixed(1)).join(',')).join(' ');
      return `<text x="${gutter - 12}" y="${lane * laneHeight + laneHeight / 2}" text-anchor="end" ` +
        `fill="${colours().ink}">neuron ${trace.neuron}</text>` +
        `<polyline points="${points}" fill="none" stroke="${okabeIto.vermillion}"/>`;
    });
    return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" ` +
      `font-family="sans-serif" font-size="11">${lanes.join('')}</svg>`;
  }
}
