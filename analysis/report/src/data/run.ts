// SPDX-License-Identifier: Apache-2.0
import {BlockCache} from './block_cache';
import {LayerActions} from './layer_energy';
import {LinkUse} from './link_use';
import type {Block, Payload, Piece} from './payload';
import {charactersOf, symbolsOf, textOfTokens, type Character} from './text';
import {unpack} from './unpack';

/** Columns of the tokens that reached the host; a token's index is its number. */
export interface Tokens {
  count: number;
  id: Float64Array;
  position: Float64Array;
  isGiven: Float64Array;
  injected: Float64Array;
  finished: Float64Array;
}

/** Spikes of a population from far: counts [row][bin] over the whole run. */
export interface Density {
  rows: number;
  counts: Float64Array;
  most: number;
}

/** Chain of steps that a token waited for; its parts add up to the token's latency. */
export interface PathStep {
  slice: number;
  step: number;
  waited: number;
  started: number;
  ended: number;
}

/** A population's step within a token. */
export interface Step {
  population: number;
  step: number;
  started: number;
  ended: number;
}

/** One recording: its description, its small tables, and its large ones on demand. */
export class Run {
  tokens!: Tokens;
  characters: Character[] = [];
  /** Per population; null: none recorded. */
  densities: (Density | null)[] = [];
  /** Spikes [slice][token], null for slices that send none. */
  activity: (Float64Array | null)[] = [];
  /** Picoseconds [layer][token] from its first step's start to its last step's end; -1: unknown. */
  layerTimes: Float64Array[] = [];
  /** Null in recordings of earlier versions. */
  layerActions: LayerActions | null = null;
  /** Null in recordings of earlier versions. */
  linkUse: LinkUse | null = null;
  readonly blocks: BlockCache;
  private readonly listeners = new Set<() => void>();
  private readonly stepTables = new Map<number, Promise<Float64Array[]>>();

  constructor(
    readonly index: number,
    readonly info: Payload,
    private readonly blob: string,
  ) {
    this.blocks = new BlockCache(
      (block, columns) => this.read(block, columns),
      () => this.listeners.forEach((listener) => listener()),
    );
  }

  get name(): string {
    return this.info.file.replace(/\.h5$/, '');
  }
  get end(): number {
    return this.info.end_ps;
  }
  /** What a token is here: of a text, or a presentation of recorded input spikes. */
  get unit(): string {
    return this.info.summary?.presentations ? 'presentation' : 'token';
  }
  /** What a token of the text is. */
  get textUnit(): string {
    return Array.isArray(this.info.alphabet) ? 'word' : 'character';
  }
  get hasText(): boolean {
    return this.info.alphabet.length > 0 && this.characters.length > 0;
  }

  onBlocks(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async load(): Promise<void> {
    const [token, id, position, isGiven, injected, finished] = await this.read(this.info.tokens, 6);
    this.tokens = {count: token.length, id, position, isGiven, injected, finished};
    const isWords = Array.isArray(this.info.alphabet);
    const prompt = symbolsOf(this.info.prompt ?? '', isWords).length;
    const text = this.info.summary?.text;
    const symbols = text
      ? symbolsOf(text, isWords)
      : textOfTokens(this.info.alphabet, this.tokens, prompt);
    this.characters = charactersOf(symbols, prompt, this.tokens);
    await Promise.all([this.loadSpikes(), this.loadLayers(), this.loadActions(), this.loadLinkUse()]);
  }

  private read(piece: Piece | Block, columns: number): Promise<Float64Array[]> {
    return unpack(this.blob.slice(piece[0], piece[0] + piece[1]), columns, piece[2]);
  }

  private async loadSpikes(): Promise<void> {
    this.activity = this.info.slices.map(() => null);
    this.densities = await Promise.all(
      this.info.spikes.populations.map(async (spikes, population) => {
        if (!spikes) return null;
        const slices = this.slicesOf(population);
        const activity = await this.read(spikes.activity, slices.length);
        slices.forEach((slice, i) => (this.activity[slice] = activity[i]));
        const [counts] = await this.read(spikes.density, 1);
        return {rows: spikes.density_rows, counts, most: counts.reduce((a, b) => Math.max(a, b), 1)};
      }),
    );
  }

  private async loadActions(): Promise<void> {
    const {layer_actions: table, energy} = this.info;
    if (!table || !energy) return;
    const columns = await this.read(table.rows, 2 + table.layers.length * energy.actions.length);
    this.layerActions = new LayerActions(this.info, this.tokens, columns);
  }

  private async loadLinkUse(): Promise<void> {
    const {link_use: table, network} = this.info;
    if (table) this.linkUse = new LinkUse(this.tokens, await this.read(table, 1 + 2 * network.links.length));
  }

  private async loadLayers(): Promise<void> {
    const {layers, layer_times} = this.info.steps;
    const columns = await this.read(layer_times, 2 * layers.length);
    this.layerTimes = layers.map((_, layer) =>
      columns[2 * layer].map((started, token) =>
        started < 0 ? -1 : columns[2 * layer + 1][token] - started,
      ),
    );
  }

  slicesOf(population: number): number[] {
    const result: number[] = [];
    this.info.slices.forEach((slice, i) => slice[0] === population && result.push(i));
    return result;
  }

  layerOfSlice(slice: number): number {
    const population = this.info.populations[this.info.slices[slice][0]];
    return this.info.steps.layers.indexOf(population.layer);
  }

  latency(token: number): number {
    return this.tokens.finished[token] - this.tokens.injected[token];
  }

  /** Spikes of slices in tokens [first, last]. */
  spikesIn(slices: number[], first: number, last: number): number {
    let sum = 0;
    for (const slice of slices) {
      const counts = this.activity[slice];
      if (!counts) continue;
      for (let token = first; token <= last; ++token) sum += counts[token];
    }
    return sum;
  }

  private async rowsOfToken(blocks: Block[], columns: number, token: number): Promise<number[][]> {
    const rows: number[][] = [];
    for (const block of blocks) {
      if (token < block[3] || token > block[4]) continue;
      if (!this.stepTables.has(block[0])) this.stepTables.set(block[0], this.read(block, columns));
      const table = await this.stepTables.get(block[0])!;
      for (let row = 0; row < block[2]; ++row) {
        if (table[0][row] === token) rows.push(table.map((column) => column[row]));
      }
    }
    return rows;
  }

  async stepsOf(token: number): Promise<Step[]> {
    const rows = await this.rowsOfToken(this.info.steps.blocks, 5, token);
    return rows.map(([, population, step, started, ended]) => ({population, step, started, ended}));
  }

  async pathOf(token: number): Promise<PathStep[]> {
    const rows = await this.rowsOfToken(this.info.steps.critical_path, 6, token);
    return rows.map(([, slice, step, waited, started, ended]) => ({
      slice, step, waited, started, ended,
    }));
  }

  /** Picoseconds on critical paths [token][layer], the wait before a step counted to its layer. */
  async pathShares(): Promise<Float64Array[]> {
    const {critical_path, layers} = this.info.steps;
    const shares = layers.map(() => new Float64Array(this.tokens.count));
    const layerOf = this.info.slices.map((_, slice) => this.layerOfSlice(slice));
    for (const block of critical_path) {
      const [token, slice, , waited, , ended] = await this.read(block, 6);
      for (let row = 0; row < block[2]; ++row) {
        shares[layerOf[slice[row]]][token[row]] += ended[row] - waited[row];
      }
    }
    return shares;
  }
}

/** The recordings that were put into this page. */
export async function loadRuns(): Promise<Run[]> {
  const runs: Run[] = [];
  for (let i = 0; ; ++i) {
    const json = document.getElementById(`run-${i}`);
    const blob = document.getElementById(`blob-${i}`);
    if (!json || !blob) break;
    runs.push(new Run(i, JSON.parse(json.textContent ?? '') as Payload, blob.textContent ?? ''));
  }
  await Promise.all(runs.map((run) => run.load()));
  return runs;
}
