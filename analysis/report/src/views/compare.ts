// SPDX-License-Identifier: Apache-2.0
import {card, type Card} from '../card';
import type {Run} from '../data/run';
import type {Summary} from '../data/payload';
import {h} from '../dom';
import {csvOf} from '../export';
import {count, si} from '../format';
import {axis, legend, Plot, type Option} from '../chart/plot';
import {componentColours} from '../theme';

const measures: [name: string, value: (s: Summary) => number, text: (v: number) => string][] = [
  ['energy a token', (s) => s.energy_j_per_token, (v) => si(v, 'J')],
  ['energy', (s) => s.energy_j.total, (v) => si(v, 'J')],
  ['time a token', (s) => s.latency_s_per_token, (v) => si(v, 's')],
  ['latency, mean', (s) => s.latency_s_mean, (v) => si(v, 's')],
  ['latency, longest', (s) => s.latency_s_longest, (v) => si(v, 's')],
  ['simulated time', (s) => s.simulated_s, (v) => si(v, 's')],
  ['spikes', (s) => s.spikes, count],
  ['packets', (s) => s.packets, count],
  ['hops', (s) => s.hops, count],
  ['synaptic operations', (s) => s.synaptic_operations, count],
  ['neurocores', (s) => s.neurocores, count],
  ['mean waiting in the network', (s) => s.network.waiting_s_mean, (v) => si(v, 's')],
];

/** Several runs side by side, the first as the measure of the others. */
export class CompareView {
  readonly card: Card;

  constructor(private readonly runs: Run[], show: (run: Run) => void) {
    this.card = card('compare', 'Runs compared', 'Ratios are to the first run. Click a name to show that run below.', {
      csv: () => csvOf(['measure', ...runs.map((run) => run.info.file)], measures.map(([name, value]) =>
        [name, ...runs.map((run) => (run.info.summary ? value(run.info.summary) : ''))])),
    });
    this.card.element.hidden = runs.length < 2;
    if (runs.length < 2) return;
    this.card.body.classList.add('columns');
    this.card.body.append(h('div', {class: 'scroll'}, this.table(show), this.texts()));
    const side = h('div');
    this.card.body.append(side);
    new Plot(side, Math.max(180, 60 + 46 * runs.length)).draw(() => this.energy());
    new Plot(side, Math.max(180, 60 + 46 * runs.length)).draw(() => this.latency());
  }

  private table(show: (run: Run) => void): HTMLElement {
    return h('table', {},
      h('thead', {}, h('tr', {}, h('th', {}, ''), ...this.runs.map((run) =>
        h('th', {class: 'number'}, h('button', {type: 'button', class: 'link', onclick: () => show(run)}, run.name),
          h('small', {}, run.info.chip.name))))),
      h('tbody', {}, ...measures.map(([name, value, text]) => {
        const first = this.runs[0].info.summary;
        return h('tr', {}, h('td', {}, name), ...this.runs.map((run, i) => {
          const {summary} = run.info;
          if (!summary) return h('td', {class: 'number'}, '–');
          const ratio = first && value(first) > 0 ? value(summary) / value(first) : NaN;
          return h('td', {class: 'number'}, text(value(summary)),
            i > 0 && Number.isFinite(ratio) && h('small', {}, `× ${ratio.toPrecision(3)}`));
        }));
      })));
  }

  private texts(): HTMLElement {
    const [first, ...others] = this.runs.filter((run) => run.info.summary?.text);
    if (!first || others.length === 0) return h('p');
    return h('div', {class: 'about'}, ...others.map((run) => {
      const [a, b] = [first.info.summary!.text, run.info.summary!.text];
      let same = 0;
      while (same < Math.min(a.length, b.length) && a[same] === b[same]) ++same;
      return h('p', {}, same === Math.min(a.length, b.length)
        ? `${run.name}: its text is that of ${first.name}, as far as both go (${count(same)} characters).`
        : `${run.name}: its text leaves that of ${first.name} after ${count(same)} characters.`);
    }));
  }

  private energy(): Option {
    const runs = [...this.runs].reverse();
    return {
      title: {show: false},
      grid: {left: 110, right: 30, top: 30, bottom: 30},
      legend: legend(),
      tooltip: {trigger: 'axis', axisPointer: {type: 'shadow'}, valueFormatter: (v: number) => si(v, 'J')},
      xAxis: axis({type: 'value', name: 'energy a token', nameLocation: 'middle', nameGap: 20,
        axisLabel: {formatter: (v: number) => si(v, 'J', 3)}}),
      yAxis: axis({type: 'category', data: runs.map((run) => run.name)}),
      series: Object.keys(componentColours).map((component) => ({
        name: component.replace('_', ' '), type: 'bar', stack: 'energy', barWidth: 16,
        itemStyle: {color: componentColours[component]},
        data: runs.map((run) => {
          const {summary} = run.info;
          if (!summary || summary.energy_j.total === 0) return 0;
          const {by_component, static: leakage, total} = summary.energy_j;
          const part = component === 'static' ? leakage : by_component[component] ?? 0;
          return (part / total) * summary.energy_j_per_token;
        }),
      })),
    };
  }

  private latency(): Option {
    const runs = [...this.runs].reverse();
    return {
      grid: {left: 110, right: 30, top: 30, bottom: 30},
      legend: legend(),
      tooltip: {trigger: 'axis', axisPointer: {type: 'shadow'}, valueFormatter: (v: number) => si(v, 's')},
      xAxis: axis({type: 'value', axisLabel: {formatter: (v: number) => si(v, 's', 3)}}),
      yAxis: axis({type: 'category', data: runs.map((run) => run.name)}),
      series: [
        {name: 'time a token', type: 'bar', itemStyle: {color: '#0072B2'},
          data: runs.map((run) => run.info.summary?.latency_s_per_token ?? 0)},
        {name: 'latency, mean', type: 'bar', itemStyle: {color: '#E69F00'},
          data: runs.map((run) => run.info.summary?.latency_s_mean ?? 0)},
      ],
    };
  }
}
