/** Runs a command in a container of the local cluster: there is a curl, and in proxies what asks Envoy for its routes. */
import { configDump } from './admin/config-dump.ts';
import type { Ran } from './curl/curl.ts';
import { curl } from './curl/curl.ts';
import type { Surroundings } from './proxy/surroundings.ts';
import { type Workload, workloadOf } from './proxy/workload.ts';

export interface ExecRequest {
  namespace: string;
  pod: string;
  container?: string;
  command: string[];
}

const SHELLS = new Set(['sh', 'bash', 'ash', '/bin/sh', '/bin/bash']);

/** Exit codes as a container runtime gives them: 126 for what may not be run, 127 for what is not there. */
export async function exec(mesh: Surroundings, request: ExecRequest): Promise<Ran> {
  const pod = mesh.cluster().get('Pod', request.namespace, request.pod);
  if (!pod) return refused(1, `pods "${request.pod}" not found`);
  const containers = (pod.spec?.containers ?? []) as { name?: string }[];
  const container = request.container ?? containers[0]?.name;
  if (!containers.some(each => each.name === container)) {
    return refused(1, `container ${container} is not valid for pod ${request.pod}`);
  }
  const [program = '', ...words] = request.command;
  if (program === 'curl' || program === '/usr/bin/curl') {
    const workload = workloadOf(pod);
    // What the proxy itself sends does not pass through the proxy.
    return curl(mesh, container === 'istio-proxy' ? { ...workload, sidecar: false } : workload, words);
  }
  if (container === 'istio-proxy' && (program === 'pilot-agent' || program === '/usr/local/bin/pilot-agent')) {
    return pilotAgent(mesh, workloadOf(pod), words);
  }
  const failure = 'OCI runtime exec failed: exec failed: unable to start container process';
  if (SHELLS.has(program)) return refused(126, `${failure}: exec: "${program}": permission denied`);
  return refused(127, `${failure}: exec: "${program}": executable file not found in $PATH`);
}

/** `pilot-agent request GET config_dump?resource=dynamic_route_configs`, and nothing else of it. */
function pilotAgent(mesh: Surroundings, workload: Workload, [verb, method, path = '']: string[]): Ran {
  const [page, query] = path.replace(/^\//, '').split('?');
  if (verb !== 'request' || method?.toUpperCase() !== 'GET')
    return refused(1, 'Error: unknown command for "pilot-agent"');
  if (page !== 'config_dump') return refused(1, `error: invalid path. admin commands are: config_dump`);
  if (new URLSearchParams(query).get('resource') !== 'dynamic_route_configs') {
    return refused(1, 'error: here only resource=dynamic_route_configs is told');
  }
  const named = new URLSearchParams(query).get('name_regex');
  const dump = configDump(mesh.configOf(workload.namespace, workload.pod), workload, named ?? undefined);
  return { stdout: `${JSON.stringify(dump)}\n`, stderr: '', exitCode: 0 };
}

function refused(exitCode: number, why: string): Ran {
  return { stdout: '', stderr: `${why}\n`, exitCode };
}
