/** What is written is what was shown: no field that a write changes may be missing from its diff. */
import { describe, expect, it } from 'vitest';
import { hashOf } from '../../src/change/digest.ts';
import { diffOf } from '../../src/change/yaml-diff.ts';
import type { KubeObject, ObjectMeta } from '../../src/object.ts';
import { type Rendered, render } from '../../src/slack/blocks/render.ts';

const object = (metadata: Partial<ObjectMeta>, more: Partial<KubeObject> = {}): KubeObject => ({
  ...{ apiVersion: 'networking.istio.io/v1', kind: 'VirtualService' },
  metadata: { name: 'reviews', namespace: 'default', uid: 'u', resourceVersion: '7', ...metadata },
  spec: { hosts: ['reviews'] },
  ...more,
});
const ref = { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', namespace: 'default', name: 'reviews' };
const diff = (before: KubeObject, after: KubeObject): string => diffOf({ ref, before, after }, hashOf([before, after]));

describe('a diff shows', () => {
  const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'owner-x', uid: 'o' };
  it.each<[string, KubeObject, RegExp]>([
    ['a label', object({ labels: { team: 'blue-x' } }), /^\+ +team: blue-x$/m],
    ['an annotation', object({ annotations: { 'a/b': 'note-x' } }), /^\+ +a\/b: note-x$/m],
    ['an owner', object({ ownerReferences: [owner] }), /^\+ +name: owner-x$/m],
    ['a finalizer', object({ finalizers: ['keep/x'] }), /^\+ +- keep\/x$/m],
    ['a field beside spec', object({}, { data: { key: 'value-x' } }), /^\+ +key: value-x$/m],
    ['text of many lines as such', object({ annotations: { a: 'one\n- two-x' } }), /^\+ +- two-x$/m],
  ])('%s', (_, after, line) => {
    expect(diff(object({}), after)).toMatch(line);
  });

  it('nothing that only the cluster keeps', () => {
    const after = object({ resourceVersion: '8', generation: 3, managedFields: [{ manager: 'x' }] });
    expect(diff(object({}), after)).toBe('');
  });

  it('what does not fit as cut, with the whole in a file whose hash the message names', () => {
    const hosts = Array.from({ length: 20_000 }, (_, index) => `host-${index}.example.com`);
    const text = diff(object({}), object({}, { spec: { hosts } }));
    const part = { kind: 'code' as const, language: 'diff' as const, title: 'Change it', text, file: 'it.diff' };
    const drawn: Rendered = render({ text: 'x', parts: [part] }, { surface: 'message', files: true });
    const [file] = drawn.files;
    expect(file?.text).toBe(text);
    expect(JSON.stringify(drawn.blocks)).toMatch(
      new RegExp(`more of \\d+ lines, whole in it.diff \\(sha256 ${file?.hash}`),
    );
  });
});
