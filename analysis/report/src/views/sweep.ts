// SPDX-License-Identifier: Apache-2.0
import {card, choice, type Card} from '../card';
import {axis, legend, Plot, type Option} from '../chart/plot';
import type {SweepData, SweepRow} from '../data/sweep';
import {h} from '../dom';
import {csvOf} from '../export';
import {count, si} from '../format';
import {okabeIto} from '../theme';
import {heatmap, label, metricText, parallel, scatter, sensitivity} from './sweep_charts';

const parts: [metric: string, name: string, colour: string][] = [
  ['energy_neurocore', 'neurocores', okabeIto.blue],
  ['energy_attention_unit', 'attention units', okabeIto.vermillion],
  ['energy_network', 'network', okabeIto.green],
  ['energy_host', 'host', okabeIto.purple],
  ['energy_static', 'static', okabeIto.grey],
];

/** A sweep to explore: every chart shows the chip that was clicked in any of them. */
export class SweepPage {
  readonly element = h('div', {id: 'sweep-page'});
  private workload = 0;
  private chosen: SweepRow | null = null;
  private x: number;
  private y: number;
  private metric: number;
  private across: number;
  private up: number;
  private readonly charts: [Plot, () => Option][] = [];
  private readonly detail: Card;

  constructor(private readonly data: SweepData) {
    const objective = (i: number): number =>
      data.metrics.findIndex(({name}) => name === (data.objectives[i] ?? data.metrics[i].name));
    [this.y, this.x, this.metric] = [objective(0), objective(1), objective(0)];
    [this.across, this.up] = this.mostSensitive();
    this.detail = card('chip', 'Chip', '', {});
    const failed = data.rows.filter(({error}) => error !== '').length;
    const about = `${count(data.rows.length)} rows around ${data.chip}, ${count(failed)} failed; ` +
      `${count(data.rows.filter((row) => row.is_on_front).length)} on the Pareto front. Click a chip to see it.`;
    this.element.append(
      this.front(about), this.detail.element,
      this.chart('parallel', 'Parallel coordinates', 'Every chip as a line; red: on the Pareto front.', 380,
        () => parallel(data, this.rows(), this.chosen)),
      this.chart('sensitivity', 'Sensitivity', 'Share of an objective’s variance that each parameter alone decides.',
        70 + 20 * data.parameters.length * Math.max(2, data.objectives.length), () => sensitivity(data, this.workload)),
      ...(data.parameters.length > 1 ? [this.map()] : []), this.failures());
    this.choose(this.rows().find((row) => row.is_on_front) ?? null);
  }

  private rows(): SweepRow[] {
    return this.data.rows.filter((row) => row.workload === this.workload && row.error === '');
  }

  private mostSensitive(): [number, number] {
    const shares = this.data.sensitivity[0][0].map((share, i) => ({share, i})).sort((a, b) => b.share - a.share);
    return [shares[0].i, shares[Math.min(1, shares.length - 1)].i];
  }

  private choose(row: SweepRow | null): void {
    this.chosen = row;
    this.showChip();
    this.redraw();
  }

  private redraw(): void {
    for (const [plot, make] of this.charts) plot.draw(make);
  }

  private csv = (): string => csvOf(
    ['point', 'workload', ...this.data.parameters.map(({name}) => name), ...this.data.metrics.map(({name}) => name), 'error'],
    this.data.rows.map((row) => [row.point, this.data.workloads[row.workload], ...row.shown,
      ...row.metrics.map((value) => value ?? ''), row.error]));

  private chart(id: string, title: string, about: string, height: number, make: () => Option, tools: HTMLElement[] = []): HTMLElement {
    const holder = h('div');
    const plot = new Plot(holder, height);
    const view = card(id, title, about, {png: plot.png, svg: plot.svg, csv: this.csv});
    view.body.append(holder);
    view.tools.append(...tools);
    plot.onClick((parameters) => {
      const row = (parameters as unknown as {data?: {row?: SweepRow}}).data?.row;
      if (row) this.choose(row);
    });
    this.charts.push([plot, make]);
    return view.element;
  }

  /** A choice that sets something and draws again. */
  private tool(name: string, options: string[], at: number, set: (place: number) => void): HTMLSelectElement {
    const select = choice(name, options.map((text, i) => [String(i), label(text)]), (value) => {
      set(Number(value));
      this.redraw();
    });
    select.value = String(at);
    return select;
  }

  private front(about: string): HTMLElement {
    const {data} = this;
    const metrics = data.metrics.map(({name}) => name);
    return this.chart('pareto', 'Pareto front', about, 420,
      () => scatter(data, this.rows(), this.x, this.y, this.chosen), [
        ...(data.workloads.length > 1 ? [this.tool('Workload', data.workloads, 0, (i) => {
          this.workload = i;
          this.choose(this.rows().find((row) => row.is_on_front) ?? null);
        })] : []),
        this.tool('Up', metrics, this.y, (i) => (this.y = i)), this.tool('Across', metrics, this.x, (i) => (this.x = i))]);
  }

  private map(): HTMLElement {
    const {data} = this;
    const names = data.parameters.map(({name}) => name);
    return this.chart('map', 'Map of two parameters', 'The best chip of each cell; click one to see it.', 380,
      () => heatmap(data, this.rows(), this.across, this.up, this.metric), [
        this.tool('Metric', data.metrics.map(({name}) => name), this.metric, (i) => (this.metric = i)),
        this.tool('Up', names, this.up, (i) => (this.up = i)), this.tool('Across', names, this.across, (i) => (this.across = i))]);
  }

  /** The chosen chip: what was set, what it measured, where its energy goes. */
  private showChip(): void {
    const {data, chosen, detail} = this;
    detail.element.hidden = chosen === null;
    if (!chosen) return;
    detail.say(`Point ${chosen.point}${chosen.round > 0 ? `, round ${chosen.round}` : ''}` +
      `${chosen.is_on_front ? ', on the Pareto front' : ''}. Run it with the settings below.`);
    const settings = data.parameters.map(({name}, i) => `--set "${name}=${chosen.shown[i]}"`).join(' ');
    const table = (rows: [string, string, string?][]): HTMLElement => h('table', {}, h('tbody', {},
      ...rows.map(([name, text, title]) => h('tr', {title}, h('td', {}, name), h('td', {class: 'number'}, text)))));
    const bar = h('div');
    detail.body.classList.add('columns');
    detail.body.replaceChildren(
      h('div', {}, table(data.parameters.map(({name}, i) => [name, chosen.shown[i]])),
        h('p', {class: 'about'}, h('code', {id: 'settings'}, settings))),
      h('div', {}, table(data.metrics.map(({name, sentence}, i) => [label(name), metricText(data, i, chosen.metrics[i]), sentence])), bar));
    new Plot(bar, 110).draw(() => this.breakdown(chosen));
  }

  private breakdown(row: SweepRow): Option {
    const value = (name: string): number => row.metrics[this.data.metrics.findIndex((metric) => metric.name === name)] ?? 0;
    return {
      grid: {left: 10, right: 20, top: 34, bottom: 26},
      legend: legend(),
      tooltip: {valueFormatter: (v: number) => si(v, 'J')},
      xAxis: axis({type: 'value', axisLabel: {formatter: (v: number) => si(v, 'J', 3)}}),
      yAxis: axis({type: 'category', data: ['energy a token'], show: false}),
      series: parts.map(([metric, name, color]) => ({name, type: 'bar', stack: 'energy', barWidth: 20, itemStyle: {color},
        data: [value(metric)]})),
    };
  }

  private failures(): HTMLElement {
    const failed = this.data.rows.filter(({error}) => error !== '');
    const view = card('failures', 'Chips that failed', `${count(failed.length)} rows.`);
    view.element.hidden = failed.length === 0;
    view.body.append(h('div', {class: 'scroll'}, h('table', {}, h('tbody', {}, ...failed.map((row) =>
      h('tr', {}, h('td', {}, this.data.parameters.map(({name}, i) => `${name}=${row.shown[i]}`).join(', ')), h('td', {}, row.error)))))));
    return view.element;
  }
}
