/** SVG → PNG, by a renderer that is one WebAssembly file and with fonts from npm: a bare machine has neither. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { initWasm, Resvg } from '@resvg/resvg-wasm';

/** Pixels for each unit: a picture 360 wide is sharp on a phone. */
const ZOOM = 2.5;

const require = createRequire(import.meta.url);
const WASM = require.resolve('@resvg/resvg-wasm/index_bg.wasm');
const FONTS = [
  require.resolve('@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf'),
  require.resolve('@expo-google-fonts/inter/600SemiBold/Inter_600SemiBold.ttf'),
];

let ready: Promise<Uint8Array[]> | undefined;

/** Loaded at the first picture: who draws none pays for none. */
function renderer(): Promise<Uint8Array[]> {
  ready ??= (async () => {
    const [wasm, ...fonts] = await Promise.all([WASM, ...FONTS].map(file => readFile(file)));
    await initWasm(wasm!);
    return fonts;
  })();
  return ready;
}

/** Rejects for what is no SVG. Takes some ten ms of the processor for each picture. */
export async function pngOf(svg: string): Promise<Buffer> {
  const fontBuffers = await renderer();
  const drawing = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: ZOOM },
    font: { fontBuffers, defaultFontFamily: 'Inter', loadSystemFonts: false },
  });
  const image = drawing.render();
  try {
    return Buffer.from(image.asPng());
  } finally {
    image.free();
    drawing.free();
  }
}
