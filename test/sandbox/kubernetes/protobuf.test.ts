import { expect, test } from 'vitest';
import { start } from './local.ts';

/** Bodies as kubectl 1.32 sent them. */
const CAN_I =
  'azhzAAoyChdhdXRob3JpemF0aW9uLms4cy5pby92MRIXU2VsZlN1YmplY3RBY2Nlc3NSZXZpZXcSWQoQCgASABoAIgAqADIAOABCABI7CjkKBHNob3ASBXBhdGNoGhNuZXR3b3JraW5nLmlzdGlvLmlvIgAqD3ZpcnR1YWxzZXJ2aWNlczIAOgAaCAgAEgAaACAAGgAiAA==';
const NAMESPACE = 'azhzAAoPCgJ2MRIJTmFtZXNwYWNlEhwKFAoEc2hvcBIAGgAiACoAMgA4AEIAEgAaAgoAGgAiAA==';
const SECRET = 'azhzAAoMCgJ2MRIGU2VjcmV0Eh0KEQoBcxIAGgAiACoAMgA4AEIAEgYKAWESAWIaABoAIgA=';
const ROLE =
  'azhzAAokChxyYmFjLmF1dGhvcml6YXRpb24uazhzLmlvL3YxEgRSb2xlEiIKEQoBchIAGgAiACoAMgA4AEIAEg0KA2dldBIAGgRwb2RzGgAiAA==';

async function post(url: string, body: string): Promise<{ code: number; body: unknown }> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/vnd.kubernetes.protobuf' },
    body: Buffer.from(body, 'base64'),
  });
  return { code: response.status, body: await response.json() };
}

test('kubectl auth can-i is answered', async () => {
  const { kubernetes } = await start();
  const url = `${kubernetes.url}/apis/authorization.k8s.io/v1/selfsubjectaccessreviews`;
  expect((await post(url, CAN_I)).body).toMatchObject({
    kind: 'SelfSubjectAccessReview',
    spec: {
      resourceAttributes: {
        namespace: 'shop',
        verb: 'patch',
        group: 'networking.istio.io',
        resource: 'virtualservices',
      },
    },
    status: { allowed: true },
  });
  kubernetes.rights.deny({ namespace: 'shop' });
  expect((await post(url, CAN_I)).body).toMatchObject({ status: { allowed: false } });
});

test('kubectl create namespace and create secret are read', async () => {
  const { kubernetes } = await start();
  expect(await post(`${kubernetes.url}/api/v1/namespaces`, NAMESPACE)).toMatchObject({
    code: 201,
    body: { metadata: { name: 'shop' }, status: { phase: 'Active' } },
  });
  expect(await post(`${kubernetes.url}/api/v1/namespaces/shop/secrets`, SECRET)).toMatchObject({
    code: 201,
    body: { metadata: { name: 's', namespace: 'shop' }, data: { a: 'Yg==' }, type: 'Opaque' },
  });
});

test('a kind that is read only as JSON or YAML is 415', async () => {
  const { kubernetes } = await start();
  const answer = await post(`${kubernetes.url}/apis/rbac.authorization.k8s.io/v1/namespaces/default/roles`, ROLE);
  expect(answer).toMatchObject({ code: 415, body: { reason: 'UnsupportedMediaType' } });
});
