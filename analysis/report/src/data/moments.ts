// SPDX-License-Identifier: Apache-2.0
import type {Tokens} from './run';

/** Rows [begin, end] of a table of moments, and what they belong to. */
export interface Moments {
  begin: number;
  end: number;
  /** Tokens [first, last] that the chip worked on; more than were asked for if they overlap. */
  first: number;
  last: number;
  /** Picoseconds that the rows cover. */
  span: number;
}

/**
 * The fewest rows that hold all of tokens [first, last]; null if there are none. Row i covers the
 * time from `times[i - 1]`, or 0, to `times[i]`.
 */
export function momentsOf(tokens: Tokens, times: Float64Array, first: number, last: number): Moments | null {
  if (times.length === 0 || last >= tokens.count) return null;
  const begin = times.findIndex((time) => time > tokens.injected[first]);
  let end = times.findIndex((time) => time >= tokens.finished[last]);
  if (begin < 0) return null;
  // What the chip still does after its last token belongs to that.
  if (end < 0 || last === tokens.count - 1) end = times.length - 1;
  const from = begin === 0 ? 0 : times[begin - 1];
  const to = times[end];
  let [least, most] = [first, last];
  while (least > 0 && tokens.finished[least - 1] > from) --least;
  while (most + 1 < tokens.count && tokens.injected[most + 1] < to) ++most;
  return {begin, end, first: least, last: most, span: to - from};
}
