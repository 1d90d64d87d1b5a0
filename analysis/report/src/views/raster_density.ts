// SPDX-License-Identifier: Apache-2.0
import type {Run} from '../data/run';
import {rampTable} from '../theme';
import {rowsOf, type Band} from './raster_data';

/** Spikes per cell of a band: [row][pixel column]. */
export interface Cells {
  rows: number;
  counts: Float32Array;
}

/** From the counts over the whole run: coarse, but at once. */
export function coarseCells(run: Run, band: Band, from: number, to: number, width: number): Cells {
  const density = run.densities[band.population]!;
  const bins = run.info.spikes.density_bins;
  const counts = new Float32Array(density.rows * width);
  const binsPerPixel = ((to - from) / run.end) * (bins / width);
  const first = (from / run.end) * bins;
  const edges = Int32Array.from({length: width + 1}, (_, x) =>
    Math.min(bins, Math.floor(first + x * binsPerPixel)));
  for (let row = 0; row < density.rows; ++row) {
    const base = row * bins;
    for (let x = 0; x < width; ++x) {
      const low = Math.min(bins - 1, edges[x]);
      const high = Math.max(low + 1, edges[x + 1]);
      let sum = 0;
      for (let bin = low; bin < high; ++bin) sum += density.counts[base + bin];
      counts[row * width + x] = (sum * binsPerPixel) / (high - low);
    }
  }
  return {rows: density.rows, counts};
}

/** From the spikes themselves; null while some are being unpacked. */
export function exactCells(
  run: Run, band: Band, from: number, to: number, width: number, asks: boolean,
): Cells | null {
  const {size} = run.info.populations[band.population];
  const rows = Math.max(1, Math.min(size, Math.floor(band.height)));
  const counts = new Float32Array(rows * width);
  const {pieces, isWhole} = rowsOf(run, band.population, from, to, asks);
  if (!isWhole) return null;
  const scale = width / (to - from);
  const rowScale = rows / size;
  for (const {columns: [times, neurons], begin, end} of pieces) {
    for (let i = begin; i < end; ++i) {
      const x = ((times[i] - from) * scale) | 0;
      ++counts[((neurons[i] * rowScale) | 0) * width + (x < width ? x : width - 1)];
    }
  }
  return {rows, counts};
}

/** The ramp as pixels of an image. */
export function pixelTable(): Uint32Array {
  const table = rampTable();
  return Uint32Array.from({length: 256}, (_, i) =>
    (255 << 24) | (table[3 * i + 2] << 16) | (table[3 * i + 1] << 8) | table[3 * i]);
}

/** Paints cells as colours; `most` is spikes a neuron and pixel at the end of the ramp. */
export function paintCells(
  image: ImageData, band: Band, cells: Cells, size: number, most: number, scale: number,
  table: Uint32Array,
): void {
  const pixels = new Uint32Array(image.data.buffer);
  const {rows, counts} = cells;
  const top = Math.round(band.top * scale);
  const height = Math.max(1, Math.round(band.height * scale));
  const norm = rows / size / most;
  for (let y = 0; y < height; ++y) {
    const row = Math.min(rows - 1, Math.floor((y * rows) / height));
    const line = (top + y) * image.width;
    if (y > 0 && row === Math.min(rows - 1, Math.floor(((y - 1) * rows) / height))) {
      pixels.copyWithin(line, line - image.width, line);
      continue;
    }
    const first = row * image.width;
    for (let x = 0; x < image.width; ++x) {
      const count = counts[first + x];
      const share = count === 0 ? 0 : Math.sqrt(count * norm) * 255;
      pixels[line + x] = table[share > 255 ? 255 : share | 0];
    }
  }
}

/** Spikes a neuron and pixel of the fullest cells, without the few that stand out. */
export function mostOf(bands: Band[], cells: Cells[], sizes: number[]): number {
  const values: number[] = [];
  cells.forEach(({rows, counts}, i) => {
    const stride = Math.max(1, Math.floor((counts.length * bands.length) / 8000));
    for (let at = 0; at < counts.length; at += stride) {
      if (counts[at] > 0) values.push((counts[at] * rows) / sizes[i]);
    }
  });
  values.sort((a, b) => a - b);
  return values.length > 0 ? values[Math.floor(values.length * 0.99)] || values.at(-1)! : 1;
}
