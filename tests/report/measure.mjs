// SPDX-License-Identifier: Apache-2.0
// Measures the report of a long run: time and memory of `synfire report`, size of the file, first
// paint, and frames a second while zooming through the raster. Not a test: times are not tested.
//
//   SYNFIRE=build/release/sim/app/synfire node tests/report/measure.mjs [TOKENS, default 740]
import {spawn} from 'node:child_process';
import {readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import {folder, launch, record} from './browser.mjs';

/** Runs a command; its wall time in seconds and its largest resident set in MiB. */
async function measured(command, args) {
  const start = performance.now();
  const child = spawn(command, args, {cwd: folder, stdio: 'inherit'});
  let mebibytes = 0;
  const timer = setInterval(() => {
    try {
      const peak = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'));
      if (peak) mebibytes = Math.max(mebibytes, Number(peak[1]) / 1024);
    } catch {
      // it has just ended
    }
  }, 20);
  await new Promise((resolve, reject) =>
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`${command}: ${code}`)))));
  clearInterval(timer);
  return {seconds: (performance.now() - start) / 1000, mebibytes};
}

/** Zooms in from the whole run and out again, one step a frame; the times between frames. */
const zoomInAndOut = () => new Promise((resolve) => {
  const raster = document.getElementById('raster');
  const box = raster.getBoundingClientRect();
  const frames = [];
  const modes = new Set();
  const steps = 120;
  let last = performance.now();
  const step = (now) => {
    frames.push(now - last);
    last = now;
    modes.add(raster.dataset.mode);
    if (frames.length > 2 * steps) return resolve({frames: frames.slice(1), modes: [...modes]});
    raster.dispatchEvent(new WheelEvent('wheel', {
      ctrlKey: true, deltaY: frames.length <= steps ? -40 : 40, bubbles: true, cancelable: true,
      clientX: box.left + 0.6 * box.width, clientY: box.top + 100,
    }));
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
});

const {spikes} = record('long', '--tokens', process.argv[2] ?? '740');
const report = await measured(process.env.SYNFIRE, ['report', 'long.h5', '--quiet']);
const browser = await launch();
const page = await browser.newPage({viewport: {width: 1366, height: 768}});
const start = performance.now();
await page.goto(pathToFileURL(join(folder, 'long.html')).href);
await page.waitForSelector('main:not([aria-busy])');
const ready = (performance.now() - start) / 1000;
const paint = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0].startTime);
await page.locator('#spikes').scrollIntoViewIfNeeded();
await page.waitForTimeout(1000);
const {frames, modes} = await page.evaluate(zoomInAndOut);
await browser.close();
const mean = frames.reduce((a, b) => a + b, 0) / frames.length;
const slow = [...frames].sort((a, b) => a - b)[Math.floor(0.95 * frames.length)];
console.log(`spikes              ${spikes.toLocaleString('en')}
report              ${report.seconds.toFixed(1)} s, ${report.mebibytes.toFixed(0)} MiB
file                ${(statSync(join(folder, 'long.html')).size / 1e6).toFixed(1)} MB
first paint         ${(paint / 1000).toFixed(2)} s; all views ${ready.toFixed(2)} s
zoom (${modes.join(', ')})   ${(1000 / mean).toFixed(0)} frames/s in the mean, ${(1000 / slow).toFixed(0)} at the slowest 5 %`);
