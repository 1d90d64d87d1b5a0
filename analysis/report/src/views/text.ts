// SPDX-License-Identifier: Apache-2.0
import {card, choice, type Card} from '../card';
import {h} from '../dom';
import {csvOf} from '../export';
import {count, time, visible} from '../format';
import type {Range, Selection} from '../selection';
import {onTheme, rampColour} from '../theme';
import {hideTooltip, showTooltip} from '../tooltip';

type Tint = 'none' | 'latency' | 'spikes';

/** The text, one button a token, tinted by what the token took. */
export class TextView {
  readonly card: Card;
  private tint: Tint = 'latency';
  private spans: HTMLElement[] = [];
  private marked: boolean[] = [];
  private anchor = -1;

  constructor(private readonly selection: Selection) {
    this.card = card('text', 'Text', '', {csv: () => this.csv()});
    this.card.tools.append(choice('Tint the text by',
      [['latency', 'tint: latency'], ['spikes', 'tint: spikes'], ['none', 'no tint']], (value) => {
        this.tint = value as Tint;
        this.paint();
      }));
    const {body} = this.card;
    body.classList.add('text');
    body.tabIndex = 0;
    body.setAttribute('role', 'listbox');
    body.setAttribute('aria-label', 'Tokens of the text; arrow keys move the selection');
    body.setAttribute('aria-multiselectable', 'true');
    body.addEventListener('pointerdown', (event) => this.begin(event));
    body.addEventListener('pointermove', (event) => this.hover(event));
    body.addEventListener('pointerleave', hideTooltip);
    window.addEventListener('pointerup', () => (this.anchor = -1));
    selection.onChange((range) => this.mark(range));
    onTheme(() => this.paint());
    this.show();
  }

  /** The run has changed. */
  show(): void {
    const {run} = this.selection;
    this.card.element.hidden = !run.hasText;
    this.spans = run.characters.map(({character, isPrompt, token}) => {
      const span = h('span', {class: isPrompt ? 'token prompt' : 'token', role: 'option',
        'data-token': token}, character);
      if (token < 0) span.classList.add('unread');
      return span;
    });
    this.marked = [];
    this.card.body.replaceChildren(...this.spans);
    this.paint();
    this.mark(this.selection.range);
  }

  private valueOf(token: number): number {
    const {run} = this.selection;
    if (this.tint === 'latency') return run.latency(token);
    return run.spikesIn(run.info.slices.map((_, slice) => slice), token, token);
  }

  private paint(): void {
    const {characters} = this.selection.run;
    const values = characters.map(({token}) =>
      token < 0 || this.tint === 'none' ? NaN : this.valueOf(token));
    const known = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
    const [low, high] = [known[0], known[Math.floor(known.length * 0.99)] ?? 1];
    this.spans.forEach((span, i) => {
      const share = (values[i] - low) / Math.max(1, high - low);
      span.style.backgroundColor = Number.isNaN(share) ? '' : rampColour(0.03 + 0.3 * Math.min(1, share));
    });
  }

  private mark(range: Range): void {
    const {run, isWhole} = this.selection;
    let firstMarked: HTMLElement | null = null;
    this.spans.forEach((span, i) => {
      const {token} = run.characters[i];
      const isIn = !isWhole && token >= range.first && token <= range.last && token >= 0;
      if (isIn) firstMarked ??= span;
      if (isIn === this.marked[i]) return;
      this.marked[i] = isIn;
      span.classList.toggle('selected', isIn);
      span.setAttribute('aria-selected', String(isIn));
    });
    if (firstMarked && !this.selection.isMoving) this.scrollTo(firstMarked);
    const prompt = run.characters.filter(({isPrompt}) => isPrompt).length;
    this.card.say(isWhole
      ? `${count(prompt)} ${run.textUnit}s of prompt (grey), ${count(run.characters.length - prompt)} generated. ` +
        `Click a ${run.textUnit}, drag over several, or use ← and →; every view follows.`
      : range.first === range.last
        ? `Token ${range.first}: latency ${time(run.latency(range.first))}. Esc shows the whole run.`
        : `Tokens ${range.first} to ${range.last}. Esc shows the whole run.`);
  }

  private scrollTo(span: HTMLElement): void {
    const {body} = this.card;
    const top = span.offsetTop - body.offsetTop;
    if (top < body.scrollTop || top > body.scrollTop + body.clientHeight - 24) {
      body.scrollTop = top - body.clientHeight / 2;
    }
  }

  private tokenAt(event: PointerEvent): number {
    const target = document.elementFromPoint(event.clientX, event.clientY);
    const value = target instanceof HTMLElement ? target.dataset.token : undefined;
    return value === undefined ? -1 : Number(value);
  }

  private begin(event: PointerEvent): void {
    const token = this.tokenAt(event);
    if (token < 0) return;
    this.anchor = event.shiftKey && !this.selection.isWhole ? this.selection.range.first : token;
    this.selection.selectTokens(this.anchor, token);
  }

  private hover(event: PointerEvent): void {
    const token = this.tokenAt(event);
    if (token < 0) return hideTooltip();
    const {run} = this.selection;
    if (event.buttons === 1 && this.anchor >= 0) this.selection.selectTokens(this.anchor, token);
    const at = run.characters.find((c) => c.token === token)!;
    const spikes = run.spikesIn(run.info.slices.map((_, slice) => slice), token, token);
    showTooltip(event, [`“${visible(at.character)}”, token ${token}`,
      `position ${run.tokens.position[token]} in its context, ${at.isPrompt ? 'prompt' : 'generated'}`,
      `latency ${time(run.latency(token))}`, `${count(spikes)} spikes`]);
  }

  private csv(): string {
    const {run} = this.selection;
    return csvOf(['token', 'character', 'is_prompt', 'injected_ps', 'finished_ps'],
      run.characters.filter(({token}) => token >= 0).map(({token, character, isPrompt}) =>
        [token, character, isPrompt ? 1 : 0, run.tokens.injected[token], run.tokens.finished[token]]));
  }
}
