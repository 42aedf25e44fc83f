/** Runs a command in a container of the local cluster: there is a curl, and nothing else. */
import type { Ran } from './curl/curl.ts';
import { curl } from './curl/curl.ts';
import type { Surroundings } from './proxy/surroundings.ts';
import { workloadOf } from './proxy/workload.ts';

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
  const failure = 'OCI runtime exec failed: exec failed: unable to start container process';
  if (SHELLS.has(program)) return refused(126, `${failure}: exec: "${program}": permission denied`);
  return refused(127, `${failure}: exec: "${program}": executable file not found in $PATH`);
}

function refused(exitCode: number, why: string): Ran {
  return { stdout: '', stderr: `${why}\n`, exitCode };
}
