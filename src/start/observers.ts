/** Hands what the rooms observe to the meters. */
import type { Observer } from '../change/context.ts';
import type { Meters } from '../health/metrics.ts';
import type { Observed } from '../kubernetes/client.ts';
import type { SlackMeter } from '../slack/intake.ts';

export function observers(meters: Meters): {
  slack: SlackMeter;
  kubernetes(observed: Observed): void;
  changes: Observer;
} {
  let sockets = 0;
  meters.gauge('slack_connections', 'Open sockets to Slack.', () => sockets);
  return {
    slack: {
      envelope: type => meters.envelope(type),
      acked: (type, took) => meters.acknowledged(type, took / 1_000),
      sockets(open) {
        sockets = open;
      },
    },
    kubernetes: ({ method, code, took }) => meters.requested(method, code, took / 1_000),
    changes: {
      phase: (_, to) => meters.entered(to),
      decision: (kind, verdict) => meters.decided(kind, verdict),
      step: (name, ms, ok) => meters.stepped(name, ms / 1_000, ok),
      takeover: () => meters.tookOver(),
    },
  };
}
