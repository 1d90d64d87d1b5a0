// SPDX-License-Identifier: Apache-2.0
import {h} from '../dom';
import {onTheme} from '../theme';

/** A canvas as wide as its parent, sharp on every screen, drawn once a frame at most. */
export class Canvas {
  readonly element: HTMLCanvasElement;
  readonly context: CanvasRenderingContext2D;
  width = 0;
  private scheduled = false;

  constructor(
    parent: HTMLElement, public height: number, label: string, private readonly paint: () => void,
  ) {
    this.element = h('canvas', {tabindex: 0, role: 'img', 'aria-label': label, class: 'canvas'});
    this.context = this.element.getContext('2d')!;
    parent.append(this.element);
    new ResizeObserver(() => this.fit()).observe(parent);
    onTheme(() => this.redraw());
  }

  get scale(): number {
    return Math.min(2, window.devicePixelRatio || 1);
  }

  setHeight(height: number): void {
    this.height = height;
    this.fit(true);
  }

  redraw(): void {
    if (this.scheduled || this.width === 0) return;
    this.scheduled = true;
    requestAnimationFrame(() => {
      this.scheduled = false;
      this.context.setTransform(this.scale, 0, 0, this.scale, 0, 0);
      this.context.clearRect(0, 0, this.width, this.height);
      this.paint();
    });
  }

  private fit(always = false): void {
    const width = Math.floor(this.element.parentElement?.clientWidth ?? 0);
    if (width === 0 || (width === this.width && !always)) return;
    this.width = width;
    this.element.width = Math.round(width * this.scale);
    this.element.height = Math.round(this.height * this.scale);
    this.element.style.height = `${this.height}px`;
    this.element.style.width = `${width}px`;
    this.redraw();
  }
}
