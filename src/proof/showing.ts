/** Whether one look shows the change: right in itself, and not what could have been seen before it too. */
import type { Receipt } from '../change/meshchange.ts';
import type { Split } from '../plan.ts';
import { MOST, notRuledOut, requestsToSee, requestsToTell, sameAsBefore, sureOf } from './apart.ts';
import type { Judged } from './judging.ts';
import type { Look } from './look.ts';
import type { ProofOptions, ProofPorts } from './looking.ts';
import { type Besides, judgeRound, lookOn, lookRound, type Sendable } from './round.ts';

export interface Shown {
  look: Look;
  judged: Judged;
  own: Judged;
  besides: Besides;
}

export interface Going {
  holding: Promise<Receipt['proxies']>;
  /** How often it was tried to tell the new from the old, and how often more requests were sent for it. */
  counter: { looks: number; grown: number };
  isLast(): boolean;
}

/**
 * One look; with more requests where these could have gone so before, and more of them would tell. Throws ProbeError when
 * a request must not or cannot be sent.
 */
export async function showOnce(
  expectation: Sendable,
  ports: ProofPorts,
  options: ProofOptions,
  { holding, counter, isLast }: Going,
): Promise<Shown> {
  let round = await lookRound(expectation, ports, options);
  for (let mayGrow = true; ; mayGrow = false) {
    const { look } = round;
    const found = await judgeRound(round, expectation, ports, options);
    if (found.judged.verdict !== 'proven') return { look, ...found };
    counter.looks += 1;
    const sure = sureOf(options.confidence, counter.looks);
    const left = notRuledOut(expectation, { seen: look.seen, ...found.besides }, sure);
    const isApart = left !== undefined && left.length === 0;
    // Proxies that hold it tell more than any number of requests; asking them may take its time.
    const held = isApart ? undefined : await holding;
    const isShown = isApart || (held?.hold ?? 0) > 0;
    const more =
      mayGrow && (counter.grown === 0 || isLast())
        ? missing(expectation, look, isShown ? undefined : sureOf(options.confidence, counter.looks + 1))
        : 0;
    if (more === 0 || options.signal?.aborted) {
      if (isShown) return { look, ...found };
      const summary = `${sameAsBefore(expectation, left, held)}; ${found.judged.summary}`;
      return { look, ...found, judged: { ...found.judged, verdict: 'not-proven', summary } };
    }
    counter.grown += 1;
    round = await lookOn(round, more, expectation, ports, options);
  }
}

/** How many more requests would see what was not seen yet and, where nothing else does, tell it from before at `sure` percent. */
function missing(expectation: Split, look: Look, sure: number | undefined): number {
  const known = Object.values(look.seen).reduce((sum, count) => sum + count, 0);
  const toTell = sure === undefined ? 0 : (requestsToTell(expectation, sure) ?? 0);
  const wanted = Math.max(toTell, requestsToSee(expectation, look.seen));
  if (wanted <= known) return 0;
  // Of some the way does not become known.
  const sent = Math.min(MOST, Math.ceil((wanted * look.sent) / known));
  return Math.max(0, sent - look.sent);
}
