// SPDX-License-Identifier: Apache-2.0
import './style.css';
import {loadRuns, type Run} from './data/run';
import {sweepOfPage, type SweepData} from './data/sweep';
import {h} from './dom';
import {listenToKeys, showHelp} from './keyboard';
import {Selection} from './selection';
import {startTheme, toggleTheme} from './theme';
import {AccountsView} from './views/accounts';
import {ActivityView} from './views/activity';
import {ChipView} from './views/chip';
import {CompareView} from './views/compare';
import {EnergyView} from './views/energy';
import {keyFigures, noteList} from './views/header';
import {LatencyView} from './views/latency';
import {MembraneView} from './views/membrane';
import {NetworkView} from './views/network';
import {PathView} from './views/path';
import {RasterView} from './views/raster';
import {SweepPage} from './views/sweep';
import {TextView} from './views/text';
import {Timeline} from './views/timeline';

function topBar(runs: Run[], show: (run: Run) => void): HTMLElement {
  const choose = h('select', {'aria-label': 'Run', id: 'run', hidden: runs.length < 2,
    onchange: () => show(runs[Number(choose.value)])},
    ...runs.map((run) => h('option', {value: run.index}, `${run.name} · ${run.info.chip.name}`)));
  return h('header', {class: 'bar'},
    h('h1', {}, 'Synfire', h('span', {}, 'report')),
    h('p', {class: 'title', id: 'title'}),
    choose,
    h('button', {type: 'button', title: 'Keys (?)', onclick: showHelp}, '?'),
    h('button', {type: 'button', title: 'Dark or light (d)', 'aria-label': 'Dark or light', id: 'theme',
      onclick: toggleTheme}, '◐'));
}

function footer(runs: Run[]): HTMLElement {
  return h('footer', {}, ...runs.map(({info}) => h('p', {},
    h('b', {}, info.file), ` · ${info.date ?? ''} · synfire ${info.version ?? ''}`, h('br'),
    h('code', {}, info.command_line ?? ''))));
}

/** A page about a sweep instead of runs. */
function startSweep(main: HTMLElement, sweep: SweepData): void {
  const bar = topBar([], () => undefined);
  document.title = `${sweep.file} – Synfire report`;
  bar.querySelector('#title')!.textContent = `sweep around ${sweep.chip} · ${sweep.file}`;
  main.replaceChildren(h('div', {class: 'sticky'}, bar), new SweepPage(sweep).element);
  main.removeAttribute('aria-busy');
}

async function start(): Promise<void> {
  const main = document.getElementById('report')!;
  startTheme();
  const sweep = sweepOfPage();
  if (sweep) {
    startSweep(main, sweep);
    return;
  }
  const runs = await loadRuns();
  if (runs.length === 0) {
    main.replaceChildren(h('p', {class: 'loading'}, 'No recording is in this page; `synfire report` makes one that has.'));
    return;
  }
  const selection = new Selection(runs[0]);
  const timeline = new Timeline(selection);
  const [text, raster, membranes] = [new TextView(selection), new RasterView(selection), new MembraneView(selection)];
  const [latency, path, activity] = [new LatencyView(selection), new PathView(selection), new ActivityView(selection)];
  const [accounts, energy, network, chip] =
    [new AccountsView(selection), new EnergyView(selection), new NetworkView(selection), new ChipView(selection)];
  const top = h('div', {id: 'top'});
  for (const run of runs) {
    run.onBlocks(() => {
      raster.redraw();
      membranes.redraw();
    });
  }
  const show = (run: Run): void => {
    raster.forgetFocus();
    selection.show(run);
    const {info} = run;
    document.title = `${run.name} – Synfire report`;
    bar.querySelector('#title')!.textContent =
      `${info.model.path.replace(/^.*\//, '')} on ${info.chip.name} · ${info.file}`;
    bar.querySelector<HTMLSelectElement>('#run')!.value = String(run.index);
    top.replaceChildren(noteList(run), keyFigures(run));
    for (const view of [timeline, text, membranes, latency, accounts, energy, network, chip]) void view.show();
    selection.reset();
  };
  const bar = topBar(runs, show);
  const compare = new CompareView(runs, show);
  main.replaceChildren(
    h('div', {class: 'sticky'}, bar, timeline.element),
    top, compare.card.element, text.card.element, raster.card.element, membranes.card.element,
    latency.card.element, path.card.element, activity.card.element, energy.card.element,
    accounts.card.element, network.card.element, chip.card.element, footer(runs));
  listenToKeys(selection);
  show(runs[0]);
  main.removeAttribute('aria-busy');
}

start().catch((error: unknown) => {
  const text = error instanceof Error ? error.message : String(error);
  document.getElementById('report')!.replaceChildren(
    h('p', {class: 'loading', role: 'alert'}, `This report cannot be shown: ${text}. Make it again with synfire report.`));
  console.error(error);
});
