/** A shift of Bookinfo's reviews by steps, begun; and what is looked at of it. */
import { Lab } from './lab.ts';

export const LINE = 'shift reviews v3 5,25,50,100 --every 2m --gate errors<1% --gate p95<500ms';
export const GOOD = { v1: { rate: 90, errors: 0, p95: 40 }, v3: { rate: 10, errors: 0.001, p95: 50 } };
export const BAD = { v1: { rate: 90, errors: 0, p95: 40 }, v3: { rate: 10, errors: 0.2, p95: 50 } };
export const BEFORE = { v1: 100 };

/** Approved, and its first step in the mesh. */
export async function begun(metrics: Lab['metrics'] = GOOD, line = LINE): Promise<Lab> {
  const lab = new Lab();
  lab.metrics = metrics;
  await lab.begin(line);
  return lab;
}

export const step = (lab: Lab) => lab.status().progress?.step;

/** Shares that were written for v3, in order. */
export const shares = (lab: Lab) =>
  lab.api.commits.flatMap(({ result }) => {
    const found = JSON.stringify(result?.spec).match(/"v3"},"weight":(\d+)/);
    return found ? [Number(found[1])] : [];
  });
