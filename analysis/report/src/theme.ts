// SPDX-License-Identifier: Apache-2.0

/** Okabe and Ito's colours, which colour-blind people can tell apart. */
export const okabeIto = {
  orange: '#E69F00',
  sky: '#56B4E9',
  green: '#009E73',
  yellow: '#F0E442',
  blue: '#0072B2',
  vermillion: '#D55E00',
  purple: '#CC79A7',
  grey: '#8a8f98',
};

export interface Colours {
  isDark: boolean;
  ink: string;
  muted: string;
  line: string;
  card: string;
  selection: string;
  /** From nothing to most, for densities. */
  ramp: [number, number, number][];
}

const light: Colours = {
  isDark: false, ink: '#1c2128', muted: '#667080', line: '#dfe3e8', card: '#ffffff',
  selection: okabeIto.blue,
  ramp: [[255, 255, 255], [198, 219, 239], [107, 174, 214], [33, 113, 181], [8, 48, 107], [3, 15, 48]],
};
const dark: Colours = {
  isDark: true, ink: '#e6e9ee', muted: '#98a2b0', line: '#2c333d', card: '#171b21',
  selection: okabeIto.sky,
  ramp: [[23, 27, 33], [16, 60, 98], [0, 114, 178], [86, 180, 233], [190, 226, 248], [255, 252, 235]],
};

const key = 'synfire-theme';
const listeners = new Set<() => void>();
const query = window.matchMedia('(prefers-color-scheme: dark)');

function stored(): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null; // some browsers give files no storage
  }
}

let isDark = stored() ? stored() === 'dark' : query.matches;

export const colours = (): Colours => (isDark ? dark : light);

/** `listener` hears when the colours have changed. */
export function onTheme(listener: () => void): void {
  listeners.add(listener);
}

function apply(): void {
  document.documentElement.dataset.theme = isDark ? 'dark' : 'light';
  listeners.forEach((listener) => listener());
}

export function toggleTheme(): void {
  isDark = !isDark;
  try {
    localStorage.setItem(key, isDark ? 'dark' : 'light');
  } catch {
    // not kept for the next time
  }
  apply();
}

export function startTheme(): void {
  query.addEventListener('change', (event) => {
    if (stored()) return;
    isDark = event.matches;
    apply();
  });
  apply();
}

/** Colours of hardware: the same in every chart. */
export const componentColours: Record<string, string> = {
  neurocores: okabeIto.blue,
  attention_units: okabeIto.vermillion,
  network: okabeIto.green,
  host: okabeIto.purple,
  static: okabeIto.grey,
};

const kinds: [RegExp, string][] = [
  [/attention/, okabeIto.vermillion],
  [/mlp|hidden/, okabeIto.blue],
  [/residual/, okabeIto.grey],
  [/embedding|input/, okabeIto.green],
  [/head|readout|output/, okabeIto.purple],
];
const others = [okabeIto.sky, okabeIto.orange, okabeIto.green, okabeIto.purple, okabeIto.blue];

/** Colour of a layer: by what it is, lighter from block to block. */
export function layerColour(layer: string, index: number): string {
  const found = kinds.find(([pattern]) => pattern.test(layer));
  const base = found ? found[1] : others[index % others.length];
  const block = Number(/\d+/.exec(layer)?.[0] ?? 0);
  return mix(base, isDark ? '#ffffff' : '#ffffff', Math.min(0.55, 0.18 * (block % 4)));
}

/** `a` with a share of `b`. */
export function mix(a: string, b: string, share: number): string {
  const channel = (colour: string, i: number): number =>
    parseInt(colour.slice(1 + 2 * i, 3 + 2 * i), 16);
  const parts = [0, 1, 2].map((i) =>
    Math.round(channel(a, i) * (1 - share) + channel(b, i) * share).toString(16).padStart(2, '0'));
  return `#${parts.join('')}`;
}

/** 256 colours of the density ramp, as red, green, blue. */
export function rampTable(): Uint8ClampedArray {
  const {ramp} = colours();
  const table = new Uint8ClampedArray(256 * 3);
  for (let i = 0; i < 256; ++i) {
    const at = (i / 255) * (ramp.length - 1);
    const low = Math.min(ramp.length - 2, Math.floor(at));
    for (let c = 0; c < 3; ++c) {
      table[3 * i + c] = ramp[low][c] + (ramp[low + 1][c] - ramp[low][c]) * (at - low);
    }
  }
  return table;
}

export function rampColour(share: number): string {
  const table = rampTable();
  const i = 3 * Math.max(0, Math.min(255, Math.round(share * 255)));
  return `rgb(${table[i]},${table[i + 1]},${table[i + 2]})`;
}
