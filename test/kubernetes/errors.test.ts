/** What refusals of the API server mean to a person: words of a real one, and what is said to do. */
import { describe, expect, it } from 'vitest';
import { refusal } from '../../src/kubernetes/errors.ts';

const SUBJECT = 'VirtualService default/reviews';
const refused = (code: number, reason: string, message: string) =>
  refusal(SUBJECT, code, { kind: 'Status', status: 'Failure', code, reason, message });

describe('a webhook that must be asked and is away', () => {
  // As Kubernetes 1.35 answers while Istio's has no pod.
  const why =
    'failed to call webhook: Post "https://istiod.istio-system.svc:443/validate?timeout=10s": no endpoints available for service "istiod"';
  const error = refused(
    500,
    'InternalError',
    `Internal error occurred: failed calling webhook "rev.validation.istio.io": ${why}`,
  );

  it('may be back in a moment, and is named, with where to look', () => {
    expect(error.kind).toBe('unavailable');
    expect(error.message).toMatch(
      /^VirtualService default\/reviews: the validation webhook rev\.validation\.istio\.io of istiod in istio-system does not answer/,
    );
    expect(error.message).toContain('no endpoints available');
    expect(error.advice).toBe('Look at istiod: kubectl -n istio-system get pods -l app=istiod');
  });

  it('is looked for among all where it is outside the cluster', () => {
    const outside = refused(500, 'InternalError', 'failed calling webhook "policy.example.com": EOF');
    expect(outside.message).toContain('policy.example.com does not answer');
    expect(outside.advice).toContain('kubectl get validatingwebhookconfigurations');
  });

  it('is not what any other fault of the API server is', () => {
    const other = refused(500, 'InternalError', 'etcdserver: request timed out');
    expect(other).toMatchObject({ kind: 'unavailable', advice: undefined });
  });
});

describe('a right that is missing', () => {
  it('is said to be granted by the Roles of deploy/', () => {
    const error = refused(403, 'Forbidden', 'User "system:serviceaccount:meshbot:meshbot" cannot patch resource');
    expect(error.kind).toBe('forbidden');
    expect(error.advice).toContain('kubectl apply -k deploy');
  });
});
