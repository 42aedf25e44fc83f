/** What a client asks first: which kinds there are. */
import { get, type Probe, probe } from '../probe.ts';

export default [
  probe('the server is ready', get('/readyz')),
  probe('the server is alive', get('/livez')),
  probe('the core group’s versions', get('/api')),
  probe('a group that is not', get('/apis/nothing.example')),
  probe('a version that is not', get('/apis/networking.istio.io/v9')),
] satisfies Probe[];
