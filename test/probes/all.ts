/** All probes by suite. */
import type { Probe } from './probe.ts';
import applies from './suites/applies.ts';
import discovery from './suites/discovery.ts';
import execs from './suites/execs.ts';
import istio from './suites/istio.ts';
import lists from './suites/lists.ts';
import objects from './suites/objects.ts';
import rights from './suites/rights.ts';
import status from './suites/status.ts';
import watches from './suites/watches.ts';

export const SUITES: Record<string, Probe[]> = {
  applies,
  discovery,
  execs,
  istio,
  lists,
  objects,
  rights,
  status,
  watches,
};
