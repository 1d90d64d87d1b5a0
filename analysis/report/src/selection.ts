// SPDX-License-Identifier: Apache-2.0
import type {Run} from './data/run';

/** What all views show: a range of time, and the tokens [first, last] that it belongs to. */
export interface Range {
  from: number;
  to: number;
  first: number;
  last: number;
  /** Chosen by tokens (false: by time, so tokens are those that overlap it). */
  byTokens: boolean;
}

type Listener = (range: Range, run: Run) => void;

/** The shortest range of time to zoom to, in picoseconds. */
const shortest = 2000;
/** Milliseconds without a change after which the selection has settled. */
const settlingTime = 120;

/** The one selection that links the views, of the run that is shown. */
export class Selection {
  private range_!: Range;
  private readonly listeners = new Set<Listener>();
  private readonly settled = new Set<Listener>();
  private timer = 0;
  private changed = -Infinity;
  private lastSet = -Infinity;

  constructor(private run_: Run) {
    this.range_ = this.whole();
  }

  get run(): Run {
    return this.run_;
  }
  get range(): Range {
    return this.range_;
  }
  /** During a drag or a zoom, when nothing should be begun that takes long. */
  get isMoving(): boolean {
    return performance.now() - this.changed < settlingTime;
  }
  get isWhole(): boolean {
    return this.range_.from <= 0 && this.range_.to >= this.run_.end;
  }

  /** `listener` hears of every change, also during a drag. */
  onChange(listener: Listener): void {
    this.listeners.add(listener);
  }
  /** `listener` hears of a change when it has settled: for views that take longer to draw. */
  onSettled(listener: Listener): void {
    this.settled.add(listener);
  }

  /** Views are to be told of the new run before `reset` tells of its range. */
  show(run: Run): void {
    this.run_ = run;
    this.range_ = this.whole();
  }
  reset(): void {
    this.set(this.whole());
  }

  selectTokens(first: number, last: number): void {
    const {tokens} = this.run_;
    if (tokens.count === 0) return;
    const limit = (token: number): number => Math.max(0, Math.min(tokens.count - 1, token));
    const [a, b] = [limit(Math.min(first, last)), limit(Math.max(first, last))];
    let [from, to] = [Infinity, 0];
    for (let token = a; token <= b; ++token) {
      from = Math.min(from, tokens.injected[token]);
      to = Math.max(to, tokens.finished[token]);
    }
    this.set({from, to, first: a, last: b, byTokens: true});
  }

  selectTime(from: number, to: number): void {
    const {end} = this.run_;
    const span = Math.min(end, Math.max(shortest, to - from));
    const start = Math.max(0, Math.min(end - span, from));
    this.set({from: start, to: start + span, ...this.tokensIn(start, start + span), byTokens: false});
  }

  /** To the token before or after; `extends_`: the selection grows by it. */
  move(by: number, extends_: boolean): void {
    const {first, last} = this.range_;
    if (extends_) this.selectTokens(by < 0 ? first + by : first, by < 0 ? last : last + by);
    else if (this.isWhole) this.selectTokens(by < 0 ? last : 0, by < 0 ? last : 0);
    else this.selectTokens((by < 0 ? first : last) + by, (by < 0 ? first : last) + by);
  }

  zoom(factor: number, at = (this.range_.from + this.range_.to) / 2): void {
    const {from, to} = this.range_;
    this.selectTime(at - (at - from) * factor, at + (to - at) * factor);
  }

  pan(share: number): void {
    const {from, to} = this.range_;
    const shift = (to - from) * share;
    const limited = Math.max(-from, Math.min(this.run_.end - to, shift));
    this.selectTime(from + limited, to + limited);
  }

  private whole(): Range {
    const last = Math.max(0, this.run_.tokens.count - 1);
    return {from: 0, to: this.run_.end, first: 0, last, byTokens: false};
  }

  private tokensIn(from: number, to: number): {first: number; last: number} {
    const {tokens} = this.run_;
    let [first, last] = [-1, -1];
    for (let token = 0; token < tokens.count; ++token) {
      if (tokens.finished[token] < from || tokens.injected[token] > to) continue;
      if (first < 0) first = token;
      last = token;
    }
    if (first < 0) return {first: 0, last: Math.max(0, tokens.count - 1)};
    return {first, last};
  }

  private set(range: Range): void {
    // A single step is no movement; a second one soon after it is.
    if (performance.now() - this.lastSet < settlingTime) this.changed = performance.now();
    this.lastSet = performance.now();
    this.range_ = range;
    this.listeners.forEach((listener) => listener(range, this.run_));
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(
      () => this.settled.forEach((listener) => listener(this.range_, this.run_)), settlingTime);
  }
}
