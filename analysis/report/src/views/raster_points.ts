// SPDX-License-Identifier: Apache-2.0
import type {Run} from '../data/run';
import type {Range} from '../selection';
import {colours, layerColour} from '../theme';
import {rowsOf, type Band} from './raster_data';

/** A spike as it is drawn. */
export interface Dot {
  x: number;
  y: number;
  population: number;
  neuron: number;
  token: number;
  step: number;
  time: number;
}

/** Every spike of the range that is unpacked, with its place; `isWhole`: none is missing. */
export function dotsOf(
  run: Run, bands: Band[], range: Range, left: number, width: number, asks: boolean,
): {dots: Dot[]; isWhole: boolean} {
  const dots: Dot[] = [];
  let isWhole = true;
  const scale = width / (range.to - range.from);
  for (const band of bands) {
    const {size} = run.info.populations[band.population];
    const rows = rowsOf(run, band.population, range.from, range.to, asks);
    isWhole &&= rows.isWhole;
    for (const {columns: [times, neurons, tokens, steps], begin, end} of rows.pieces) {
      for (let i = begin; i < end; ++i) {
        dots.push({
          x: left + (times[i] - range.from) * scale,
          y: band.top + ((neurons[i] + 0.5) / size) * band.height,
          population: band.population, neuron: neurons[i], token: tokens[i], step: steps[i],
          time: times[i],
        });
      }
    }
  }
  return {dots, isWhole};
}

export const dotSize = (dots: number): number => (dots > 5000 ? 1.6 : dots > 1200 ? 2.4 : 3.6);

export const isOfSelection = (dot: Dot, range: Range): boolean =>
  !range.byTokens || (dot.token >= range.first && dot.token <= range.last);

/** Colour of each population's dots: its layer's. */
export function dotColours(run: Run): string[] {
  return run.info.populations.map(({layer}) =>
    layerColour(layer, run.info.steps.layers.indexOf(layer)));
}

export function paintDots(
  context: CanvasRenderingContext2D, run: Run, dots: Dot[], range: Range,
): void {
  const size = dotSize(dots.length);
  const palette = dotColours(run);
  for (const isFront of [false, true]) {
    context.globalAlpha = isFront ? 1 : 0.35;
    for (const dot of dots) {
      if (isOfSelection(dot, range) !== isFront) continue;
      context.fillStyle = isFront ? palette[dot.population] : colours().muted;
      context.fillRect(dot.x - size / 2, dot.y - size / 2, size, size);
    }
  }
  context.globalAlpha = 1;
}

/** The dot nearest to a place, within eight pixels. */
export function nearestDot(dots: Dot[], x: number, y: number): Dot | null {
  let [best, distance] = [null as Dot | null, 64];
  for (const dot of dots) {
    const d = (dot.x - x) ** 2 + (dot.y - y) ** 2;
    if (d < distance) [best, distance] = [dot, d];
  }
  return best;
}
