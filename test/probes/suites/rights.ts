/** Who may do what, and how a refusal reads. */
import type { JsonObject } from '../../../src/object.ts';
import { CONFIG_MAP, VIRTUAL_SERVICE } from '../kinds.ts';
import { get, NAMESPACE, type Probe, post, probe, quiet, type Step } from '../probe.ts';

/** Nobody has given this person any right. */
export const STRANGER = 'stranger@example.com';
const as = (user: string, step: Step): Step => ({ ...step, headers: { ...step.headers, 'impersonate-user': user } });

const attributes = { namespace: NAMESPACE, verb: 'update', group: 'networking.istio.io', resource: 'virtualservices' };
const review = (kind: string, spec: JsonObject) =>
  post(`/apis/authorization.k8s.io/v1/${kind.toLowerCase()}s`, { apiVersion: 'authorization.k8s.io/v1', kind, spec });

export default [
  probe('an administrator may', review('SelfSubjectAccessReview', { resourceAttributes: attributes })),
  probe('a stranger may not', review('SubjectAccessReview', { user: STRANGER, resourceAttributes: attributes })),
  probe('a review of nobody is refused', review('SubjectAccessReview', { resourceAttributes: attributes })),
  probe('a review of nothing is refused', review('SubjectAccessReview', { user: STRANGER })),
  probe(
    'a review of two things is refused',
    review('SubjectAccessReview', {
      user: STRANGER,
      resourceAttributes: attributes,
      nonResourceAttributes: { path: '/', verb: 'get' },
    }),
  ),
  probe(
    'a review in a namespace is asked of that namespace',
    post(`/apis/authorization.k8s.io/v1/namespaces/${NAMESPACE}/localsubjectaccessreviews`, {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'LocalSubjectAccessReview',
      metadata: { namespace: NAMESPACE },
      spec: { user: STRANGER, resourceAttributes: attributes },
    }),
  ),
  probe('a stranger may not read one', as(STRANGER, get(`${CONFIG_MAP.path}/one`))),
  probe('a stranger may not list', as(STRANGER, get(CONFIG_MAP.path))),
  probe('a stranger may not create', as(STRANGER, post(VIRTUAL_SERVICE.path, VIRTUAL_SERVICE.object('one')))),
  probe(
    'a stranger may not delete',
    quiet(post(CONFIG_MAP.path, CONFIG_MAP.object('one'))),
    as(STRANGER, { method: 'DELETE', path: `${CONFIG_MAP.path}/one` }),
  ),
  probe(
    'a stranger may not write a status',
    as(STRANGER, {
      method: 'PATCH',
      path: `/apis/meshbot.dev/v1alpha1/namespaces/${NAMESPACE}/meshchanges/one/status`,
      body: {},
      type: 'application/merge-patch+json',
    }),
  ),
  probe('a stranger may not read what is of the whole cluster', as(STRANGER, get('/api/v1/namespaces'))),
  probe(
    'a stranger may not exec',
    as(STRANGER, post(`/api/v1/namespaces/default/pods/one/exec?command=ls&stdout=true`, {})),
  ),
] satisfies Probe[];
