// SPDX-License-Identifier: Apache-2.0
import type {Payload} from './payload';

/** Energy between tokens, in joules [layer][action], and what it belongs to. */
export interface LayerEnergy {
  /** Tokens [first, last] that the chip worked on; more than were asked for if they overlap. */
  first: number;
  last: number;
  /** Picoseconds from the first token's start to the last one's end. */
  span: number;
  joules: number[][];
}

/** Counts of actions noted whenever a token was handed in: energy of tokens, not of the whole run. */
export class LayerActions {
  /** `columns`: tokens, time, then the counts of each layer's actions. */
  constructor(
    private readonly info: Payload,
    private readonly columns: Float64Array[],
  ) {}

  /** The energy of the fewest rows that hold tokens [first, last]; null if there are none. */
  of(first: number, last: number): LayerEnergy | null {
    const [tokens, times] = this.columns;
    const begin = tokens.findIndex((until) => until > first);
    let end = tokens.findIndex((until) => until > last);
    if (begin < 0) return null;
    if (end < 0) end = tokens.length - 1;
    const {energy, layer_actions: table} = this.info;
    const actions = energy!.actions.length;
    const joules = energy!.layers.map((layer) => {
      const row = table!.layers.indexOf(layer);
      return energy!.actions.map(({price_aj}, action) => {
        const counts = this.columns[2 + row * actions + action];
        let sum = 0;
        for (let i = begin; row >= 0 && i <= end; ++i) sum += counts[i];
        return sum * price_aj * 1e-18;
      });
    });
    return {
      first: begin === 0 ? 0 : tokens[begin - 1], last: tokens[end] - 1,
      span: times[end] - (begin === 0 ? 0 : times[begin - 1]), joules,
    };
  }
}
