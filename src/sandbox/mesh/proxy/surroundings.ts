/** What the proxies and apps of the local mesh share: configuration, clock, chance, and where they report to. */
import type { World } from '../../../istio/world.ts';
import type { Clock, Random } from '../../../ports.ts';
import type { App } from '../apps/app.ts';
import type { Meter } from '../metrics/meter.ts';
import type { SpanStore } from '../tracing/store.ts';
import type { Answer, Inbound } from './messages.ts';
import type { Workload } from './workload.ts';

export interface Surroundings {
  clock: Clock;
  random: Random;
  /** The mesh as this pod's proxy has it: older than the cluster's where it is frozen. */
  configOf(namespace: string, pod: string): World;
  /** The cluster as it is: which pods run. */
  cluster(): World;
  spans: SpanStore;
  meter: Meter;
  /** The program that runs in pods of an app. */
  appOf(name: string): App;
  /** A request of a program in a pod, through the pod's proxy if it has one. */
  call(from: Workload, request: Inbound, signal: AbortSignal): Promise<Answer>;
  /** Headers that apps fail to pass on. */
  lost: Set<string>;
}

/** A number from 0 up to, not including, 1. */
export function draw(random: Random): number {
  return Number.parseInt(random.hex(6), 16) / 2 ** 48;
}

export function pick<T>(random: Random, from: T[]): T | undefined {
  return from[Math.floor(draw(random) * from.length)];
}
