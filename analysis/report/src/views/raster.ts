// SPDX-License-Identifier: Apache-2.0
import {card, type Card} from '../card';
import {Canvas} from '../chart/canvas';
import {axisFont, drawTimeAxis} from '../chart/time_axis';
import {addTimeGestures, type Band as Drag} from '../chart/time_gestures';
import {escaped, h} from '../dom';
import {csvOf, pngOfCanvas} from '../export';
import {count, time, visible} from '../format';
import type {Selection} from '../selection';
import {colours} from '../theme';
import {hideTooltip, showTooltip} from '../tooltip';
import {bandsOf, estimate, rowsIn, type Band} from './raster_data';
import {coarseCells, exactCells, mostOf, paintCells, pixelTable, type Cells} from './raster_density';
import {dotColours, dotsOf, dotSize, nearestDot, paintDots, type Dot} from './raster_points';

/** Left of it the names of populations are written. */
export const gutter = 178;
const top = 20;
const axisHeight = 24;
/** More spikes than these are shown as a density. */
const mostPoints = 12000;
/** A density of more spikes than these comes from the coarse counts. */
const mostExact = 1.5e6;

/** Spikes over time, population by population: a density from far, single spikes from near. */
export class RasterView {
  readonly card: Card;
  private readonly canvas: Canvas;
  private bands: Band[] = [];
  private only: number | null = null;
  private dots: Dot[] = [];
  private drag: Drag = null;

  constructor(private readonly selection: Selection) {
    this.card = card('spikes', 'Spikes', '', {
      png: () => pngOfCanvas(this.canvas.element), svg: () => this.svg(), csv: () => this.csv(),
    });
    this.card.tools.append(
      h('button', {type: 'button', title: 'Zoom in (+)', onclick: () => selection.zoom(0.5)}, '+'),
      h('button', {type: 'button', title: 'Zoom out (−)', onclick: () => selection.zoom(2)}, '−'),
      h('button', {type: 'button', title: 'Whole run (0)', onclick: () => selection.reset()}, 'All'));
    this.canvas = new Canvas(this.card.body, 540, 'Raster of spikes over time', () => this.paint());
    this.canvas.element.id = 'raster';
    addTimeGestures(this.canvas.element, selection,
      () => ({left: gutter, width: this.plotWidth}), (drag) => {
        this.drag = drag;
        this.canvas.redraw();
      });
    this.canvas.element.addEventListener('pointermove', (event) => this.hover(event));
    this.canvas.element.addEventListener('pointerleave', hideTooltip);
    this.canvas.element.addEventListener('click', (event) => this.focusBand(event));
    selection.onChange(() => this.canvas.redraw());
    selection.onSettled(() => this.canvas.redraw());
  }

  /** New blocks have come. */
  redraw(): void {
    this.canvas.redraw();
  }
  forgetFocus(): void {
    this.only = null;
  }

  private get plotWidth(): number {
    return this.canvas.width - gutter - 8;
  }

  private paint(): void {
    const {run, range} = this.selection;
    const {context, height} = this.canvas;
    this.bands = bandsOf(run, this.only, top, height - top - axisHeight);
    const about = estimate(run, this.bands, range.from, range.to);
    const bottom = height - axisHeight;
    drawTimeAxis(context, range.from, range.to, gutter, this.plotWidth, top, bottom);
    // Until all spikes are unpacked, what is near is seen as from far.
    const isNear = about <= mostPoints && this.paintNear();
    const isWhole = isNear || this.paintFar();
    // The density has covered it.
    if (!isNear) drawTimeAxis(context, range.from, range.to, gutter, this.plotWidth, bottom, bottom);
    this.paintNames();
    this.paintTokens();
    this.paintDrag();
    this.report(isNear, isWhole, about);
  }

  private report(isNear: boolean, isWhole: boolean, about: number): void {
    const {dataset} = this.canvas.element;
    dataset.mode = isNear ? 'points' : 'density';
    dataset.exact = String(isWhole);
    dataset.spikes = String(isNear ? this.dots.length : Math.round(about));
    const {range} = this.selection;
    // Blocks say how many there are in whole; of a part of a block it is an estimate.
    const number = isNear ? count(this.dots.length)
      : this.selection.isWhole ? count(about) : `about ${count(about)}`;
    this.card.say(`${number} spikes in ${time(range.to - range.from, 3)}, ` +
      (isNear ? 'each a dot coloured by layer.' : 'as density.') +
      ' Drag to zoom, Shift-drag to move, or Ctrl + wheel. Click a name to enlarge it.');
  }

  /** Whether what is drawn is exact. */
  private paintFar(): boolean {
    const {run, range} = this.selection;
    const {scale, context} = this.canvas;
    const width = Math.max(1, Math.round(this.plotWidth * scale));
    const image = context.createImageData(width, Math.round(this.canvas.height * scale));
    const rows = rowsIn(run, this.bands, range.from, range.to);
    const isPart = range.to - range.from < run.end / 2;
    const wantsExact = rows <= (isPart ? mostExact : mostExact / 3);
    const asks = !this.selection.isMoving;
    const table = pixelTable();
    let isExact = wantsExact;
    const cells: Cells[] = this.bands.map((band) => {
      const scaled = {...band, height: band.height * scale};
      const exact = wantsExact ? exactCells(run, scaled, range.from, range.to, width, asks) : null;
      isExact &&= exact !== null;
      return exact ?? coarseCells(run, band, range.from, range.to, width);
    });
    const sizes = this.bands.map((band) => run.info.populations[band.population].size);
    const most = mostOf(this.bands, cells, sizes);
    this.bands.forEach((band, i) => paintCells(image, band, cells[i], sizes[i], most, scale, table));
    context.putImageData(image, Math.round(gutter * scale), 0);
    this.dots = [];
    return isExact;
  }

  private paintNear(): boolean {
    const {run, range} = this.selection;
    const {dots, isWhole} =
      dotsOf(run, this.bands, range, gutter, this.plotWidth, !this.selection.isMoving);
    if (!isWhole) return false;
    this.dots = dots;
    const {context} = this.canvas;
    context.save();
    context.beginPath();
    context.rect(gutter - 2, 0, this.plotWidth + 4, this.canvas.height);
    context.clip();
    paintDots(context, run, dots, range);
    context.restore();
    return true;
  }

  private paintNames(): void {
    const {run} = this.selection;
    const {context} = this.canvas;
    const {ink, muted, line} = colours();
    const palette = dotColours(run);
    context.font = axisFont;
    context.textBaseline = 'middle';
    context.textAlign = 'right';
    for (const band of this.bands) {
      const {name, size} = run.info.populations[band.population];
      context.fillStyle = palette[band.population];
      context.fillRect(gutter - 7, band.top, 3, band.height);
      if (band.height < 8) continue;
      context.fillStyle = ink;
      context.fillText(name, gutter - 13, band.top + band.height / 2, gutter - 20);
      if (this.only === null) continue;
      context.fillStyle = muted;
      context.fillText(`0 … ${size - 1}`, gutter - 13, band.top + band.height / 2 + 16);
    }
    context.strokeStyle = line;
  }

  /** Tokens above the plot, as far as there is room for their characters. */
  private paintTokens(): void {
    const {run, range} = this.selection;
    const {context} = this.canvas;
    const {muted, selection, line} = colours();
    const scale = this.plotWidth / (range.to - range.from);
    let free = -Infinity;
    context.textAlign = 'center';
    context.textBaseline = 'alphabetic';
    for (const {character, token} of run.characters) {
      if (token < 0) continue;
      const x = gutter + (run.tokens.injected[token] - range.from) * scale;
      const isIn = !this.selection.isWhole && token >= range.first && token <= range.last;
      context.font = `${isIn && range.byTokens ? 'bold ' : ''}${axisFont}`;
      const half = Math.max(11, context.measureText(visible(character)).width + 4) / 2;
      if (x < gutter || x > gutter + this.plotWidth || x - half < free) continue;
      free = x + half;
      context.fillStyle = isIn ? selection : muted;
      context.fillText(visible(character), x, top - 6);
      context.strokeStyle = line;
      context.beginPath();
      context.moveTo(x + 0.5, top - 4);
      context.lineTo(x + 0.5, top);
      context.stroke();
    }
  }

  private paintDrag(): void {
    if (!this.drag) return;
    const {context, height} = this.canvas;
    context.fillStyle = `${colours().selection}33`;
    context.fillRect(this.drag.from, top, this.drag.to - this.drag.from, height - top - axisHeight);
  }

  private bandAt(y: number): Band | undefined {
    return this.bands.find((band) => y >= band.top && y <= band.top + band.height);
  }

  private focusBand(event: MouseEvent): void {
    const box = this.canvas.element.getBoundingClientRect();
    if (event.clientX - box.left > gutter) return;
    const band = this.bandAt(event.clientY - box.top);
    if (!band) return;
    this.only = this.only === null ? band.population : null;
    this.canvas.redraw();
  }

  private hover(event: PointerEvent): void {
    const {run, range} = this.selection;
    const box = this.canvas.element.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    const band = this.bandAt(y);
    this.canvas.element.style.cursor = x < gutter ? (band ? 'pointer' : 'default') : 'crosshair';
    if (!band) return hideTooltip();
    const {name, size, spikes} = run.info.populations[band.population];
    if (x < gutter) {
      return showTooltip(event, [name, `${count(size)} neurons, ${count(spikes)} spikes`,
        this.only === null ? 'click to enlarge' : 'click for all populations']);
    }
    const dot = nearestDot(this.dots, x, y);
    if (dot) {
      const at = run.characters.find(({token}) => token === dot.token);
      return showTooltip(event, [`${run.info.populations[dot.population].name}, neuron ${dot.neuron}`,
        `token ${dot.token}${at ? ` “${visible(at.character)}”` : ''}, time step ${dot.step}`,
        time(dot.time, 9)]);
    }
    const at = range.from + ((x - gutter) / this.plotWidth) * (range.to - range.from);
    showTooltip(event, [name, `neuron ${Math.floor(((y - band.top) / band.height) * size)}`, time(at, 6)]);
  }

  private csv(): string {
    const {run} = this.selection;
    if (this.dots.length > 0) {
      return csvOf(['population', 'neuron', 'token', 'time_step', 'time_ps'],
        this.dots.map((d) => [run.info.populations[d.population].name, d.neuron, d.token, d.step, d.time]));
    }
    const bins = run.info.spikes.density_bins;
    return csvOf(['population', 'row_of_neurons', 'bin', 'from_ps', 'spikes'], this.bands.flatMap((band) => {
      const {rows, counts} = run.densities[band.population]!;
      const {name} = run.info.populations[band.population];
      return Array.from({length: rows * bins}, (_, i): (string | number)[] =>
        [name, Math.floor(i / bins), i % bins, Math.round(((i % bins) / bins) * run.end), counts[i]])
        .filter((row) => row[4] !== 0);
    }));
  }

  /** Dots as vectors; a density as the picture that it is. */
  private svg(): string {
    const {run, range} = this.selection;
    const {width, height} = this.canvas;
    const size = dotSize(this.dots.length);
    const palette = dotColours(run);
    const inside = this.dots.length > 0
      ? this.bands.map((band) =>
          `<text x="${gutter - 12}" y="${band.top + band.height / 2 + 4}" text-anchor="end">` +
          `${escaped(run.info.populations[band.population].name)}</text>`).join('') +
        this.dots.map((dot) =>
          `<rect x="${(dot.x - size / 2).toFixed(1)}" y="${(dot.y - size / 2).toFixed(1)}" ` +
          `width="${size}" height="${size}" fill="${palette[dot.population]}"/>`).join('') +
        `<text x="${gutter}" y="${height - 4}">${time(range.from, 6)} to ${time(range.to, 6)}</text>`
      : `<image width="${width}" height="${height}" href="${this.canvas.element.toDataURL()}"/>`;
    return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" ` +
      `viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="11" ` +
      `fill="${colours().ink}">${inside}</svg>`;
  }
}
