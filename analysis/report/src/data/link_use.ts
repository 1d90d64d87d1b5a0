// SPDX-License-Identifier: Apache-2.0
import {momentsOf, type Moments} from './moments';
import type {Tokens} from './run';

/** What every link carried between tokens. */
export interface LinkWindow extends Moments {
  bits: Float64Array;
  busy: Float64Array;
}

/** Bits and busy time of links noted whenever a token came or went. */
export class LinkUse {
  private cached: {first: number; last: number; window: LinkWindow | null} | null = null;

  /** `columns`: time, then the bits of each link, then the picoseconds it was busy. */
  constructor(
    private readonly tokens: Tokens,
    private readonly columns: Float64Array[],
  ) {}

  /** The sums of the fewest rows that hold tokens [first, last]; null if there are none. */
  of(first: number, last: number): LinkWindow | null {
    if (this.cached?.first !== first || this.cached.last !== last) {
      this.cached = {first, last, window: this.sum(first, last)};
    }
    return this.cached.window;
  }

  private sum(first: number, last: number): LinkWindow | null {
    const moments = momentsOf(this.tokens, this.columns[0], first, last);
    if (!moments) return null;
    const links = (this.columns.length - 1) / 2;
    const of = (column: number): number => {
      let sum = 0;
      for (let i = moments.begin; i <= moments.end; ++i) sum += this.columns[column][i];
      return sum;
    };
    return {
      ...moments,
      bits: Float64Array.from({length: links}, (_, link) => of(1 + link)),
      busy: Float64Array.from({length: links}, (_, link) => of(1 + links + link)),
    };
  }
}
