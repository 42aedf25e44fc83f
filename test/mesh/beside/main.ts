/** Runs beside the cluster, in its network: Istio's metrics out of the proxies' access logs, and load balancers. */
import { createServer } from 'node:http';
import { setInterval } from 'node:timers/promises';
import { KubeClient } from '../../../src/kubernetes/client.ts';
import { loadConfig } from '../../../src/kubernetes/config.ts';
import { exposition } from '../../../src/sandbox/mesh/metrics/exposition.ts';
import { Meter } from '../../../src/sandbox/mesh/metrics/meter.ts';
import { systemClock } from '../../../src/system.ts';
import { KUBECONFIG, PORT } from '../places.ts';
import { POD_LOGS } from '../run/node.ts';
import { reportedBy } from './access-log.ts';
import { balance } from './balancer.ts';
import { observe } from './observe.ts';
import { Pods } from './pods.ts';
import { LogTails } from './tails.ts';

/** ms. Proxies write their logs out once a second. */
const EACH = 500;
/** Looks at the cluster are fewer: they cost the API server more. */
const LOOK = 4;

const client = new KubeClient(loadConfig({ kind: 'kubeconfig', path: KUBECONFIG }), { clock: systemClock });
const meter = new Meter(systemClock);
const pods = new Pods(client);
const tails = new LogTails(POD_LOGS);

createServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(exposition(meter));
}).listen(PORT.metrics, '127.0.0.1');

let round = 0;
for await (const _ of setInterval(EACH)) {
  try {
    if (round++ % LOOK === 0) {
      await pods.refresh();
      await balance(client, pods.services);
    }
    for (const { pod, line } of tails.read()) observe(meter, reportedBy(line), pod, pods);
  } catch (error) {
    // The API server comes and goes in tests.
    process.stderr.write(`${error}\n`);
  }
}
