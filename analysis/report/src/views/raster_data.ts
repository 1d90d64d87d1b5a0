// SPDX-License-Identifier: Apache-2.0
import type {Block} from '../data/payload';
import type {Run} from '../data/run';

/** Where a population's neurons are drawn, in pixels. */
export interface Band {
  population: number;
  top: number;
  height: number;
}

/** Bands of the populations that spike, taller for larger ones; of `only` one if it is one. */
export function bandsOf(run: Run, only: number | null, top: number, height: number): Band[] {
  const gap = 3;
  const shown = run.info.populations
    .map((_, population) => population)
    .filter((p) => run.densities[p] && (only === null || p === only));
  const weight = (p: number): number => Math.sqrt(run.info.populations[p].size);
  const sum = shown.reduce((total, p) => total + weight(p), 0);
  const room = height - gap * (shown.length - 1);
  let y = top;
  return shown.map((population) => {
    const band = {population, top: y, height: Math.max(3, (room * weight(population)) / sum)};
    y += band.height + gap;
    return band;
  });
}

function blocksIn(run: Run, population: number, from: number, to: number): Block[] {
  const spikes = run.info.spikes.populations[population];
  return spikes ? spikes.blocks.filter((block) => block[4] >= from && block[3] <= to) : [];
}

/** Spikes in a range of time, within the uncertainty of the blocks' ends. */
export function estimate(run: Run, bands: Band[], from: number, to: number): number {
  let sum = 0;
  for (const band of bands) {
    for (const [, , rows, first, last] of blocksIn(run, band.population, from, to)) {
      const overlap = Math.min(to, last) - Math.max(from, first);
      sum += last > first ? rows * (overlap / (last - first)) : rows;
    }
  }
  return sum;
}

/** Rows that must be unpacked to see the range exactly. */
export function rowsIn(run: Run, bands: Band[], from: number, to: number): number {
  let sum = 0;
  for (const band of bands) {
    for (const block of blocksIn(run, band.population, from, to)) sum += block[2];
  }
  return sum;
}

/** First row at `time` or later. */
export function lowerBound(times: Float64Array, time: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Unpacked pieces of a population's spikes in a range of time. */
export interface Rows {
  columns: Float64Array[];
  begin: number;
  end: number;
}

/** What is unpacked of a range, and whether that is all; `asks`: the rest is on its way. */
export function rowsOf(
  run: Run, population: number, from: number, to: number, asks: boolean,
): {pieces: Rows[]; isWhole: boolean} {
  const pieces: Rows[] = [];
  let isWhole = true;
  for (const block of blocksIn(run, population, from, to)) {
    const columns = run.blocks.get(block, 4, asks);
    if (!columns) {
      isWhole = false;
      continue;
    }
    const begin = lowerBound(columns[0], from);
    pieces.push({columns, begin, end: lowerBound(columns[0], to)});
  }
  return {pieces, isWhole};
}
