// SPDX-License-Identifier: Apache-2.0
import {card, type Card} from '../card';
import type {PathStep, Step} from '../data/run';
import {escaped, h, s} from '../dom';
import {csvOf, pngOfSvg} from '../export';
import {time} from '../format';
import type {Selection} from '../selection';
import {colours, layerColour, onTheme} from '../theme';
import {hideTooltip, showTooltip} from '../tooltip';
import {tickLabel, ticks} from '../chart/time_axis';

const left = 178;
const rowHeight = 15;
const axisHeight = 24;

/** One token, population by population: when each step ran, and the critical path through them. */
export class PathView {
  readonly card: Card;
  private steps: Step[] = [];
  private path: PathStep[] = [];
  private token = -1;
  private width = 0;

  constructor(private readonly selection: Selection) {
    this.card = card('path', 'Critical path', '', {
      png: () => pngOfSvg(this.markup(), this.width, this.height), svg: () => this.markup(),
      csv: () => csvOf(['population', 'time_step', 'waited_ps', 'started_ps', 'ended_ps'],
        this.path.map((p) => [this.nameOf(selection.run.info.slices[p.slice][0]), p.step, p.waited,
          p.started, p.ended])),
    });
    new ResizeObserver(() => {
      if (this.card.body.clientWidth === this.width) return;
      this.width = this.card.body.clientWidth;
      this.draw();
    }).observe(this.card.body);
    onTheme(() => this.draw());
    selection.onSettled(() => void this.update());
    void this.update();
  }

  private nameOf(population: number): string {
    return this.selection.run.info.populations[population].name;
  }
  private get rows(): number[] {
    const {populations} = this.selection.run.info;
    const used = new Set(this.steps.map(({population}) => population));
    return populations.map((_, i) => i).filter((i) => used.has(i));
  }
  private get height(): number {
    return Math.max(1, this.rows.length) * rowHeight + axisHeight + 4;
  }

  async update(): Promise<void> {
    const {run, range, isWhole} = this.selection;
    this.card.element.hidden = run.tokens.count === 0;
    if (run.tokens.count === 0) return;
    // Without a selection the slowest token is the interesting one.
    let token = range.first;
    if (isWhole) for (let i = 0; i < run.tokens.count; ++i) if (run.latency(i) > run.latency(token)) token = i;
    const [steps, path] = await Promise.all([run.stepsOf(token), run.pathOf(token)]);
    if (this.selection.run !== run) return;
    [this.steps, this.path, this.token] = [steps, path, token];
    this.card.element.dataset.token = String(token);
    const working = path.reduce((sum, step) => sum + step.ended - step.started, 0);
    this.card.say(`${run.hasText ? 'Token' : 'Presentation'} ${token}${isWhole && run.tokens.count > 1 ? ', the slowest' : ''}: ${time(run.latency(token))}` + (path.length
      ? `, of which ${time(working)} in steps on the critical path (outlined) and ` +
        `${time(run.latency(token) - working)} under way between them: packets, synaptic sums, waiting.`
      : '. One bar a time step, from its start to its last packet.'));
    this.draw();
  }

  private draw(): void {
    if (this.width > 0 && this.token >= 0) this.card.body.replaceChildren(this.picture());
  }

  private picture(): SVGSVGElement {
    const {run} = this.selection;
    const [from, to] = [run.tokens.injected[this.token], run.tokens.finished[this.token]];
    const plotWidth = this.width - left - 16;
    const x = (at: number): number => left + ((at - from) / (to - from)) * plotWidth;
    const {ink, muted, line} = colours();
    const {rows} = this;
    const y = new Map(rows.map((population, row) => [population, row * rowHeight]));
    const bottom = rows.length * rowHeight;
    const parts: SVGElement[] = [];
    for (const tick of ticks(0, to - from, plotWidth)) {
      const at = x(from + tick);
      parts.push(s('line', {x1: at, x2: at, y1: 0, y2: bottom + 4, stroke: line}),
        s('text', {x: at, y: bottom + 18, 'text-anchor': 'middle', fill: muted}, tickLabel(tick, 0, to - from)));
    }
    for (const population of rows) {
      parts.push(s('text', {x: left - 10, y: y.get(population)! + 11, 'text-anchor': 'end', fill: ink},
        this.nameOf(population)));
    }
    for (const step of this.steps) parts.push(this.bar(step, x, y.get(step.population)!));
    parts.push(...this.pathMarks(x, y));
    return s('svg', {width: this.width, height: this.height, viewBox: `0 0 ${this.width} ${this.height}`,
      'font-size': 11, 'font-family': 'system-ui, sans-serif', role: 'img',
      'aria-label': `Steps of token ${this.token} and its critical path`}, ...parts);
  }

  private bar(step: Step, x: (at: number) => number, top: number): SVGElement {
    const {run} = this.selection;
    const {layer} = run.info.populations[step.population];
    const color = layerColour(layer, run.info.steps.layers.indexOf(layer));
    return s('rect', {x: x(step.started), y: top + 3, height: rowHeight - 6, rx: 1,
      width: Math.max(1.5, x(step.ended) - x(step.started)), fill: color, 'fill-opacity': 0.55,
      onpointermove: (event: PointerEvent) => showTooltip(event, [this.nameOf(step.population),
        `time step ${step.step}`, `started ${time(step.started, 9)}`,
        `took ${time(step.ended - step.started)}`]),
      onpointerleave: hideTooltip});
  }

  private pathMarks(x: (at: number) => number, y: Map<number, number>): SVGElement[] {
    const {run} = this.selection;
    const {ink} = colours();
    const rowOf = (step: PathStep): number => y.get(run.info.slices[step.slice][0]) ?? 0;
    const marks: SVGElement[] = [];
    this.path.forEach((step, i) => {
      const middle = rowOf(step) + rowHeight / 2;
      if (i > 0) {
        const before = rowOf(this.path[i - 1]) + rowHeight / 2;
        marks.push(s('path', {d: `M${x(step.waited)},${before} V${middle} H${x(step.started)}`,
          fill: 'none', stroke: ink, 'stroke-width': 1, 'stroke-dasharray': '3 2', opacity: 0.7}));
      }
      marks.push(s('rect', {x: x(step.started), y: rowOf(step) + 2.5, height: rowHeight - 5, rx: 1.5,
        width: Math.max(2, x(step.ended) - x(step.started)), fill: 'none', stroke: ink, 'stroke-width': 1.4,
        'pointer-events': 'none'}));
    });
    return marks;
  }

  private markup(): string {
    const picture = this.picture();
    picture.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
    picture.prepend(s('title', {}, escaped(`token ${this.token}`)),
      s('rect', {width: '100%', height: '100%', fill: colours().card}));
    return h('div', {}, picture).innerHTML;
  }
}
