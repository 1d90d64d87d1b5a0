// SPDX-License-Identifier: Apache-2.0
import type {Block} from './payload';

interface Entry {
  columns: Float64Array[] | null;
  used: number;
}

/**
 * Unpacked blocks of one run. `get` never waits: what is missing is fetched in the background, and
 * `onArrival` is called when more has come. Least recently used blocks are dropped beyond `most`.
 */
export class BlockCache {
  private readonly entries = new Map<number, Entry>();
  private readonly queue: {block: Block; columns: number}[] = [];
  private clock = 0;
  private running = 0;
  private rows = 0;

  constructor(
    private readonly fetch: (block: Block, columns: number) => Promise<Float64Array[]>,
    private readonly onArrival: () => void,
    private readonly mostRows = 8e6,
  ) {}

  /** Columns of a block, or null while it is being unpacked; `asks`: unpack it if it is not. */
  get(block: Block, columns: number, asks = true): Float64Array[] | null {
    const entry = this.entries.get(block[0]);
    if (entry) {
      entry.used = ++this.clock;
      return entry.columns;
    }
    if (!asks) return null;
    this.entries.set(block[0], {columns: null, used: ++this.clock});
    this.queue.push({block, columns});
    this.pump();
    return null;
  }

  /** True if nothing is being unpacked. */
  get isIdle(): boolean {
    return this.running === 0 && this.queue.length === 0;
  }

  private pump(): void {
    while (this.running < 4 && this.queue.length > 0) {
      // The latest wish first: it is what is looked at now.
      const {block, columns} = this.queue.pop()!;
      ++this.running;
      void this.fetch(block, columns).then((data) => this.arrive(block, data));
    }
  }

  private arrive(block: Block, data: Float64Array[]): void {
    --this.running;
    const entry = this.entries.get(block[0]);
    if (entry) {
      entry.columns = data;
      this.rows += block[2];
    }
    this.evict();
    this.onArrival();
    this.pump();
  }

  private evict(): void {
    while (this.rows > this.mostRows) {
      let oldest: [number, Entry] | null = null;
      for (const pair of this.entries) {
        if (pair[1].columns && (!oldest || pair[1].used < oldest[1].used)) oldest = pair;
      }
      if (!oldest) return;
      this.rows -= oldest[1].columns![0].length;
      this.entries.delete(oldest[0]);
    }
  }
}
