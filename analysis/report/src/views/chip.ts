// SPDX-License-Identifier: Apache-2.0
import {card, type Card} from '../card';
import {h} from '../dom';
import {count, si} from '../format';
import type {Selection} from '../selection';

/** What was run on what: the model's populations, and the whole chip description. */
export class ChipView {
  readonly card: Card;

  constructor(private readonly selection: Selection) {
    this.card = card('chip', 'Model and chip', '');
    this.card.body.classList.add('columns');
    this.show();
  }

  /** The run has changed. */
  show(): void {
    const {info} = this.selection.run;
    const neurons = info.populations.reduce((sum, {size}) => sum + size, 0);
    this.card.say(`Model ${info.model.path} (${info.model.identity.slice(0, 12)}…): ` +
      `${info.populations.length} populations, ${count(neurons)} neurons, T = ${info.time_steps}. ` +
      `Chip ${info.chip.name}` + (info.summary ? `: ${info.summary.neurocores} neurocores in use.` : '.'));
    this.card.body.replaceChildren(this.populations(), this.chip());
  }

  private populations(): HTMLElement {
    const {info} = this.selection.run;
    const energy = info.summary?.energy_j.by_population ?? {};
    return h('div', {class: 'scroll'}, h('table', {},
      h('thead', {}, h('tr', {}, ...['population', 'model', 'neurons', 'spikes', 'energy', 'silent'].map((name, i) =>
        h('th', {class: i > 1 ? 'number' : ''}, name)))),
      h('tbody', {}, ...info.populations.map(({name, model, size, spikes}) => h('tr', {},
        h('td', {}, name), h('td', {}, model), h('td', {class: 'number'}, count(size)),
        h('td', {class: 'number'}, spikes > 0 ? count(spikes) : '–'),
        h('td', {class: 'number'}, energy[name] === undefined ? '–' : si(energy[name], 'J', 3)),
        h('td', {class: 'number', title: 'share of neurons that never fired'},
          info.summary?.silent_fraction[name] === undefined ? '–'
            : `${(100 * info.summary.silent_fraction[name]).toFixed(0)} %`))))));
  }

  private chip(): HTMLElement {
    const {chip, summary} = this.selection.run.info;
    const assumed = summary?.assumed ?? [];
    return h('div', {},
      assumed.length > 0 && h('details', {},
        h('summary', {}, `${assumed.length} numbers of this chip are assumed (no published source)`),
        h('p', {class: 'keys'}, assumed.join(', '))),
      h('details', {open: true}, h('summary', {}, `${chip.name}: the chip description (YAML)`),
        h('pre', {tabindex: 0}, chip.yaml)));
  }
}
