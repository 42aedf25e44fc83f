/** Starts the browser that tests drive: the headless Chromium that comes by npm, so that a bare machine has it too. */
import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import chromium, { inflate } from '@sparticuz/chromium';
import { type Browser, chromium as playwright } from 'playwright-core';

/** Close it in `afterAll`. */
export async function openBrowser(): Promise<Browser> {
  const executablePath = await unpacked();
  const env = { ...process.env, FONTCONFIG_FILE: await fontConfig() };
  try {
    return await launch(executablePath, env);
  } catch (error) {
    if (!String(error).includes('shared libraries')) throw error;
    // A machine without the libraries of a desktop: the package has them too.
    const bin = join(dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')), '..', 'bin');
    await inflate(join(bin, 'al2023.tar.br'));
    return await launch(executablePath, { ...env, LD_LIBRARY_PATH: join(tmpdir(), 'al2023', 'lib') });
  }
}

function launch(executablePath: string, env: NodeJS.ProcessEnv): Promise<Browser> {
  const set = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return playwright.launch({
    executablePath,
    env: Object.fromEntries(set),
    args: [...chromium.args.filter(arg => !unwanted.test(arg)), '--disable-gpu'],
    headless: true,
  });
}

/**
 * One process for everything saves memory where it is billed, and takes the browser down with its first page. And where
 * there is no graphics card, to pretend one draws the page at ten times the work: each turn of a spinner, each picture.
 */
const unwanted = /^--(single-process|headless|ignore-gpu-blocklist|in-process-gpu)/;
chromium.setGraphicsMode = false;

/** How long one process may take to unpack the browser before another takes over (ms). */
const patience = 60_000;

/** Unpacks once a machine: two test files that start at the same time must not write the same file. */
async function unpacked(): Promise<string> {
  const lock = join(tmpdir(), 'chromium-unpacking');
  for (;;) {
    const held = await mkdir(lock).then(
      () => true,
      () => false,
    );
    if (held) break;
    const since = await stat(lock).then(
      found => found.mtimeMs,
      () => Date.now(),
    );
    if (Date.now() - since > patience) {
      await rm(join(tmpdir(), 'chromium'), { force: true });
      await rm(lock, { recursive: true, force: true });
    }
    await sleep(100);
  }
  try {
    return await chromium.executablePath();
  } finally {
    await rm(lock, { recursive: true, force: true });
  }
}

/** The package's own font beside the machine's, so that pictures look alike everywhere. */
async function fontConfig(): Promise<string> {
  const file = join(tmpdir(), 'chromium-fonts.conf');
  const folders = [join(tmpdir(), 'fonts'), '/usr/share/fonts', '/usr/local/share/fonts'];
  const list = folders.map(folder => `<dir>${folder}</dir>`).join('');
  await writeFile(
    file,
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>${list}<cachedir>${join(tmpdir(), 'fonts-cache')}</cachedir></fontconfig>`,
  );
  return file;
}
