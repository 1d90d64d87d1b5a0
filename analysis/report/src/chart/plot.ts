// SPDX-License-Identifier: Apache-2.0
import {BarChart, HeatmapChart, LineChart, ParallelChart, SankeyChart, ScatterChart} from 'echarts/charts';
import {
  AriaComponent, GridComponent, LegendComponent, MarkAreaComponent, MarkLineComponent, ParallelComponent,
  TooltipComponent, VisualMapComponent,
} from 'echarts/components';
import * as echarts from 'echarts/core';
import type {EChartsCoreOption, ECharts} from 'echarts/core';
import {CanvasRenderer, SVGRenderer} from 'echarts/renderers';
import {colours, onTheme} from '../theme';

echarts.use([
  BarChart, HeatmapChart, LineChart, ParallelChart, SankeyChart, ScatterChart, AriaComponent,
  GridComponent, LegendComponent, MarkAreaComponent, MarkLineComponent, ParallelComponent,
  TooltipComponent, VisualMapComponent, CanvasRenderer, SVGRenderer,
]);

export type Option = EChartsCoreOption;
const font = 'system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif';

/** Styles that every chart shares. */
function themed(option: Option): Option {
  const {ink, card, line} = colours();
  return {
    animation: false,
    aria: {enabled: true},
    backgroundColor: 'transparent',
    textStyle: {fontFamily: font, color: ink, fontSize: 12},
    ...option,
    tooltip: {
      confine: true, backgroundColor: card, borderColor: line, padding: [6, 10],
      textStyle: {color: ink, fontSize: 12, fontFamily: font},
      extraCssText: 'font-variant-numeric: tabular-nums; box-shadow: 0 4px 16px rgb(0 0 0 / 18%);',
      ...(option.tooltip as object | undefined),
    },
  };
}

/** An ECharts chart that follows size and theme, and can be exported. */
export class Plot {
  readonly element: HTMLDivElement;
  private readonly chart: ECharts;
  private make: (() => Option) | null = null;

  constructor(parent: HTMLElement, private height: number) {
    this.element = document.createElement('div');
    this.element.className = 'plot';
    this.element.style.height = `${height}px`;
    parent.append(this.element);
    this.chart = echarts.init(this.element, null, {renderer: 'canvas', width: 600, height});
    new ResizeObserver(() => {
      const width = this.element.clientWidth;
      if (width > 0 && width !== this.chart.getWidth()) {
        this.chart.resize({width, height: this.height});
        this.redraw();
      }
    }).observe(this.element);
    onTheme(() => this.redraw());
  }

  get width(): number {
    return this.chart.getWidth();
  }

  setHeight(height: number): void {
    this.height = height;
    this.element.style.height = `${height}px`;
    this.chart.resize({height});
  }

  /** Draws what `make` returns, and again when colours change. */
  draw(make: () => Option): void {
    this.make = make;
    this.redraw();
  }

  onClick(listener: (parameters: {dataIndex: number; name: string; seriesName?: string}) => void): void {
    this.chart.on('click', (parameters) =>
      listener(parameters as {dataIndex: number; name: string; seriesName?: string}));
  }

  png = async (): Promise<Blob> => {
    const url = this.chart.getDataURL({pixelRatio: 2, backgroundColor: colours().card});
    return (await fetch(url)).blob();
  };

  svg = (): string => {
    const copy = echarts.init(null, null, {
      renderer: 'svg', ssr: true, width: this.chart.getWidth(), height: this.height,
    });
    copy.setOption({...themed(this.make?.() ?? {}), backgroundColor: colours().card});
    const text = copy.renderToSVGString();
    copy.dispose();
    return text;
  };

  private redraw(): void {
    if (this.make) this.chart.setOption(themed(this.make()), {notMerge: true});
  }
}

/** Axis lines, ticks and names in the quiet style of this page. */
export function axis(option: Record<string, unknown>): Record<string, unknown> {
  const {muted, line} = colours();
  return {
    axisLine: {lineStyle: {color: line}},
    axisTick: {show: false},
    axisLabel: {color: muted, hideOverlap: true, ...(option.axisLabel as object | undefined)},
    splitLine: {lineStyle: {color: line}, ...(option.splitLine as object | undefined)},
    nameTextStyle: {color: muted},
    ...Object.fromEntries(Object.entries(option).filter(([k]) => k !== 'axisLabel' && k !== 'splitLine')),
  };
}

export function legend(option: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    type: 'plain', icon: 'roundRect', itemWidth: 12, itemHeight: 8, itemGap: 12, top: 0, left: 0,
    textStyle: {color: colours().muted, fontSize: 11}, ...option,
  };
}
