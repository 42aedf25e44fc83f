/** Commands in pods, and how they fail. */
import { type Executing, type Probe, probe } from '../probe.ts';

const exec = (command: string[], more: Partial<Executing['exec']> = {}): Executing => ({
  exec: { namespace: 'default', app: 'curl', container: 'curl', command, ...more },
});

export default [
  probe(
    'a command prints, and ends well',
    exec(['curl', '-s', '-o', '/dev/null', '-w', '%{http_code}', 'http://productpage:9080/productpage']),
  ),
  probe('a command that fails has an exit code', exec(['curl', '-s', '-m', '2', 'http://nowhere.invalid/'])),
  probe('a program that is not there cannot be started', exec(['no-such-program'])),
  probe('a pod that is not there is not found', exec(['curl', '--version'], { app: 'no-such-pod' })),
  probe('a container that is not there is refused', exec(['curl', '--version'], { container: 'other' })),
] satisfies Probe[];
