// SPDX-License-Identifier: Apache-2.0

const prefixes = ['a', 'f', 'p', 'n', 'µ', 'm', '', 'k', 'M', 'G', 'T'];
const noPrefix = 6;

/** A value with an SI prefix, for example `12.35 µJ`. */
export function si(value: number, unit: string, digits = 4): string {
  if (value === 0) return `0 ${unit}`;
  const exponent = Math.floor(Math.log10(Math.abs(value)) / 3);
  const clamped = Math.max(-noPrefix, Math.min(prefixes.length - noPrefix - 1, exponent));
  const text = (value / 10 ** (3 * clamped)).toPrecision(digits);
  const plain = Number(text) >= 1000 ? Number(text).toFixed(0) : text;
  return `${plain} ${prefixes[clamped + noPrefix]}${unit}`;
}

/** Picoseconds with the unit that suits. */
export const time = (picoseconds: number, digits = 4): string => si(picoseconds * 1e-12, 's', digits);

export const count = (value: number): string => Math.round(value).toLocaleString('en');

/** `1 token`, `2 tokens`. */
export const several = (value: number, unit: string): string =>
  `${count(value)} ${unit}${value === 1 ? '' : 's'}`;

export const percent = (share: number, digits = 1): string => `${(100 * share).toFixed(digits)} %`;

/** A character that can be seen: blanks as an open box. */
export const visible = (character: string): string =>
  character === ' ' ? '␣' : character === '\n' ? '⏎' : character.trimStart();
