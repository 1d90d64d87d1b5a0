// SPDX-License-Identifier: Apache-2.0
import {h} from './dom';

/** What a chart can give away. */
export interface Exports {
  png?: () => Promise<Blob>;
  svg?: () => string;
  csv?: () => string;
}

const notice = h('div', {class: 'notice', role: 'status', 'aria-live': 'polite', hidden: true});
let timer = 0;

function say(text: string): void {
  if (!notice.isConnected) document.body.append(notice);
  notice.textContent = text;
  notice.hidden = false;
  window.clearTimeout(timer);
  timer = window.setTimeout(() => (notice.hidden = true), 2500);
}

function save(blob: Blob, name: string): void {
  const link = h('a', {href: URL.createObjectURL(blob), download: name});
  link.click();
  URL.revokeObjectURL(link.href);
  say(`Saved ${name}`);
}

async function copy(blob: Blob, kind: 'PNG' | 'SVG' | 'CSV', name: string): Promise<void> {
  try {
    if (kind === 'PNG') {
      await navigator.clipboard.write([new ClipboardItem({'image/png': blob})]);
    } else {
      await navigator.clipboard.writeText(await blob.text());
    }
    say(`Copied as ${kind}`);
  } catch {
    save(blob, name); // no clipboard here
  }
}

/** Buttons PNG, SVG, CSV: a click copies, with Shift it saves a file. */
export function exportButtons(name: string, exports: Exports): HTMLElement {
  const button = (kind: 'PNG' | 'SVG' | 'CSV', make: () => Promise<Blob>): HTMLElement =>
    h('button', {
      type: 'button',
      title: `Copy as ${kind}; Shift-click saves a file`,
      'aria-label': `Copy ${name} as ${kind}`,
      onclick: (event: MouseEvent) => {
        const file = `${name}.${kind.toLowerCase()}`;
        void make().then((blob) => (event.shiftKey ? save(blob, file) : copy(blob, kind, file)));
      },
    }, kind);
  const {png, svg, csv} = exports;
  return h('div', {class: 'exports', role: 'group', 'aria-label': 'Copy'},
    png && button('PNG', png),
    svg && button('SVG', async () => new Blob([svg()], {type: 'image/svg+xml'})),
    csv && button('CSV', async () => new Blob([csv()], {type: 'text/csv'})));
}

/** Lines of comma-separated values; texts are quoted. */
export function csvOf(header: string[], rows: (string | number)[][]): string {
  const cell = (value: string | number): string =>
    typeof value === 'number' ? String(value) : `"${value.replaceAll('"', '""')}"`;
  return [header.map(cell), ...rows.map((row) => row.map(cell))].map((row) => row.join(',')).join('\n');
}

/** A picture of SVG markup, twice as large. */
export async function pngOfSvg(svg: string, width: number, height: number): Promise<Blob> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = h('canvas', {width: 2 * width, height: 2 * height});
  canvas.getContext('2d')!.drawImage(image, 0, 0, 2 * width, 2 * height);
  return pngOfCanvas(canvas);
}

export function pngOfCanvas(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no picture'))), 'image/png'));
}
