// SPDX-License-Identifier: Apache-2.0
import {h} from './dom';
import {exportButtons, type Exports} from './export';

export interface Card {
  element: HTMLElement;
  body: HTMLElement;
  /** A line under the title that changes with the selection. */
  say: (text: string) => void;
  /** Where controls of the view go. */
  tools: HTMLElement;
}

/** A view with its title, one sentence about it, its controls and its export buttons. */
export function card(id: string, title: string, about: string, exports: Exports = {}): Card {
  const line = h('p', {class: 'about'}, about);
  const tools = h('div', {class: 'tools'});
  const body = h('div', {class: 'body'});
  const hasExports = Object.keys(exports).length > 0;
  const element = h('section', {class: 'card', id, 'aria-labelledby': `${id}-title`},
    h('header', {},
      h('div', {class: 'heading'}, h('h2', {id: `${id}-title`}, title), line),
      tools,
      hasExports && exportButtons(`synfire-${id}`, exports)),
    body);
  return {element, body, tools, say: (text) => (line.textContent = text)};
}

/** A labelled choice. */
export function choice(
  label: string, options: [value: string, text: string][], onChange: (value: string) => void,
): HTMLSelectElement {
  const select = h('select', {'aria-label': label, onchange: () => onChange(select.value)},
    ...options.map(([value, text]) => h('option', {value}, text)));
  return select;
}
