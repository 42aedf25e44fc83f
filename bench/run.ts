/** `npm run bench [name…]`: every figure is a ratio of two things measured side by side in this one run. */
import { acks, acksAmongServices } from './acks.ts';
import { back } from './back.ts';
import { checking } from './checking.ts';
import type { Outcome, Unmeasured } from './figures.ts';
import { live } from './live.ts';
import { moments } from './moments.ts';
import { reflector } from './reflector.ts';
import { requests } from './requests.ts';

const BENCHES: Record<string, () => Promise<(Outcome | Unmeasured)[]>> = {
  B1: acks,
  'B1-services': acksAmongServices,
  'B2-B3': moments,
  B4: live,
  B5: requests,
  B6: reflector,
  B7: checking,
  B8: back,
};

/** Runs only when it is named: to make its cluster alone takes most of a minute. */
const LARGE: ReadonlySet<string> = new Set(['B1-services']);

const wanted = process.argv.slice(2);
const names = Object.keys(BENCHES).filter(name => (wanted.length === 0 ? !LARGE.has(name) : wanted.includes(name)));
if (names.length === 0) {
  console.error(`There is no such benchmark. There are: ${Object.keys(BENCHES).join(', ')}.`);
  process.exit(2);
}
let kept = true;
for (const name of names) {
  for (const measured of await BENCHES[name]!()) {
    if ('why' in measured) {
      console.log(`skip ${measured.name}: ${measured.why}`);
      continue;
    }
    const { name: title, what, value, bound, figures } = measured;
    const ok = value <= bound;
    kept &&= ok;
    console.log(`${ok ? 'ok  ' : 'OVER'} ${title}: ${value.toFixed(2)} (bound ${bound})  ${what}`);
    console.log(
      `       ${Object.entries(figures)
        .map(([key, text]) => `${key} ${text}`)
        .join(' · ')}`,
    );
  }
}
process.exit(kept ? 0 : 1);
