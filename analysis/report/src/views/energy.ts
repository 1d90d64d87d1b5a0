// SPDX-License-Identifier: Apache-2.0
import {card, choice, type Card} from '../card';
import {axis, Plot, type Option} from '../chart/plot';
import {h} from '../dom';
import {csvOf} from '../export';
import {count, percent, si} from '../format';
import type {LayerEnergy} from '../data/layer_energy';
import type {Selection} from '../selection';
import {colours, componentColours, layerColour} from '../theme';

type Shape = 'bars' | 'sankey' | 'actions';

/** Energy of the run in the chip account: by layer and component, by action, and as flows. */
export class EnergyView {
  readonly card: Card;
  private readonly plot: Plot;
  private readonly sums = h('div', {class: 'sums'});
  private shape: Shape = 'bars';
  private joules: number[][] = []; // [layer][action] of what is shown

  constructor(private readonly selection: Selection) {
    this.card = card('energy', 'Energy', '', {
      png: () => this.plot.png(), svg: () => this.plot.svg(), csv: () => this.csv(),
    });
    this.card.tools.append(choice('Show', [['bars', 'by layer and component'], ['actions', 'by action'],
      ['sankey', 'flow: component → action → layer']], (value) => {
      this.shape = value as Shape;
      this.show();
    }));
    this.card.body.append(this.sums);
    this.plot = new Plot(this.card.body, 380);
    selection.onSettled(() => this.show());
    this.show();
  }

  /** The run, the selection or the shape has changed. */
  show(): void {
    const {summary, energy} = this.selection.run.info;
    this.card.element.hidden = !summary || !energy;
    if (!summary || !energy) return;
    const part = this.selected();
    this.joules = part?.joules ?? energy.joules;
    this.card.element.dataset.tokens = part ? `${part.first}-${part.last}` : 'all';
    const sums = this.componentSums(part);
    const total = Object.values(sums).reduce((a, b) => a + b, 0);
    this.card.element.dataset.joules = String(total);
    this.card.say(`${this.whatIsShown(part)}: ${si(total, 'J')}. Every counted action at its price in the chip ` +
      'description, and static power by time.');
    this.sums.replaceChildren(...Object.entries(sums).map(([name, joules]) =>
      h('div', {class: 'sum'}, h('i', {style: `background:${componentColours[name] ?? componentColours.static}`}),
        h('span', {}, name.replace('_', ' ')), h('b', {}, si(joules, 'J')),
        h('small', {}, total > 0 ? percent(joules / total) : ''))));
    const rows = energy.layers.length;
    this.plot.setHeight(this.shape === 'sankey' ? 520 : Math.max(260, rows * 22 + 60));
    this.plot.draw(() => this.option());
  }

  /** Null: the whole run is shown, by choice or because nothing else was recorded. */
  private selected(): LayerEnergy | null {
    const {run, range, isWhole} = this.selection;
    return isWhole || run.tokens.count === 0 ? null : run.layerActions?.of(range.first, range.last) ?? null;
  }

  private whatIsShown(part: LayerEnergy | null): string {
    const {range, isWhole} = this.selection;
    if (!part) return isWhole ? 'Whole run' : 'Whole run (energy of single tokens was not recorded)';
    const tokens = part.first === part.last ? `Token ${part.first}` : `Tokens ${part.first} to ${part.last}`;
    const isMore = part.first < range.first || part.last > range.last;
    return isMore ? `${tokens}, which the chip worked on together` : tokens;
  }

  private componentSums(part: LayerEnergy | null): Record<string, number> {
    const {summary, energy} = this.selection.run.info;
    const {by_component, static: leakage} = summary!.energy_j;
    if (!part) return {...by_component, static: leakage};
    const sums = Object.fromEntries(Object.keys(by_component).map((name) => [name, 0]));
    energy!.actions.forEach(({component}, i) => part.joules.forEach((row) => (sums[component] += row[i])));
    return {...sums, static: leakage * (part.span / (summary!.simulated_s * 1e12))};
  }

  private option(): Option {
    if (this.shape === 'sankey') return this.sankey();
    return this.shape === 'actions' ? this.actions() : this.bars();
  }

  private table(): {layers: string[]; actions: {name: string; component: string; price_aj: number; count: number}[]; joules: number[][]} {
    return {...this.selection.run.info.energy!, joules: this.joules};
  }

  private bars(): Option {
    const {layers, actions, joules} = this.table();
    const components = [...new Set(actions.map(({component}) => component))];
    const order = layers.map((_, i) => i).reverse();
    return {
      grid: {left: 130, right: 30, top: 8, bottom: 34},
      tooltip: {trigger: 'axis', axisPointer: {type: 'shadow'},
        formatter: (items: {name: string; marker: string; seriesName: string; value: number}[]) =>
          [`${items[0].name} <b>${si(items.reduce((sum, i) => sum + i.value, 0), 'J')}</b>`,
            ...items.filter((i) => i.value > 0).map((i) => `${i.marker}${i.seriesName} <b>${si(i.value, 'J')}</b>`)].join('<br>')},
      xAxis: axis({type: 'value', axisLabel: {formatter: (v: number) => si(v, 'J', 3)}}),
      yAxis: axis({type: 'category', data: order.map((i) => layers[i])}),
      series: components.map((component) => ({
        name: component.replace('_', ' '), type: 'bar', stack: 'energy', barCategoryGap: '25%',
        itemStyle: {color: componentColours[component]},
        data: order.map((layer) => actions.reduce((sum, action, i) =>
          action.component === component ? sum + joules[layer][i] : sum, 0)),
      })),
    };
  }

  private actions(): Option {
    const {actions, joules} = this.table();
    const rows = actions.map((action, i) => ({...action, joules: joules.reduce((sum, row) => sum + row[i], 0)}))
      .map((row) => ({...row, count: row.price_aj > 0 ? Math.round(row.joules / (row.price_aj * 1e-18)) : row.count}))
      .filter((row) => row.joules > 0).sort((a, b) => a.joules - b.joules);
    const {muted} = colours();
    return {
      grid: {left: 170, right: 90, top: 8, bottom: 34},
      tooltip: {formatter: ({dataIndex}: {dataIndex: number}) => {
        const row = rows[dataIndex];
        return `${row.name} (${row.component.replace('_', ' ')})<br><b>${si(row.joules, 'J')}</b><br>` +
          `${count(row.count)} × ${si(row.price_aj * 1e-18, 'J')}`;
      }},
      xAxis: axis({type: 'value', axisLabel: {formatter: (v: number) => si(v, 'J', 3)}}),
      yAxis: axis({type: 'category', data: rows.map(({name}) => name), axisLabel: {interval: 0}}),
      series: [{type: 'bar', data: rows.map(({joules, component}) =>
        ({value: joules, itemStyle: {color: componentColours[component]}})),
        label: {show: true, position: 'right', color: muted,
          formatter: ({value}: {value: number}) => si(value, 'J', 3)}}],
    };
  }

  private sankey(): Option {
    const {layers, actions, joules} = this.table();
    const links: {source: string; target: string; value: number}[] = [];
    const used = new Map<string, string>();
    actions.forEach(({name, component}, i) => {
      const total = joules.reduce((sum, row) => sum + row[i], 0);
      if (total <= 0) return;
      used.set(component.replace('_', ' '), componentColours[component]);
      used.set(name, componentColours[component]);
      links.push({source: component.replace('_', ' '), target: name, value: total});
      layers.forEach((layer, row) => {
        if (joules[row][i] <= 0) return;
        used.set(` ${layer}`, layerColour(layer, row));
        links.push({source: name, target: ` ${layer}`, value: joules[row][i]});
      });
    });
    const {ink} = colours();
    return {
      tooltip: {formatter: ({name, value, data}: {name: string; value: number; data: {source?: string; target?: string}}) =>
        `${data.source ? `${data.source} → ${data.target}` : name}<br><b>${si(value, 'J')}</b>`},
      series: [{
        type: 'sankey', left: 8, right: 130, top: 8, bottom: 8, nodeGap: 11, nodeWidth: 12,
        draggable: false, layoutIterations: 32, emphasis: {focus: 'adjacency'},
        label: {color: ink, fontSize: 11, formatter: ({name}: {name: string}) => name.trim()},
        lineStyle: {color: 'source', opacity: 0.28},
        data: [...used].map(([name, color]) => ({name, itemStyle: {color}})), links,
      }],
    };
  }

  private csv(): string {
    const {layers, actions, joules} = this.table();
    return csvOf(['layer', ...actions.map(({name}) => `${name}_j`)],
      layers.map((layer, i) => [layer, ...joules[i]]));
  }
}
