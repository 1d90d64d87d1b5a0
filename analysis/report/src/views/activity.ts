// SPDX-License-Identifier: Apache-2.0
import {card, choice, type Card} from '../card';
import type {Run} from '../data/run';
import {axis, legend, Plot, type Option} from '../chart/plot';
import {csvOf} from '../export';
import {percent} from '../format';
import type {Selection} from '../selection';
import {colours, okabeIto} from '../theme';

const mostColumns = 300;

/** Firing rate of every spiking population: over the tokens, and in the selection. */
export class ActivityView {
  readonly card: Card;
  private readonly map: Plot;
  private readonly bars: Plot;
  private shows: 'rate' | 'sparsity' = 'rate';

  constructor(private readonly selection: Selection) {
    this.card = card('activity', 'Firing rate and sparsity', '', {
      png: () => this.map.png(), svg: () => this.map.svg(), csv: () => this.csv(),
    });
    this.card.body.classList.add('columns');
    this.card.tools.append(choice('Show', [['rate', 'firing rate'], ['sparsity', 'sparsity']], (value) => {
      this.shows = value as 'rate' | 'sparsity';
      this.update();
    }));
    this.map = new Plot(this.card.body, 400);
    this.bars = new Plot(this.card.body, 400);
    this.map.onClick(({dataIndex}) => {
      const [column] = this.cells()[dataIndex];
      const width = this.columnWidth();
      selection.selectTokens(column * width, column * width + width - 1);
    });
    selection.onSettled(() => this.update());
    this.update();
  }

  update(): void {
    const {run} = this.selection;
    this.card.element.hidden = run.tokens.count === 0 || this.populations(run).length === 0;
    const height = Math.max(220, this.populations(run).length * 15 + 70);
    this.map.setHeight(height);
    this.bars.setHeight(height);
    this.card.say(this.shows === 'rate'
      ? 'Spikes per neuron and time step. Left over the tokens, right in the selection against the whole run.'
      : 'Share of neuron steps without a spike. Left over the tokens, right in the selection against the whole run.');
    this.map.draw(() => this.mapOption());
    this.bars.draw(() => this.barOption());
    const {first, last} = this.selection.range;
    this.card.element.dataset.tokens = `${first}-${last}`;
  }

  /** Those that spike, the last one first because charts grow upwards. */
  private populations(run: Run): number[] {
    return run.info.populations.map((_, i) => i)
      .filter((i) => run.info.spikes.populations[i] !== null || run.info.summary?.rate[run.info.populations[i].name] !== undefined)
      .reverse();
  }

  private value(rate: number): number {
    return this.shows === 'rate' ? rate : 1 - rate;
  }

  /** In tokens [first, last]. */
  private rateIn(population: number, first: number, last: number): number {
    const {run} = this.selection;
    const {size} = run.info.populations[population];
    const spikes = run.spikesIn(run.slicesOf(population), first, last);
    return spikes / (size * run.info.time_steps * (last - first + 1));
  }

  private columnWidth(): number {
    return Math.max(1, Math.ceil(this.selection.run.tokens.count / mostColumns));
  }

  private cells(): [number, number, number][] {
    const {run} = this.selection;
    const width = this.columnWidth();
    const cells: [number, number, number][] = [];
    for (let column = 0; column * width < run.tokens.count; ++column) {
      const last = Math.min(run.tokens.count, (column + 1) * width) - 1;
      this.populations(run).forEach((population, row) =>
        cells.push([column, row, this.value(this.rateIn(population, column * width, last))]));
    }
    return cells;
  }

  private mapOption(): Option {
    const {run, range, isWhole} = this.selection;
    const {ramp, muted} = colours();
    const cells = this.cells();
    const width = this.columnWidth();
    const isOut = (column: number): boolean => !isWhole &&
      (column < Math.floor(range.first / width) || column > Math.floor(range.last / width));
    const low = cells.reduce((least, [, , value]) => Math.min(least, value), 1);
    const high = cells.reduce((most, [, , value]) => Math.max(most, value), 0.001);
    const columns = Math.ceil(run.tokens.count / width);
    return {
      grid: {left: 160, right: 12, top: 8, bottom: 62},
      tooltip: {formatter: ({value: [column, row, value]}: {value: [number, number, number]}) =>
        `${run.info.populations[this.populations(run)[row]].name}<br>${width === 1 ? `${run.unit} ${column}`
          : `tokens ${column * width} to ${Math.min(run.tokens.count, (column + 1) * width) - 1}`}: <b>${percent(value)}</b>`},
      xAxis: axis({type: 'category', data: Array.from({length: columns}, (_, i) => String(i * width)),
        name: run.unit, nameLocation: 'middle', nameGap: 22}),
      yAxis: axis({type: 'category', axisLabel: {interval: 0, fontSize: 10.5},
        data: this.populations(run).map((i) => run.info.populations[i].name)}),
      visualMap: {
        type: 'continuous', orient: 'horizontal', left: 'center', bottom: 0, itemWidth: 10, itemHeight: 160,
        min: low, max: high, calculable: false, text: [percent(high, 0), percent(low, 0)],
        textStyle: {color: muted, fontSize: 11},
        inRange: {color: ramp.map(([r, g, b]) => `rgb(${r},${g},${b})`)},
      },
      series: [{type: 'heatmap', progressive: 0,
        data: cells.map((value) => ({value, itemStyle: {opacity: isOut(value[0]) ? 0.3 : 1}}))}],
    };
  }

  private barOption(): Option {
    const {run, range} = this.selection;
    const rows = this.populations(run);
    const {muted} = colours();
    const whole = rows.map((i) => this.value(run.info.summary?.rate[run.info.populations[i].name] ??
      this.rateIn(i, 0, run.tokens.count - 1)));
    const now = rows.map((i) => this.value(this.rateIn(i, range.first, range.last)));
    return {
      grid: {left: 12, right: 24, top: 8, bottom: 62},
      legend: legend({data: ['selection', 'whole run'], top: undefined, bottom: 4, left: 'center'}),
      tooltip: {trigger: 'axis', axisPointer: {type: 'shadow'},
        formatter: (items: {name: string; marker: string; seriesName: string; value: number}[]) =>
          [items[0].name, ...items.map((i) => `${i.marker}${i.seriesName} <b>${percent(i.value, 2)}</b>`)].join('<br>')},
      xAxis: axis({type: 'value', axisLabel: {formatter: (v: number) => percent(v, 0)},
        min: this.shows === 'rate' ? 0 : 'dataMin'}),
      yAxis: axis({type: 'category', data: rows.map((i) => run.info.populations[i].name), axisLabel: {show: false}}),
      series: [
        {name: 'selection', type: 'bar', data: now, barWidth: 6, itemStyle: {color: okabeIto.orange}},
        {name: 'whole run', type: 'bar', data: whole, barWidth: 3, barGap: '10%', itemStyle: {color: muted}},
      ],
    };
  }

  private csv(): string {
    const {run} = this.selection;
    const rows = this.populations(run).reverse();
    return csvOf(['token', ...rows.map((i) => `${run.info.populations[i].name}_rate`)],
      Array.from({length: run.tokens.count}, (_, token) =>
        [token, ...rows.map((i) => this.rateIn(i, token, token))]));
  }
}
