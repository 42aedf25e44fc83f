/** Objects written, read and deleted: the same asked of each kind. */

import type { JsonObject } from '../../../src/object.ts';
import { KINDS, type Kind } from '../kinds.ts';
import {
  apply,
  get,
  jsonPatch,
  merge,
  type Probe,
  post,
  probe,
  put,
  quiet,
  remove,
  uidOf,
  versionOf,
} from '../probe.ts';

const FIRST = 0;

export default KINDS.flatMap(probesOf);

function probesOf(kind: Kind): Probe[] {
  const { path, name: type, object, change, field } = kind;
  const one = `${path}/one`;
  const made = post(path, object('one', { labels: { color: 'red' } }));
  const given = quiet(made);
  const with_ = (more: JsonObject): JsonObject => object('one', more);
  return [
    probe(`a ${type} is created`, made),
    probe(`a ${type} that is there is not created again`, given, made),
    probe(`a ${type} without a name is refused`, post(path, { ...object('x'), metadata: {} })),
    probe(`a ${type} of another namespace is refused`, post(path, object('x', { namespace: 'default' }))),
    probe(`a ${type} with a bad name is refused`, post(path, object('Not_A_Name'))),
    probe(`a ${type} with a bad label is refused`, post(path, object('x', { labels: { 'a b': '!' } }))),
    probe(
      `a ${type} in a namespace that is not there is refused`,
      post(path.replace('/probes/', '/nowhere/'), object('x', { namespace: 'nowhere' })),
    ),
    probe(`a ${type} with a resourceVersion is not created`, post(path, object('x', { resourceVersion: '1' }))),
    probe(`a ${type} gets a generated name`, post(path, { ...object('x'), metadata: { generateName: 'some-' } })),
    probe(`a ${type} of another kind is refused`, post(path, { ...object('x'), kind: 'Other' })),
    probe(`a ${type} of another version is refused`, post(path, { ...object('x'), apiVersion: 'v0' })),
    probe(`a body that is no JSON is no ${type}`, post(path, '{ "apiVersion": ')),
    probe(`a ${type} is read`, given, get(one)),
    probe(`a ${type} that is not there is not read`, get(one)),
    probe(`a ${type} is replaced`, given, answers =>
      put(one, with_({ labels: { color: 'blue' }, resourceVersion: versionOf(answers, FIRST) })),
    ),
    probe(
      `a ${type} is replaced without a resourceVersion or is not`,
      given,
      put(one, with_({ labels: { color: 'blue' } })),
    ),
    probe(`a ${type} that moved is not replaced`, given, quiet(merge(one, change)), answers =>
      put(one, with_({ resourceVersion: versionOf(answers, FIRST) })),
    ),
    probe(`a ${type} replaced by itself keeps its version`, made, answers =>
      put(one, with_({ labels: { color: 'red' }, resourceVersion: versionOf(answers, FIRST) })),
    ),
    probe(`a ${type} is not replaced under another name`, given, put(one, object('two'))),
    probe(`a ${type} that is not there is not replaced`, put(one, with_({ resourceVersion: '1' }))),
    probe(`a ${type} with another uid is not replaced`, given, answers =>
      put(one, with_({ uid: 'other', resourceVersion: versionOf(answers, FIRST) })),
    ),
    probe(`a merge patch changes a ${type}`, made, merge(one, change)),
    probe(
      `a merge patch that changes nothing keeps the version of a ${type}`,
      made,
      quiet(merge(one, change)),
      merge(one, change),
    ),
    probe(
      `a merge patch with a stale version leaves a ${type} alone`,
      given,
      merge(one, { ...change, metadata: { ...(change.metadata as JsonObject), resourceVersion: '1' } }),
    ),
    probe(`a merge patch of a ${type} that is not there is refused`, merge(one, change)),
    probe(
      `a merge patch takes a label of a ${type} away`,
      given,
      merge(one, { metadata: { labels: { color: null } } }),
    ),
    probe(
      `a JSON patch changes a ${type}`,
      given,
      jsonPatch(one, [
        { op: 'test', path: '/metadata/labels/color', value: 'red' },
        { op: 'replace', path: field.pointer, value: field.after },
      ]),
    ),
    probe(
      `a JSON patch whose test fails leaves a ${type} alone`,
      given,
      jsonPatch(one, [{ op: 'test', path: '/metadata/labels/color', value: 'green' }]),
    ),
    probe(
      `a JSON patch of what a ${type} has not is refused`,
      given,
      jsonPatch(one, [{ op: 'remove', path: '/metadata/annotations/none' }]),
    ),
    probe(`a patch of a ${type} with another name is refused`, given, merge(one, { metadata: { name: 'two' } })),
    probe(`a patch of a ${type} of an unknown type is refused`, given, { ...merge(one, change), type: 'text/plain' }),
    probe(`apply makes a ${type}`, apply(`${one}?fieldManager=first`, object('one'))),
    probe(`apply wants a manager for a ${type}`, apply(one, object('one'))),
    probe(
      `apply of the same ${type} twice keeps its version`,
      apply(`${one}?fieldManager=first`, object('one')),
      apply(`${one}?fieldManager=first`, object('one')),
    ),
    probe(`a dry run creates no ${type}`, post(`${path}?dryRun=All`, object('one')), get(one)),
    probe(`a dry run patches no ${type}`, given, merge(`${one}?dryRun=All`, change), get(one)),
    probe(`a dry run deletes no ${type}`, given, remove(`${one}?dryRun=All`), get(one)),
    probe(`an unknown dry run of a ${type} is refused`, post(`${path}?dryRun=Some`, object('one'))),
    probe(`a dry run in the body deletes no ${type}`, given, remove(one, { dryRun: ['All'] }), get(one)),
    probe(
      `a dry run in the query of a deletion with a body deletes the ${type}`,
      given,
      remove(`${one}?dryRun=All`, {}),
      get(one),
    ),
    probe(`a ${type} is deleted`, given, remove(one), get(one)),
    probe(`a ${type} that is not there is not deleted`, remove(one)),
    probe(`a ${type} with another uid is not deleted`, given, remove(one, { preconditions: { uid: 'other' } })),
    probe(`a ${type} of that uid is deleted`, given, answers =>
      remove(one, { preconditions: { uid: uidOf(answers, FIRST) } }),
    ),
    probe(`a ${type} that moved is not deleted`, given, remove(one, { preconditions: { resourceVersion: '1' } })),
    probe(
      `a ${type} with a finalizer stays until it is taken away`,
      quiet(post(path, object('one', { finalizers: ['meshbot.dev/probe'] }))),
      remove(one),
      get(one),
      merge(one, { metadata: { finalizers: null } }),
      get(one),
    ),
    probe(
      `a field that a ${type} does not have is told of`,
      post(`${path}?fieldValidation=Warn`, { ...object('one'), wrong: 1 }),
    ),
    probe(
      `a field that a ${type} does not have is refused`,
      post(`${path}?fieldValidation=Strict`, { ...object('one'), wrong: 1 }),
    ),
    probe(
      `a field that a ${type} does not have is ignored`,
      post(`${path}?fieldValidation=Ignore`, { ...object('one'), wrong: 1 }),
    ),
    probe(
      `a field of a ${type} that is there twice is refused`,
      post(`${path}?fieldValidation=Strict`, JSON.stringify(object('one')).replace('{', '{"kind":"X",')),
    ),
  ];
}
