// SPDX-License-Identifier: Apache-2.0
// What `synfire report` writes beside the page (analysis/report_data.cpp). Times are picoseconds.

/** Where packed columns lie in the blob: first character, characters, rows. */
export type Piece = [at: number, characters: number, rows: number];
/** A piece with the first and last time or token of its rows. */
export type Block = [at: number, characters: number, rows: number, first: number, last: number];

export interface PopulationInfo {
  name: string;
  size: number;
  model: string;
  layer: string;
  spikes: number;
}

/** Neurons [begin, end) of a population; core -1 is the host. */
export type Slice = [population: number, core: number, begin: number, end: number];

export interface PopulationSpikes {
  blocks: Block[];
  density_rows: number;
  density: Piece;
  activity: Piece;
}

export interface Summary {
  text: string;
  complete: boolean;
  /** Of a stimulus; absent: it was a text. */
  presentations?: number;
  prompt_tokens: number;
  generated_tokens: number;
  neurocores: number;
  spikes: number;
  packets: number;
  hops: number;
  synaptic_operations: number;
  events: number;
  simulated_s: number;
  latency_s_per_token: number;
  latency_s_mean: number;
  latency_s_longest: number;
  latency_s_by_layer: Record<string, number>;
  network: {
    description: string;
    chips: number;
    routers: number;
    neurocores: number;
    router_links: number;
    waiting_s_mean: number;
    stalled_s: number;
  };
  energy_j: {
    total: number;
    dynamic: number;
    static: number;
    static_by_part: Record<string, number>;
    by_component: Record<string, number>;
    by_action: Record<string, number>;
    by_layer: Record<string, number>;
    by_population: Record<string, number>;
    arithmetic?: {spiking: number; artificial_as_published: number; artificial_corrected: number};
  };
  energy_j_per_token: number;
  rate: Record<string, number>;
  sparsity: Record<string, number>;
  silent_fraction: Record<string, number>;
  assumed: string[];
}

export interface EnergyTable {
  layers: string[];
  actions: {name: string; component: string; price_aj: number; count: number}[];
  joules: number[][];
}

/** A dense twin of the run, on the same chip: its cost, not its function. */
export interface Twin {
  kind: 'twin' | 'ann';
  activation_bits: number;
  packets: number;
  latency_s_mean: number;
  energy_j: Summary['energy_j'];
}

export type Router = [x: number, y: number, cores: number, name: string];
export type Link = [from: number, to: number, kind: string];

export interface NetworkTable {
  routers: Router[];
  links: Link[];
  link_use?: Record<string, number[]>;
  core_use?: Record<string, number[]>;
}

export interface Payload {
  format: number;
  file: string;
  complete: boolean;
  time_steps: number;
  /** A character a token, or a list of words as they go on a text. */
  alphabet: string | string[];
  populations: PopulationInfo[];
  slices: Slice[];
  model: {path: string; identity: string};
  chip: {name: string; yaml: string};
  version?: string;
  date?: string;
  command_line?: string;
  prompt?: string;
  notes: string[];
  end_ps: number;
  summary: Summary | null;
  energy: EnergyTable | null;
  twins: Twin[];
  network: NetworkTable;
  layer_actions: {layers: string[]; rows: Piece} | null;
  link_use: Piece | null;
  tokens: Piece;
  spikes: {density_bins: number; populations: (PopulationSpikes | null)[]};
  potentials: {population: number; blocks: Block[]}[];
  steps: {layers: string[]; layer_times: Piece; blocks: Block[]; critical_path: Block[]};
}
