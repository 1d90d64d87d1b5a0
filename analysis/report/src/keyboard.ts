// SPDX-License-Identifier: Apache-2.0
import {h} from './dom';
import type {Selection} from './selection';
import {toggleTheme} from './theme';

const keys: [keys: string, what: string][] = [
  ['← →', 'the token before, after'],
  ['Shift ← →', 'more tokens'],
  ['+ −', 'zoom in and out'],
  ['[ ]', 'earlier, later'],
  ['0 or Esc', 'the whole run'],
  ['d', 'dark or light'],
  ['?', 'this list'],
];

const help = h('dialog', {class: 'help', 'aria-label': 'Keys'},
  h('h2', {}, 'Keys'),
  h('dl', {}, ...keys.flatMap(([key, what]) => [h('dt', {}, h('kbd', {}, key)), h('dd', {}, what)])),
  h('p', {}, 'In the raster: drag to zoom, Shift-drag to move, Ctrl + wheel around the pointer.'),
  h('form', {method: 'dialog'}, h('button', {}, 'Close')));

export function showHelp(): void {
  if (!help.isConnected) document.body.append(help);
  if (!help.open) help.showModal();
}

export function listenToKeys(selection: Selection): void {
  const actions: Record<string, (event: KeyboardEvent) => void> = {
    ArrowLeft: (event) => selection.move(-1, event.shiftKey),
    ArrowRight: (event) => selection.move(1, event.shiftKey),
    '+': () => selection.zoom(0.5),
    '=': () => selection.zoom(0.5),
    '-': () => selection.zoom(2),
    '[': () => selection.pan(-0.5),
    ']': () => selection.pan(0.5),
    '0': () => selection.reset(),
    Escape: () => selection.reset(),
    d: () => toggleTheme(),
    '?': () => showHelp(),
  };
  window.addEventListener('keydown', (event) => {
    const target = event.target as HTMLElement;
    if (event.ctrlKey || event.metaKey || event.altKey || help.open) return;
    if (target.matches?.('input, select, textarea, pre')) return;
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action(event);
  });
}
