// SPDX-License-Identifier: Apache-2.0
// The report page in a real browser. Run by ctest (label `report`).
import assert from 'node:assert/strict';
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import {fixture, folder, launch, open, python, raster, record, synfire} from './browser.mjs';

let browser;
let page;
let json;

before(async () => {
  browser = await launch();
  json = record('run', '--tokens', '30', '--record', 'potentials:block0.attention.query[0:4]');
  page = await open(browser, ['run']);
});
after(() => browser?.close());

const wholeRun = () => page.keyboard.press('Escape');
const data = () => page.evaluate(() => JSON.parse(document.getElementById('run-0').textContent));

test('the page opens without errors and without a network', () => {
  assert.deepEqual(page.errors, []);
});

test('the numbers of the page are those of run --json', async () => {
  const {summary} = await data();
  const ofMachine = ['wall_s', 'events_per_wall_s', 'peak_rss_bytes'];
  const ofModel = ['bits_per_character_of_prompt'];
  for (const key of Object.keys(json)) {
    if (ofMachine.includes(key) || ofModel.includes(key)) continue;
    assert.deepEqual(summary[key], json[key], key);
  }
  const tiles = await page.locator('.tile').allTextContents();
  assert.ok(tiles.some((text) => text.includes(json.spikes.toLocaleString('en'))), tiles.join());
  assert.ok(tiles.some((text) => text.includes(json.packets.toLocaleString('en'))), tiles.join());
});

test('energy by layer and action adds up to that of run --json', async () => {
  const {energy} = await data();
  energy.layers.forEach((layer, i) => {
    const sum = energy.joules[i].reduce((a, b) => a + b, 0);
    assert.ok(Math.abs(sum - json.energy_j.by_layer[layer]) <= 1e-12 * sum, layer);
  });
});

test('energies of the tokens add up to that of the run', async () => {
  const joules = async () => Number(await page.locator('#energy').getAttribute('data-joules'));
  const shown = (tokens) => page.waitForFunction((t) => document.getElementById('energy').dataset.tokens === t, tokens);
  await wholeRun();
  await shown('all');
  const total = await joules();
  assert.ok(Math.abs(total - json.energy_j.total) <= 1e-9 * total);
  await page.locator('#text .token').nth(0).click();
  await page.locator('#text .token').nth(16).click({modifiers: ['Shift']});
  await shown('0-16');
  let sum = await joules();
  for (let token = 17; token < 46; ++token) {
    await page.locator('#text .token').nth(token).click();
    await shown(`${token}-${token}`);
    sum += await joules();
  }
  assert.ok(Math.abs(sum - total) <= 1e-9 * total, `${sum} of ${total}`);
});

test('the text is that of the run, a token a character', async () => {
  const text = await page.locator('#text .token').allTextContents();
  assert.equal(text.join(''), json.text);
});

test('zooming changes the raster from a density to single spikes', async () => {
  await wholeRun();
  const far = await raster(page, 'density');
  assert.equal(Number(far.spikes), json.spikes);
  const box = await page.locator('#raster').boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + 100);
  await page.keyboard.down('Control');
  for (let i = 0; i < 40 && (await page.locator('#raster').getAttribute('data-mode')) === 'density'; ++i) {
    await page.mouse.wheel(0, -200);
    await page.waitForTimeout(20);
  }
  await page.keyboard.up('Control');
  const near = await raster(page, 'points');
  assert.ok(Number(near.spikes) < 12000);
});

test('zooming goes on until single spikes are apart', async () => {
  await wholeRun();
  for (let i = 0; i < 12; ++i) await page.keyboard.press('+');
  const near = await raster(page, 'points');
  assert.ok(Number(near.spikes) < 500);
});

test('dragging over the raster zooms to what was dragged over', async () => {
  await wholeRun();
  await page.locator('#raster').scrollIntoViewIfNeeded();
  const box = await page.locator('#raster').boundingBox();
  await page.mouse.move(box.x + 400, box.y + 200);
  await page.mouse.down();
  await page.mouse.move(box.x + 460, box.y + 200, {steps: 4});
  await page.mouse.up();
  assert.match(await page.locator('.range').textContent(), /tokens? \d/);
});

test('the dots of a token are the spikes that it fired', async () => {
  await page.locator('#text .token').nth(20).click();
  const {spikes} = await raster(page, 'points');
  await page.waitForFunction(() => document.getElementById('network').dataset.tokens === '20-20');
  // The prompt is through, so tokens follow each other and share no time.
  const fired = await page.evaluate(() =>
    [...document.querySelectorAll('#network .mapping td:last-child')]
      .map((cell) => Number(cell.textContent.replace(/[^0-9]/g, ''))).reduce((a, b) => a + b, 0));
  assert.equal(Number(spikes), fired);
});

test('selecting a token moves every view to it', async () => {
  await wholeRun();
  await page.locator('#text .token').nth(24).click();
  await page.waitForFunction(() => document.getElementById('path').dataset.token === '24');
  await page.waitForFunction(() => document.getElementById('network').dataset.tokens === '24-24');
  assert.match(await page.locator('.range').textContent(), /token 24 /);
  assert.equal(await page.locator('#text .token.selected').count(), 1);
  assert.equal((await raster(page, 'points')).mode, 'points');
  const facts = await page.evaluate(() => Object.fromEntries(['latency', 'activity', 'network', 'energy']
    .map((id) => [id, {...document.getElementById(id).dataset}])));
  assert.ok(Number(facts.latency.first) <= 24 && Number(facts.latency.last) >= 24);
  assert.equal(facts.activity.tokens, '24-24');
  assert.equal(facts.network.tokens, '24-24');
  assert.equal(facts.energy.tokens, '24-24');
  assert.ok(Number(facts.energy.joules) < json.energy_j.total / 20);
});

test('keys move the selection, extend it and give it up', async () => {
  await page.locator('#text .token').nth(10).click();
  await page.keyboard.press('ArrowRight');
  assert.match(await page.locator('.range').textContent(), /token 11 /);
  await page.keyboard.press('Shift+ArrowRight');
  assert.match(await page.locator('.range').textContent(), /tokens 11–12 /);
  await wholeRun();
  assert.match(await page.locator('.range').textContent(), /whole run/);
});

test('the critical path of a token adds up to its latency', async () => {
  await page.locator('#text .token').nth(25).click();
  await page.waitForFunction(() => document.getElementById('path').dataset.token === '25');
  const text = await page.locator('#path .about').textContent();
  assert.match(text, /^Token 25: .* steps on the critical path/);
});

test('dark mode is a key away and follows the system', async () => {
  const theme = () => page.evaluate(() => document.documentElement.dataset.theme);
  assert.equal(await theme(), 'light');
  await page.keyboard.press('d');
  assert.equal(await theme(), 'dark');
  await page.keyboard.press('d');
  assert.equal(await theme(), 'light');
});

test('energy and links of a token are those of the moments at which the chip worked on it', async () => {
  await page.locator('#text .token').nth(8).click();
  await page.waitForFunction(() => document.getElementById('network').dataset.tokens === '8-8');
  const {energy, network} = await page.evaluate(() => Object.fromEntries(['energy', 'network']
    .map((id) => [id, {...document.getElementById(id).dataset}])));
  const [first, last] = energy.tokens.split('-').map(Number);
  assert.ok(first < 8 && last > 8 && last <= 16, `${energy.tokens}: tokens of a prompt overlap`);
  assert.equal(network.links, energy.tokens);
  await wholeRun();
  await page.waitForFunction(() => document.getElementById('network').dataset.links === 'all');
});

test('what links carried for single tokens adds up to what they carried in the run', async () => {
  const bits = async () => {
    const download = page.waitForEvent('download');
    await page.locator('#network .exports button', {hasText: 'CSV'}).click({modifiers: ['Shift']});
    const chunks = [];
    for await (const chunk of await (await download).createReadStream()) chunks.push(chunk);
    const [head, ...rows] = Buffer.concat(chunks).toString().trim().split('\n').map((row) => row.split(','));
    const column = head.indexOf('"selected_bits"');
    assert.ok(column > 0, head.join());
    return rows.map((row) => Number(row[column]));
  };
  const shown = (tokens) => page.waitForFunction((t) => document.getElementById('network').dataset.links === t, tokens);
  await wholeRun();
  await shown('all');
  const whole = await bits();
  const {network} = await data();
  assert.deepEqual(whole, network.link_use.bits);
  await page.locator('#text .token').nth(0).click();
  await page.locator('#text .token').nth(44).click({modifiers: ['Shift']});
  await shown('0-44');
  const most = await bits();
  await page.locator('#text .token').nth(45).click();
  await shown('45-45');
  const rest = await bits();
  assert.ok(Math.max(...rest) > 0);
  assert.deepEqual(most.map((value, i) => value + rest[i]), whole);
});

test('every chart gives itself away as PNG, SVG or CSV', async () => {
  await page.locator('#text .token').nth(20).click();
  await raster(page, 'points');
  await page.waitForTimeout(300);
  for (const id of ['spikes', 'membranes', 'latency', 'path', 'activity', 'energy', 'network']) {
    for (const kind of ['PNG', 'SVG', 'CSV']) {
      const download = page.waitForEvent('download');
      await page.locator(`#${id} .exports button`, {hasText: kind}).click({modifiers: ['Shift']});
      const file = await download;
      assert.equal(file.suggestedFilename(), `synfire-${id}.${kind.toLowerCase()}`);
      const chunks = [];
      for await (const chunk of await file.createReadStream()) chunks.push(chunk);
      const bytes = Buffer.concat(chunks);
      if (kind === 'PNG') assert.equal(bytes.subarray(1, 4).toString(), 'PNG', id);
      if (kind === 'SVG') assert.match(bytes.toString(), /^<svg[\s\S]*<\/svg>\s*$/, id);
      if (kind === 'CSV') assert.ok(bytes.toString().split('\n').length > 3, id);
    }
  }
  assert.deepEqual(page.errors, []);
});

test('several runs are compared, and each can be shown', async () => {
  const other = record('other', '--tokens', '5', '--chip', 'horowitz-45nm');
  const both = await open(browser, ['run', 'other'], 'both.html');
  assert.ok(await both.locator('#compare').isVisible());
  await both.locator('#compare th button', {hasText: 'other'}).click();
  assert.match(await both.locator('#title').textContent(), /horowitz-45nm/);
  const text = await both.locator('#text .token').allTextContents();
  assert.equal(text.join(''), other.text);
  await both.waitForTimeout(400);
  assert.deepEqual(both.errors, []);
});

test('a network with recorded input has a report without a text', async () => {
  python('bench/peer/make_model.py', fixture('bench/peer/network.h5'), 'peer.model.h5');
  const peer = record('peer', '--model', 'peer.model.h5');
  const report = await open(browser, ['peer']);
  assert.ok(!(await report.locator('#text').isVisible()));
  const {spikes} = await raster(report, 'density');
  assert.equal(Number(spikes), peer.spikes);
  const tiles = await report.locator('.tile').allTextContents();
  assert.ok(tiles.some((text) => text.startsWith('energy a presentation')), tiles.join());
  const {summary} = await report.evaluate(() => JSON.parse(document.getElementById('run-0').textContent));
  assert.deepEqual(summary.energy_j, peer.energy_j);
  assert.equal(summary.presentations, peer.presentations);
  await report.waitForTimeout(400);
  assert.deepEqual(report.errors, []);
});

test('a sweep has a page of its own, where a chip that is clicked shows its values', async () => {
  writeFileSync(join(folder, 's.yaml'), 'parameters: {neurocore: {neurons: "4, 256, 1024"}, ' +
    'multicast: {kind: "unicast, tree"}}\nworkloads: {a: {prompt: whale, tokens: 2}}\n');
  synfire('sweep', 's.yaml', '-o', 's.h5', '--quiet');
  const report = await open(browser, ['s']);
  const sweep = await report.evaluate(() => JSON.parse(document.getElementById('sweep').textContent));
  assert.equal(sweep.rows.length, 6);
  assert.match(await report.locator('#pareto .about').textContent(), /6 rows around loihi-like, 2 failed/);
  assert.equal(await report.locator('#failures tr').count(), 2);
  // Axes are sorted: the two columns are unicast and tree, or 256 and 1024 neurons.
  const map = report.locator('#map .plot');
  await map.scrollIntoViewIfNeeded();
  const box = await map.boundingBox();
  const settings = () => report.locator('#settings').textContent();
  const seen = new Set();
  for (const across of [0.25, 0.6]) {
    for (const up of [0.25, 0.6]) {
      await report.mouse.click(box.x + box.width * across, box.y + box.height * up);
      seen.add(await settings());
    }
  }
  assert.equal(seen.size, 4, [...seen].join());
  for (const text of seen) assert.match(text, /--set "neurocore.neurons=(256|1024) neurons" --set "multicast.kind=(unicast|tree)"/);
  const chosen = sweep.rows.find(({shown}) => [...seen].at(-1).includes(`=${shown[0]}"`) && [...seen].at(-1).includes(`=${shown[1]}"`));
  const energy = (chosen.metrics[0] * 1e6).toPrecision(4);
  assert.ok((await report.locator('#chip').textContent()).includes(`${energy} µJ`), energy);
  assert.deepEqual(report.errors, []);
});

test('no error has come up until the end', () => {
  assert.deepEqual(page.errors, []);
});
