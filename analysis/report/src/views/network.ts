// SPDX-License-Identifier: Apache-2.0
import {card, choice, type Card} from '../card';
import {h, s} from '../dom';
import {csvOf, pngOfSvg} from '../export';
import {count, percent, si, time} from '../format';
import type {LinkWindow} from '../data/link_use';
import type {Selection} from '../selection';
import {colours, layerColour, mix, onTheme, rampColour} from '../theme';
import {hideTooltip, showTooltip} from '../tooltip';
import {layoutOf, type Layout} from './network_layout';

type LinkMeasure = 'utilisation' | 'bits' | 'packets' | 'waiting' | 'max_queue_depth';
type CoreMeasure = 'layer' | 'spikes' | 'input_busy' | 'update_busy' | 'max_queue_depth' | 'stalled';

/** More drawn parts than this make browsers slow. */
const mostParts = 12000;

/** The network-on-chip as it lies: links by use, neurocores by what they hold or did. */
export class NetworkView {
  readonly card: Card;
  private linkMeasure: LinkMeasure = 'utilisation';
  private coreMeasure: CoreMeasure = 'layer';
  private readonly drawing = h('div', {class: 'drawing'});
  private readonly list = h('div', {class: 'mapping'});
  private width = 0;
  private pointed: number | null = null;

  constructor(private readonly selection: Selection) {
    this.card = card('network', 'Network-on-chip', '', {
      png: () => pngOfSvg(this.markup(), this.layout().width, this.layout().height),
      svg: () => this.markup(), csv: () => this.csv(),
    });
    this.card.tools.append(
      choice('Colour of links', [['utilisation', 'links: utilisation'], ['bits', 'links: data'], ['packets', 'links: packets'],
        ['waiting', 'links: mean waiting'], ['max_queue_depth', 'links: deepest queue']], (value) => {
        this.linkMeasure = value as LinkMeasure;
        this.draw();
      }),
      choice('Colour of neurocores', [['layer', 'cores: layer'], ['spikes', 'cores: spikes in selection'],
        ['input_busy', 'cores: reading packets'], ['update_busy', 'cores: updating'],
        ['max_queue_depth', 'cores: deepest queue'], ['stalled', 'cores: stalled']], (value) => {
        this.coreMeasure = value as CoreMeasure;
        this.draw();
      }));
    this.card.body.classList.add('columns', 'wide-left');
    this.card.body.append(this.drawing, this.list);
    new ResizeObserver(() => {
      if (this.drawing.clientWidth === this.width) return;
      this.width = this.drawing.clientWidth;
      this.draw();
    }).observe(this.drawing);
    onTheme(() => this.draw());
    selection.onSettled(() => this.draw());
    this.show();
  }

  /** The run has changed. */
  show(): void {
    this.draw();
  }

  private layout(): Layout {
    return layoutOf(this.selection.run.info.network, Math.max(320, this.width), 560);
  }

  private linkValue(link: number): number {
    const {network, end_ps} = this.selection.run.info;
    const use = network.link_use;
    if (!use) return 0;
    const packets = use.packets[link] + use.control_packets[link];
    const window = this.window();
    switch (this.linkMeasure) {
      case 'utilisation': return window ? window.busy[link] / window.span : use.busy_ps[link] / end_ps;
      case 'bits': return window ? window.bits[link] : use.bits[link];
      case 'packets': return packets;
      case 'waiting': return packets > 0 ? use.waiting_ps[link] / packets : 0;
      case 'max_queue_depth': return use.max_queue_depth[link];
    }
  }

  /** Null: the whole run is selected, or nothing else was recorded. */
  private windowOf(): LinkWindow | null {
    const {run, range, isWhole} = this.selection;
    return isWhole || run.tokens.count === 0 ? null : run.linkUse?.of(range.first, range.last) ?? null;
  }

  /** What links show over time; null: the whole run. */
  private window(): LinkWindow | null {
    return this.linkMeasure === 'utilisation' || this.linkMeasure === 'bits' ? this.windowOf() : null;
  }

  private whatLinksShow(): string {
    const window = this.window();
    if (!window) return 'Links by the whole run';
    return window.first === window.last ? `Links by token ${window.first}`
      : `Links by tokens ${window.first} to ${window.last}`;
  }

  private linkText(value: number): string {
    if (this.linkMeasure === 'bits') return si(value, 'bit');
    if (this.linkMeasure === 'utilisation') return `${percent(value, 2)} of the time busy`;
    return this.linkMeasure === 'waiting' ? `${time(value)} mean waiting`
      : `${count(value)} ${this.linkMeasure === 'packets' ? 'packets' : 'packets at most'}`;
  }

  private coreValue(core: number): number {
    const {run, range} = this.selection;
    const use = run.info.network.core_use;
    switch (this.coreMeasure) {
      case 'layer': return 0;
      case 'spikes': return run.spikesIn(this.slicesOn(core), range.first, range.last);
      case 'max_queue_depth': return use?.max_queue_depth[core] ?? 0;
      default: return (use?.[`${this.coreMeasure}_ps`][core] ?? 0) / run.end;
    }
  }

  private coreText(value: number): string {
    if (this.coreMeasure === 'spikes') return `${count(value)} spikes in the selection`;
    return this.coreMeasure === 'max_queue_depth' ? `${count(value)} packets at most`
      : `${percent(value, 2)} of the time`;
  }

  private slicesOn(core: number): number[] {
    const result: number[] = [];
    this.selection.run.info.slices.forEach((slice, i) => slice[1] === core && result.push(i));
    return result;
  }

  private draw(): void {
    const {run, range, isWhole} = this.selection;
    const {summary, network} = run.info;
    if (this.width === 0) return;
    this.card.say(`${summary?.network.description ?? `${network.routers.length} routers`}. ` +
      this.whatLinksShow() + (isWhole ? '' : `; spikes of tokens ${range.first} to ${range.last}`) +
      '. Point at a neurocore to see what lies on it.');
    this.card.element.dataset.tokens = `${range.first}-${range.last}`;
    this.card.element.dataset.links = this.window() ? `${this.window()!.first}-${this.window()!.last}` : 'all';
    this.drawing.replaceChildren(this.picture(), this.key());
    this.drawList();
  }

  /** What the colours of links, and of neurocores unless they are those of layers, mean. */
  private key(): HTMLElement {
    const {network} = this.selection.run.info;
    const most = network.links.reduce((max, [, , kind], i) =>
      kind === 'injection' || kind === 'ejection' ? max : Math.max(max, this.linkValue(i)), 0);
    const ramp = (): HTMLElement => h('i', {style: 'background: linear-gradient(90deg, ' +
      `${[0, 0.25, 0.5, 0.75, 1].map((share) => rampColour(share)).join(', ')})`});
    const cores = this.layout().routerOfCore.map((_, core) => this.coreValue(core));
    return h('div', {class: 'ramp'}, 'links: 0', ramp(), this.linkText(most),
      ...(this.coreMeasure === 'layer' ? [] : ['\u2003cores: 0', ramp(),
        this.coreText(cores.reduce((a, b) => Math.max(a, b), 0))]));
  }

  private picture(): SVGSVGElement {
    const layout = this.layout();
    const {network} = this.selection.run.info;
    const parts: SVGElement[] = [];
    parts.push(...this.links(layout));
    network.routers.forEach((_, router) => {
      const [x, y] = layout.router(router);
      const size = layout.tile * 0.58;
      parts.push(s('rect', {x: x - size / 2, y: y - size / 2, width: size, height: size,
        rx: Math.min(5, size / 8), fill: colours().card, stroke: colours().line}));
    });
    if (layout.routerOfCore.length <= mostParts) parts.push(...this.cores(layout));
    return s('svg', {width: layout.width, height: layout.height,
      viewBox: `0 0 ${layout.width} ${layout.height}`, 'font-size': 11, role: 'img',
      'font-family': 'system-ui, sans-serif', 'aria-label': 'Routers, links and neurocores'}, ...parts);
  }

  private links(layout: Layout): SVGElement[] {
    const {network} = this.selection.run.info;
    const shown = network.links.map((link, i) => [...link, i] as const)
      .filter(([, , kind]) => kind !== 'injection' && kind !== 'ejection').slice(0, mostParts);
    const most = shown.reduce((max, [, , , i]) => Math.max(max, this.linkValue(i)), 0);
    const offset = Math.max(1.5, layout.tile * 0.07);
    return shown.map(([from, to, kind, i]) => {
      const [[x1, y1], [x2, y2]] = [layout.router(from), layout.router(to)];
      const length = Math.hypot(x2 - x1, y2 - y1) || 1;
      const [dx, dy] = [(x2 - x1) / length, (y2 - y1) / length];
      // Each direction keeps to its right; wrap-around links bend out of the way.
      const [ox, oy] = [-dy * offset, dx * offset];
      const isAlongAxis = Math.abs(dx) < 0.01 || Math.abs(dy) < 0.01;
      const bend = isAlongAxis && length > layout.tile * 1.5 ? Math.min(60, length * 0.18) : 0;
      const value = this.linkValue(i);
      const share = most > 0 ? value / most : 0;
      return s('path', {
        d: `M${x1 + ox},${y1 + oy} Q${(x1 + x2) / 2 + ox - dy * bend},${(y1 + y2) / 2 + oy + dx * bend} ${x2 + ox},${y2 + oy}`,
        fill: 'none', stroke: share > 0 ? rampColour(0.25 + 0.75 * share) : colours().line,
        'stroke-width': Math.max(1, layout.tile * (0.02 + 0.08 * Math.sqrt(share))), 'stroke-linecap': 'round',
        onpointermove: (event: PointerEvent) => showTooltip(event, [
          `${kind} link ${this.routerName(from)} → ${this.routerName(to)}`, this.linkText(value)]),
        onpointerleave: hideTooltip});
    });
  }

  private routerName(router: number): string {
    const [x, y, , name] = this.selection.run.info.network.routers[router];
    return name || `(${x}, ${y})`;
  }

  private cores(layout: Layout): SVGElement[] {
    const values = layout.routerOfCore.map((_, core) => this.coreValue(core));
    const most = values.reduce((a, b) => Math.max(a, b), 0);
    return layout.routerOfCore.map((router, core) => {
      const [x, y, size] = layout.core(core);
      const slices = this.slicesOn(core);
      return s('rect', {x, y, width: size, height: size, rx: size / 6, class: 'core',
        fill: this.coreColour(slices, most > 0 ? values[core] / most : 0),
        stroke: this.pointed === core ? colours().ink : colours().line, 'data-core': core,
        onpointermove: (event: PointerEvent) => showTooltip(event, [
          `neurocore ${core} at ${this.routerName(router)}`,
          ...slices.slice(0, 8).map((slice) => this.sliceText(slice)),
          ...(slices.length > 8 ? [`and ${slices.length - 8} more`] : []),
          ...(slices.length === 0 ? ['empty'] : []),
          ...(this.coreMeasure === 'layer' ? [] : [this.coreText(values[core])])]),
        onpointerleave: hideTooltip});
    });
  }

  private coreColour(slices: number[], share: number): string {
    const {card: paper, line} = colours();
    if (this.coreMeasure !== 'layer') return slices.length === 0 ? paper : rampColour(0.08 + 0.92 * share);
    if (slices.length === 0) return mix(paper, line, 0.3);
    const {run} = this.selection;
    // Of several layers on one neurocore: the one with the most neurons.
    const neurons = new Map<number, number>();
    for (const slice of slices) {
      const [, , begin, end] = run.info.slices[slice];
      const layer = run.layerOfSlice(slice);
      neurons.set(layer, (neurons.get(layer) ?? 0) + end - begin);
    }
    const [layer] = [...neurons].reduce((a, b) => (b[1] > a[1] ? b : a));
    return layerColour(run.info.steps.layers[layer], layer);
  }

  private sliceText(slice: number): string {
    const {populations, slices} = this.selection.run.info;
    const [population, , begin, end] = slices[slice];
    const {name, size} = populations[population];
    return end - begin === size ? name : `${name} [${begin}:${end}]`;
  }

  /** Which population lies where, with its spikes in the selection. */
  private drawList(): void {
    const {run, range} = this.selection;
    const rows = run.info.slices.map(([population, core], slice) => {
      const {layer} = run.info.populations[population];
      const colour = layerColour(layer, run.info.steps.layers.indexOf(layer));
      const row = h('tr', {tabindex: 0,
        onpointerenter: () => this.point(core), onfocus: () => this.point(core),
        onpointerleave: () => this.point(null), onblur: () => this.point(null)},
        h('td', {}, h('i', {style: `background:${colour}`}), this.sliceText(slice)),
        h('td', {class: 'number'}, core < 0 ? 'host' : String(core)),
        h('td', {class: 'number'}, run.activity[slice]
          ? count(run.spikesIn([slice], range.first, range.last)) : '–'));
      return row;
    });
    this.list.replaceChildren(h('table', {},
      h('thead', {}, h('tr', {}, h('th', {}, 'population'), h('th', {class: 'number'}, 'core'),
        h('th', {class: 'number'}, 'spikes'))),
      h('tbody', {}, ...rows)));
  }

  private point(core: number | null): void {
    this.pointed = core;
    for (const rect of this.drawing.querySelectorAll<SVGRectElement>('rect.core')) {
      const is = core !== null && Number(rect.dataset.core) === core;
      rect.setAttribute('stroke', is ? colours().ink : colours().line);
      rect.setAttribute('stroke-width', is ? '3' : '1');
    }
  }

  private markup(): string {
    const picture = this.picture();
    picture.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
    picture.prepend(s('rect', {width: '100%', height: '100%', fill: colours().card}));
    return h('div', {}, picture).innerHTML;
  }

  private csv(): string {
    const {links, link_use: use = {}} = this.selection.run.info.network;
    const names = Object.keys(use);
    const window = this.windowOf();
    const selected = (i: number): number[] => names.length === 0 ? []
      : [window ? window.bits[i] : use.bits[i], window ? window.busy[i] : use.busy_ps[i]];
    return csvOf(['from_router', 'to_router', 'kind', ...names,
      ...(names.length > 0 ? ['selected_bits', 'selected_busy_ps'] : [])],
      links.map(([from, to, kind], i) => [from, to, kind, ...names.map((name) => use[name][i]), ...selected(i)]));
  }
}
