// SPDX-License-Identifier: Apache-2.0
import {card, type Card} from '../card';
import {axis, Plot, type Option} from '../chart/plot';
import {csvOf} from '../export';
import {si} from '../format';
import type {Account} from '../data/payload';
import type {Selection} from '../selection';
import {colours, okabeIto} from '../theme';

const palette = [okabeIto.blue, okabeIto.orange, okabeIto.green, okabeIto.purple, okabeIto.vermillion, okabeIto.grey];

/** The accounts of energy side by side; each is only comparable with its own kind. */
export class AccountsView {
  readonly card: Card;
  private readonly plot: Plot;

  constructor(private readonly selection: Selection) {
    this.card = card('accounts', 'Accounts of energy', '', {
      png: () => this.plot.png(), svg: () => this.plot.svg(),
      csv: () => csvOf(['account', 'energy_j', 'note'], this.accounts().map((a) => [a.name, a.joules, a.note])),
    });
    this.plot = new Plot(this.card.body, 200);
    this.show();
  }

  private accounts(): Account[] {
    const {accounts, summary} = this.selection.run.info;
    if (accounts && accounts.length > 0) return accounts;
    return summary ? [{name: 'chip', joules: summary.energy_j.total, note: 'this chip: counted actions and static power'}] : [];
  }

  /** The run has changed. */
  show(): void {
    const accounts = this.accounts();
    this.card.element.hidden = accounts.length < 2;
    this.card.say('One run, several ways to count. A saving means something only between two bars of the same account.');
    this.plot.setHeight(accounts.length * 34 + 50);
    this.plot.draw(() => this.option(accounts));
  }

  private option(accounts: Account[]): Option {
    const rows = [...accounts].reverse();
    const {ink} = colours();
    return {
      grid: {left: 230, right: 100, top: 6, bottom: 32},
      tooltip: {formatter: ({dataIndex}: {dataIndex: number}) =>
        `${rows[dataIndex].name}<br><b>${si(rows[dataIndex].joules, 'J')}</b><br>${rows[dataIndex].note}`},
      xAxis: axis({type: 'value', axisLabel: {formatter: (v: number) => si(v, 'J', 3)}}),
      yAxis: axis({type: 'category', data: rows.map(({name}) => name), axisLabel: {width: 220, overflow: 'truncate', color: ink}}),
      series: [{type: 'bar', barWidth: 16,
        data: rows.map(({joules, name}) => ({value: joules, itemStyle: {color: palette[
          [...new Set(accounts.map((a) => a.name.split(':')[0]))].indexOf(name.split(':')[0]) % palette.length]}})),
        label: {show: true, position: 'right', color: ink, formatter: ({value}: {value: number}) => si(value, 'J')}}],
    };
  }
}
