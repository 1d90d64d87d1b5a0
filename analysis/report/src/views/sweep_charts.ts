// SPDX-License-Identifier: Apache-2.0
import {axis, legend, type Option} from '../chart/plot';
import {levelsOf, type SweepData, type SweepRow} from '../data/sweep';
import {escaped} from '../dom';
import {si} from '../format';
import {colours, okabeIto} from '../theme';

export const label = (name: string): string => name.replaceAll('_', ' ');

export function metricText(data: SweepData, metric: number, value: number | null): string {
  if (value === null) return '–';
  const {unit} = data.metrics[metric];
  return unit === '1' ? String(Number(value.toPrecision(4))) : si(value, unit);
}

const seriesOf = [['beaten by another', false], ['Pareto front', true]] as const;

function valueAxis(data: SweepData, metric: number): Option {
  return axis({type: 'value', scale: true, name: label(data.metrics[metric].name), nameLocation: 'middle',
    nameGap: 44, axisLabel: {formatter: (v: number) => metricText(data, metric, v)}});
}

/** Rows as points of two metrics; the front in colour. */
export function scatter(data: SweepData, rows: SweepRow[], x: number, y: number, chosen: SweepRow | null): Option {
  const tip = (row: SweepRow): string => [
    ...data.parameters.map(({name}, i) => `${escaped(name)} <b>${escaped(row.shown[i])}</b>`),
    `${label(data.metrics[x].name)} <b>${metricText(data, x, row.metrics[x])}</b>`,
    `${label(data.metrics[y].name)} <b>${metricText(data, y, row.metrics[y])}</b>`].join('<br>');
  return {
    grid: {left: 78, right: 24, top: 34, bottom: 58},
    legend: legend(),
    tooltip: {trigger: 'item', formatter: (p: {data: {row: SweepRow}}) => tip(p.data.row)},
    xAxis: valueAxis(data, x),
    yAxis: {...valueAxis(data, y), nameGap: 62},
    series: seriesOf.map(([name, isOnFront]) => ({
      name, type: 'scatter', symbolSize: isOnFront ? 9 : 6,
      itemStyle: {color: isOnFront ? okabeIto.vermillion : okabeIto.sky, opacity: isOnFront ? 1 : 0.6},
      data: rows.filter((row) => row.is_on_front === isOnFront).map((row) => ({
        value: [row.metrics[x], row.metrics[y]], row,
        ...(row === chosen ? {symbolSize: 16, itemStyle: {borderColor: colours().ink, borderWidth: 2}} : {}),
      })),
    })),
  };
}

/** Every row as a line over parameters and objectives. */
export function parallel(data: SweepData, rows: SweepRow[], chosen: SweepRow | null): Option {
  const objectives = data.objectives.map((name) => data.metrics.findIndex((metric) => metric.name === name));
  const levels = data.parameters.map((_, i) => levelsOf(rows, i));
  const mostLevels = 16; // from there on they are places on a scale
  const isListed = (parameter: number): boolean => levels[parameter].length <= mostLevels;
  const {ink, muted, line} = colours();
  const parallelAxis = [
    ...data.parameters.map(({name}, dim) => ({dim, name: name.split('.').slice(-1)[0],
      ...(isListed(dim) ? {type: 'category', data: levels[dim]} : {type: 'value', scale: true})})),
    ...objectives.map((metric, i) => ({dim: data.parameters.length + i, name: label(data.metrics[metric].name),
      type: 'value', scale: true, axisLabel: {color: muted, formatter: (v: number) => metricText(data, metric, v)}})),
  ];
  const sorted = [...rows].sort((a, b) => Number(a.is_on_front) - Number(b.is_on_front));
  return {
    parallel: {left: 40, right: 80, top: 44, bottom: 16, parallelAxisDefault: {
      nameTextStyle: {color: ink, fontSize: 11}, axisLine: {lineStyle: {color: line}},
      axisLabel: {color: muted, fontSize: 10}}},
    parallelAxis,
    tooltip: {show: false},
    series: [{type: 'parallel', data: sorted.map((row) => ({
      value: [...row.shown.map((text, i) => (isListed(i) ? text : row.values[i])), ...objectives.map((metric) => row.metrics[metric])], row,
      lineStyle: row === chosen ? {color: ink, width: 4, opacity: 1}
        : row.is_on_front ? {color: okabeIto.vermillion, width: 1.5, opacity: 0.9}
          : {color: okabeIto.grey, width: 1, opacity: 0.25},
    }))}],
  };
}

/** How much each parameter alone decides each objective. */
export function sensitivity(data: SweepData, workload: number): Option {
  const names = data.parameters.map(({name}) => name).reverse();
  const hues = [okabeIto.blue, okabeIto.orange, okabeIto.green, okabeIto.purple, okabeIto.sky];
  return {
    grid: {left: 190, right: 40, top: 34, bottom: 36},
    legend: legend(),
    tooltip: {trigger: 'axis', axisPointer: {type: 'shadow'}, valueFormatter: (v: number) => v.toFixed(3)},
    xAxis: axis({type: 'value', min: 0, max: 1, name: 'share of the variance', nameLocation: 'middle', nameGap: 24}),
    yAxis: axis({type: 'category', data: names}),
    series: data.objectives.map((name, i) => ({
      name: label(name), type: 'bar', itemStyle: {color: hues[i % hues.length]},
      data: [...data.sensitivity[workload][i]].reverse(),
    })),
  };
}

/** The best value of a metric over two parameters. */
export function heatmap(data: SweepData, rows: SweepRow[], x: number, y: number, metric: number): Option {
  const [columns, lines] = [levelsOf(rows, x), levelsOf(rows, y)];
  const best = new Map<string, {value: number; row: SweepRow}>();
  const sign = data.metrics[metric].is_maximised ? -1 : 1;
  for (const row of rows) {
    const value = row.metrics[metric];
    if (value === null) continue;
    const cell = `${columns.indexOf(row.shown[x])},${lines.indexOf(row.shown[y])}`;
    const known = best.get(cell);
    if (!known || sign * value < sign * known.value) best.set(cell, {value, row});
  }
  const values = [...best.values()].map(({value}) => value);
  return {
    grid: {left: 100, right: 110, top: 14, bottom: 58},
    tooltip: {formatter: (p: {value: number[]}) => metricText(data, metric, p.value[2])},
    xAxis: axis({type: 'category', data: columns, name: data.parameters[x].name, nameLocation: 'middle', nameGap: 30}),
    yAxis: axis({type: 'category', data: lines}),
    visualMap: {min: Math.min(...values), max: Math.max(...values), right: 0, top: 'middle', calculable: false,
      textStyle: {color: colours().muted}, formatter: (v: number) => metricText(data, metric, v),
      inRange: {color: ['#440154', '#3e4a89', '#26828e', '#35b779', '#fde725']}},
    series: [{type: 'heatmap', data: [...best].map(([cell, {value, row}]) => ({
      value: [...cell.split(',').map(Number), value], row}))}],
  };
}
