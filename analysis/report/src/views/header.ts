// SPDX-License-Identifier: Apache-2.0
import {h} from '../dom';
import {count, percent, si} from '../format';
import type {Run} from '../data/run';

function tile(label: string, value: string, about: string): HTMLElement {
  return h('div', {class: 'tile', title: about}, h('dt', {}, label), h('dd', {}, value));
}

/** The run in eight numbers, those of `run --json`. */
export function keyFigures(run: Run): HTMLElement {
  const {summary} = run.info;
  if (!summary) return h('p', {class: 'note'}, 'No totals: the run was killed before it wrote them.');
  const rates = Object.values(summary.rate);
  const mean = rates.reduce((a, b) => a + b, 0) / Math.max(1, rates.length);
  return h('dl', {class: 'tiles'},
    tile(`energy a ${run.unit}`, si(summary.energy_j_per_token, 'J'),
      `energy_j_per_token: all ${si(summary.energy_j.total, 'J')} (chip account) by the tokens that were run`),
    tile(`time a ${run.unit}`, si(summary.latency_s_per_token, 's'),
      'latency_s_per_token: simulated time by tokens; tokens of a prompt overlap'),
    tile('latency', si(summary.latency_s_mean, 's'),
      `latency_s_mean: from injection to logits; longest ${si(summary.latency_s_longest, 's')}`),
    tile('simulated time', si(summary.simulated_s, 's'), 'simulated_s: first injection to last logits'),
    tile('spikes', count(summary.spikes), 'spikes, inputs included'),
    tile('packets', count(summary.packets), `packets, ${count(summary.hops)} hops`),
    tile('synaptic operations', si(summary.synaptic_operations, '').trim(), count(summary.synaptic_operations)),
    tile('firing rate', percent(mean), 'spikes per neuron and time step, mean of the populations'));
}

/** What a reader must know first. */
export function noteList(run: Run): HTMLElement {
  return h('div', {class: 'notes', role: 'note', hidden: run.info.notes.length === 0},
    ...run.info.notes.map((note) => h('p', {}, note)));
}
