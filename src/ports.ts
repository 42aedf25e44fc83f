/** What the core needs from outside, and what the outside may ask of it. Every effect, clock and random number comes in here. */
export * from './ports/chat.ts';
export * from './ports/cluster.ts';
export * from './ports/desk.ts';
export * from './ports/probe.ts';
export * from './ports/system.ts';
export * from './ports/telemetry.ts';
