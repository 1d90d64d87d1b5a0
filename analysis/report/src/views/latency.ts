// SPDX-License-Identifier: Apache-2.0
import {card, type Card} from '../card';
import {axis, legend, Plot, type Option} from '../chart/plot';
import {csvOf} from '../export';
import {time, visible} from '../format';
import type {Run} from '../data/run';
import type {Selection} from '../selection';
import {colours, layerColour} from '../theme';

/** More tokens than these share a bar, which is their mean. */
const mostBars = 640;

/** Where each token's latency went: its critical path, layer by layer. */
export class LatencyView {
  readonly card: Card;
  private readonly plot: Plot;
  private shares: Float64Array[] = [];
  private loaded: Run | null = null; // whose shares these are
  private span: [first: number, last: number] = [0, 0];

  constructor(private readonly selection: Selection) {
    this.card = card('latency', 'Latency', '', {
      png: () => this.plot.png(), svg: () => this.plot.svg(), csv: () => this.csv(),
    });
    this.plot = new Plot(this.card.body, 300);
    this.plot.onClick(({dataIndex}) => {
      const token = this.span[0] + dataIndex * this.perBar;
      selection.selectTokens(token, token + this.perBar - 1);
    });
    selection.onSettled(() => this.update());
    void this.show();
  }

  /** The run has changed. */
  async show(): Promise<void> {
    const {run} = this.selection;
    this.card.element.hidden = run.tokens.count === 0;
    const shares = await run.pathShares();
    if (this.selection.run !== run) return;
    [this.shares, this.loaded] = [shares, run];
    this.update();
  }

  private update(): void {
    const {run, range, isWhole} = this.selection;
    const last = run.tokens.count - 1;
    if (last < 0 || this.loaded !== run) return;
    // A few tokens are shown among their neighbours.
    const around = isWhole ? 0 : Math.max(0, 20 - (range.last - range.first));
    this.span = [Math.max(0, range.first - around), Math.min(last, range.last + around)];
    this.card.element.dataset.first = String(this.span[0]);
    this.card.element.dataset.last = String(this.span[1]);
    const hasPath = run.info.steps.critical_path.length > 0;
    const way = `Each ${run.unit} from its first spike to ${run.hasText ? 'its logits' : 'its end'}`;
    this.card.say(hasPath
      ? `${way}, by the layers on the critical path: the chain of steps that each waited for the one ` +
        `before. Click a ${run.unit} to select it.`
      : `${way}. The recording holds no projections, so no critical path.`);
    this.plot.draw(() => this.option(hasPath));
  }

  private get perBar(): number {
    return Math.ceil((this.span[1] - this.span[0] + 1) / mostBars);
  }

  /** The first token of each bar. */
  private tokens(): number[] {
    const bars = Math.ceil((this.span[1] - this.span[0] + 1) / this.perBar);
    return Array.from({length: bars}, (_, i) => this.span[0] + i * this.perBar);
  }

  /** Mean over the tokens of a bar, in microseconds. */
  private mean(first: number, value: (token: number) => number): number {
    const end = Math.min(this.span[1] + 1, first + this.perBar);
    let sum = 0;
    for (let token = first; token < end; ++token) sum += value(token);
    return sum / (end - first) / 1e6;
  }

  private series(hasPath: boolean): object[] {
    const {run, range, isWhole} = this.selection;
    const tokens = this.tokens();
    const shape = (name: string, color: string, value: (token: number) => number): object => ({
      name, type: 'bar', stack: 'latency', barCategoryGap: tokens.length > 200 ? '0%' : '12%',
      itemStyle: {color}, data: tokens.map((token) => this.mean(token, value)),
    });
    const {selection, muted} = colours();
    const {layers} = run.info.steps;
    const parts = hasPath
      ? layers.map((layer, i) => shape(layer, layerColour(layer, i),
          (token) => this.shares[i][token]))
      : [shape('latency', selection, (token) => run.latency(token))];
    if (hasPath) {
      parts.push(shape('to the host', muted, (token) =>
        run.latency(token) - this.shares.reduce((sum, share) => sum + share[token], 0)));
    }
    if (!isWhole) {
      const bar = (token: number): string =>
        String(tokens[Math.max(0, Math.floor((token - this.span[0]) / this.perBar))]);
      Object.assign(parts[0], {markArea: {silent: true, itemStyle: {color: `${selection}22`},
        data: [[{xAxis: bar(range.first)}, {xAxis: bar(range.last)}]]}});
    }
    return parts;
  }

  private option(hasPath: boolean): Option {
    const {run, range, isWhole} = this.selection;
    const {ink, selection, muted} = colours();
    const characterOf = new Map(run.characters.map(({token, character}) => [token, visible(character)]));
    const tokens = this.tokens();
    return {
      grid: {left: 60, right: 16, top: 62, bottom: 40},
      legend: legend(),
      tooltip: {
        trigger: 'axis', axisPointer: {type: 'shadow'},
        formatter: (items: {axisValue: string; value: number; marker: string; seriesName: string}[]) => {
          const token = Number(items[0].axisValue);
          const lines = items.filter(({value}) => value > 0).sort((a, b) => b.value - a.value).slice(0, 8)
            .map(({marker, seriesName, value}) => `${marker}${seriesName} <b>${time(value * 1e6)}</b>`);
          const whole = this.mean(token, (t) => run.latency(t)) * 1e6;
          return [this.perBar > 1 ? `${run.unit}s ${token} to ${token + this.perBar - 1}, mean <b>${time(whole)}</b>`
            : `${run.unit} ${token} ${characterOf.get(token) ?? ''} <b>${time(whole)}</b>`,
            ...lines].join('<br>');
        },
      },
      xAxis: axis({type: 'category', data: tokens.map(String), name: run.unit, nameLocation: 'middle',
        nameGap: 26,
        axisLabel: {formatter: (value: string) => tokens.length <= 60
          ? `{${!isWhole && Number(value) >= range.first && Number(value) <= range.last ? 'in' : 'out'}|${
            characterOf.get(Number(value)) ?? value}}` : value,
        interval: tokens.length <= 60 ? 0 : 'auto',
        rich: {in: {color: selection, fontWeight: 'bold', fontSize: 13}, out: {color: muted}}}}),
      yAxis: axis({type: 'value', name: 'µs', nameTextStyle: {color: muted, align: 'right'}}),
      textStyle: {color: ink},
      series: this.series(hasPath),
    };
  }

  private csv(): string {
    const {run} = this.selection;
    const {layers} = run.info.steps;
    return csvOf(['token', 'latency_ps', ...layers.map((layer) => `${layer}_on_critical_path_ps`)],
      Array.from({length: run.tokens.count}, (_, token) =>
        [token, run.latency(token), ...this.shares.map((share) => share[token])]));
  }
}
