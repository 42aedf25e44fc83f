/**
 * SVG → PNG on a thread of its own, by a renderer that is one WebAssembly file and with fonts from npm: a bare machine
 * has neither. A picture takes some ten ms, in which nobody would be acknowledged on the main thread.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { parentPort } from 'node:worker_threads';
import { initWasm, Resvg } from '@resvg/resvg-wasm';
import type { Drawn, ToDraw } from './png.ts';

/** Pixels for each unit: a picture 360 wide is sharp on a phone. */
const ZOOM = 2.5;

const require = createRequire(import.meta.url);
const WASM = require.resolve('@resvg/resvg-wasm/index_bg.wasm');
const FONTS = [
  require.resolve('@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf'),
  require.resolve('@expo-google-fonts/inter/600SemiBold/Inter_600SemiBold.ttf'),
];

async function load(): Promise<Uint8Array[]> {
  const [wasm, ...fonts] = await Promise.all([WASM, ...FONTS].map(file => readFile(file)));
  await initWasm(wasm!);
  return fonts;
}

function render(svg: string, fontBuffers: Uint8Array[]): Uint8Array {
  const drawing = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: ZOOM },
    font: { fontBuffers, defaultFontFamily: 'Inter', loadSystemFonts: false },
  });
  const image = drawing.render();
  try {
    return image.asPng();
  } finally {
    image.free();
    drawing.free();
  }
}

const loaded = load();

parentPort?.on('message', async ({ id, svg }: ToDraw) => {
  let drawn: Drawn;
  try {
    drawn = { id, png: render(svg, await loaded) };
  } catch (error) {
    drawn = { id, error: error instanceof Error ? error.message : String(error) };
  }
  parentPort?.postMessage(drawn);
});
