// SPDX-License-Identifier: Apache-2.0
import {h} from './dom';

const box = h('div', {class: 'tooltip', role: 'tooltip', hidden: true});

/** Shows lines beside the pointer, the first one bold. */
export function showTooltip(event: {clientX: number; clientY: number}, lines: string[]): void {
  if (!box.isConnected) document.body.append(box);
  box.replaceChildren(...lines.map((line, i) => h(i === 0 ? 'strong' : 'span', {}, line)));
  box.hidden = false;
  const {width, height} = box.getBoundingClientRect();
  const x = event.clientX + 14 + width > innerWidth ? event.clientX - width - 14 : event.clientX + 14;
  const y = event.clientY + 14 + height > innerHeight ? event.clientY - height - 14 : event.clientY + 14;
  box.style.transform = `translate(${Math.max(4, x)}px, ${Math.max(4, y)}px)`;
}

export function hideTooltip(): void {
  box.hidden = true;
}
