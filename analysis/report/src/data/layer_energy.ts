// SPDX-License-Identifier: Apache-2.0
import {momentsOf, type Moments} from './moments';
import type {Payload} from './payload';
import type {Tokens} from './run';

/** Energy between tokens, in joules [layer][action], and what it belongs to. */
export interface LayerEnergy extends Moments {
  joules: number[][];
}

/** Counts of actions noted whenever a token came or went: energy of tokens, not of the whole run. */
export class LayerActions {
  /** `columns`: tokens, time, then the counts of each layer's actions. */
  constructor(
    private readonly info: Payload,
    private readonly tokens: Tokens,
    private readonly columns: Float64Array[],
  ) {}

  /** The energy of the fewest rows that hold tokens [first, last]; null if there are none. */
  of(first: number, last: number): LayerEnergy | null {
    const moments = momentsOf(this.tokens, this.columns[1], first, last);
    if (!moments) return null;
    const {energy, layer_actions: table} = this.info;
    const actions = energy!.actions.length;
    const joules = energy!.layers.map((layer) => {
      const row = table!.layers.indexOf(layer);
      return energy!.actions.map(({price_aj}, action) => {
        const counts = this.columns[2 + row * actions + action];
        let sum = 0;
        for (let i = moments.begin; row >= 0 && i <= moments.end; ++i) sum += counts[i];
        return sum * price_aj * 1e-18;
      });
    });
    return {...moments, joules};
  }
}
