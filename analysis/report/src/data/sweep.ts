// SPDX-License-Identifier: Apache-2.0
// What analysis/sweep_page.cpp puts into the page.

export interface SweepMetric {
  name: string;
  unit: string;
  is_maximised: boolean;
  sentence: string;
}

export interface SweepRow {
  round: number;
  point: number;
  workload: number;
  /** In base units, or places among the words of a choice. */
  values: number[];
  /** As a chip file has them. */
  shown: string[];
  /** null if the point failed. */
  metrics: (number | null)[];
  error: string;
  is_on_front: boolean;
}

export interface SweepData {
  file: string;
  chip: string;
  parameters: {name: string; unit: string}[];
  metrics: SweepMetric[];
  objectives: string[];
  workloads: string[];
  /** [workload][objective][parameter]: share of the variance. */
  sensitivity: number[][][];
  rows: SweepRow[];
}

/** The sweep in this page; null if there is none. */
export function sweepOfPage(): SweepData | null {
  const element = document.getElementById('sweep');
  return element ? (JSON.parse(element.textContent ?? '') as SweepData) : null;
}

/** Distinct values of a parameter, ascending, as texts. */
export function levelsOf(rows: SweepRow[], parameter: number): string[] {
  const levels = new Map<number, string>();
  for (const row of rows) levels.set(row.values[parameter], row.shown[parameter]);
  return [...levels].sort(([a], [b]) => a - b).map(([, text]) => text);
}
