// SPDX-License-Identifier: Apache-2.0
// What the browser tests share: recordings made with the program, and a page in Chromium.
import {execFileSync} from 'node:child_process';
import {existsSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {createRequire} from 'node:module';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath, pathToFileURL} from 'node:url';

const skipped = 77; // ctest's SKIP_RETURN_CODE
const pageFolder = fileURLToPath(new URL('../../analysis/report/', import.meta.url));

/** Chromium of the system; without one the tests are skipped, loudly, or fail in CI. */
export function chromiumPath() {
  const candidates = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
  const found = candidates.find((path) => path && existsSync(path));
  if (found) return found;
  console.error('\n*** SKIPPED: no Chromium here, so nobody has looked at the report page. ' +
    'Install it (Debian: apt-get install chromium) or set CHROMIUM. ***\n');
  process.exit(process.env.CI ? 1 : skipped);
}

export const folder = mkdtempSync(join(tmpdir(), 'synfire-report-'));
process.on('exit', () => rmSync(folder, {recursive: true, force: true}));

export function synfire(...args) {
  return execFileSync(process.env.SYNFIRE, args, {cwd: folder, encoding: 'utf8', stdio: 'pipe'});
}

/** Runs the shipped model; the numbers of `--json`. */
export function record(name, ...args) {
  synfire('run', '--quiet', '--out', `${name}.h5`, '--json', `${name}.json`, ...args);
  return JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'));
}

/** A file of the tests. */
export const fixture = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** Runs a script of the tests with the Python that has h5py. */
export function python(script, ...args) {
  execFileSync('/usr/bin/python3', [fixture(script), ...args], {cwd: folder});
}

export async function launch() {
  const {chromium} = createRequire(pageFolder)('playwright-core');
  return chromium.launch({executablePath: chromiumPath(), args: ['--no-sandbox']});
}

/** The report of recordings, opened; `errors` gathers what goes wrong in the page. */
export async function open(browser, names, output = `${names[0]}.html`) {
  synfire('report', ...names.map((name) => `${name}.h5`), '-o', output, '--quiet');
  const context = await browser.newContext({viewport: {width: 1366, height: 768}, offline: true});
  const page = await context.newPage();
  page.errors = [];
  page.on('pageerror', (error) => page.errors.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && page.errors.push(message.text()));
  await page.goto(pathToFileURL(join(folder, output)).href);
  await page.waitForSelector('main:not([aria-busy])');
  return page;
}

/** Waits until the raster shows what is asked for, exactly; its facts. */
export async function raster(page, mode) {
  await page.waitForFunction((wanted) => {
    const {mode: now, exact} = document.getElementById('raster').dataset;
    return now === wanted && exact === 'true';
  }, mode);
  return page.evaluate(() => ({...document.getElementById('raster').dataset}));
}
