// SPDX-License-Identifier: Apache-2.0
import {card, type Card} from '../card';
import {axis, Plot, type Option} from '../chart/plot';
import type {Run} from '../data/run';
import {csvOf} from '../export';
import {si} from '../format';
import type {Selection} from '../selection';
import {colours, okabeIto} from '../theme';

interface Account {
  account: string;
  name: string;
  joules: number;
  note: string;
}

function accountsOf(run: Run): Account[] {
  const energy = run.info.summary?.energy_j;
  if (!energy) return [];
  const accounts: Account[] = [{account: 'chip', name: 'spiking, on this chip', joules: energy.total,
    note: 'counted actions at the chip’s prices, and static power'}];
  for (const twin of run.info.twins) {
    accounts.push({account: 'chip', joules: twin.energy_j.total,
      name: twin.kind === 'twin' ? `quantised twin, ${twin.activation_bits} bit` : `artificial twin, ${twin.activation_bits} bit`,
      note: `dense, on the same chip; its function is not that of the run; latency ${si(twin.latency_s_mean, 's')} a token`});
  }
  const {arithmetic} = energy;
  if (!arithmetic) return accounts;
  const note = 'matrix products only: 0.9 pJ an addition, 4.6 pJ a multiply-accumulate; no memory, no network';
  accounts.push(
    {account: 'arithmetic', name: 'spiking', joules: arithmetic.spiking, note},
    {account: 'arithmetic', name: 'artificial, as published', joules: arithmetic.artificial_as_published, note},
    {account: 'arithmetic', name: 'artificial, corrected', joules: arithmetic.artificial_corrected, note});
  return accounts;
}

const accountColours: Record<string, string> = {
  chip: okabeIto.blue, arithmetic: okabeIto.orange,
};

/** The accounts of energy side by side; a bar is only comparable with those of its account. */
export class AccountsView {
  readonly card: Card;
  private readonly plot: Plot;

  constructor(private readonly selection: Selection) {
    this.card = card('accounts', 'Accounts of energy', '', {
      png: () => this.plot.png(), svg: () => this.plot.svg(),
      csv: () => csvOf(['account', 'of', 'energy_j', 'note'],
        accountsOf(selection.run).map((a) => [a.account, a.name, a.joules, a.note])),
    });
    this.plot = new Plot(this.card.body, 200);
    this.show();
  }

  /** The run has changed. */
  show(): void {
    const accounts = accountsOf(this.selection.run);
    this.card.element.hidden = accounts.length < 2;
    this.card.say('One run, counted in different ways. A saving means something only between bars of one account.');
    this.plot.setHeight(accounts.length * 30 + 44);
    this.plot.draw(() => this.option(accounts));
  }

  private option(accounts: Account[]): Option {
    const rows = [...accounts].reverse();
    const {ink} = colours();
    return {
      grid: {left: 230, right: 100, top: 4, bottom: 30},
      tooltip: {formatter: ({dataIndex: i}: {dataIndex: number}) =>
        `${rows[i].account}: ${rows[i].name}<br><b>${si(rows[i].joules, 'J')}</b><br>${rows[i].note}`},
      xAxis: axis({type: 'value', axisLabel: {formatter: (v: number) => si(v, 'J', 3)}}),
      yAxis: axis({type: 'category', axisLabel: {color: ink},
        data: rows.map(({account, name}) => `${account}: ${name}`)}),
      series: [{type: 'bar', barWidth: 15,
        data: rows.map(({joules, account}) => ({value: joules, itemStyle: {color: accountColours[account]}})),
        label: {show: true, position: 'right', color: ink,
          formatter: ({value}: {value: number}) => si(value, 'J')}}],
    };
  }
}
