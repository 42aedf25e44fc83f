/**
 * Make before break: between two writes no route may name a subset that is not there yet, or no more. A rule is written
 * before the routes that need it, and loses a subset after the routes that named it.
 */
import { Overlay } from '../overlay.ts';
import type { Check } from './check.ts';
import { missing } from './subsets.ts';

export const order: Check = {
  about: 'change',
  rules: [
    {
      code: 'make-before-break',
      severity: 'error',
      what: 'Between two of its writes a route would name a subset that is not there yet, or no more: 503 for as long.',
      fix: 'Write the DestinationRule before the routes that need it, and take subsets away after them.',
      source:
        'https://istio.io/latest/docs/ops/best-practices/traffic-management/#avoid-503-errors-while-reconfiguring-service-routes',
    },
  ],
  find: context => {
    const { before, after, writes } = context;
    if (writes.length < 2) return [];
    const asked = (world: typeof before) => missing(world, context).filter(({ code }) => code === 'subset-missing');
    const named = ({ path, message }: { path: string; message: string }) => `${path.split('spec.')[0]} ${message}`;
    // What was wrong before, or is at the end, is told by itself.
    const told = new Set([...asked(before), ...asked(after)].map(named));
    const seen = new Set<string>();
    return writes.slice(0, -1).flatMap((_, index) =>
      asked(new Overlay(before, writes.slice(0, index + 1))).flatMap(finding => {
        const name = named(finding);
        if (told.has(name) || seen.has(name)) return [];
        seen.add(name);
        return [
          {
            code: 'make-before-break',
            severity: finding.severity,
            path: finding.path,
            message: `Until the next write: ${finding.message}`,
            fix: 'Write the DestinationRule before the routes that need it, and take subsets away after them.',
          },
        ];
      }),
    );
  },
};
