/** Watches: what is told, what is told again, and what is too old. */
import { CONFIG_MAP, KINDS, type Kind } from '../kinds.ts';
import { get, merge, type Probe, post, probe, quiet, remove } from '../probe.ts';

export default [...KINDS.flatMap(probesOf), ...others()];

function probesOf({ path, name: type, object, change }: Kind): Probe[] {
  const one = `${path}/one`;
  const red = { labels: { probe: 'watches', color: 'red' } };
  const own = `${path}?labelSelector=color%3Dred`;
  return [
    probe(`a watch tells what becomes of a ${type}`, {
      watch: own,
      during: [post(path, object('one', red)), merge(one, { metadata: { annotations: { a: 'b' } } }), remove(one)],
    }),
    probe(
      `a watch is not told that nothing changed of a ${type}`,
      quiet(post(path, object('one', red))),
      quiet(merge(one, change)),
      { watch: `${path}?labelSelector=probe%3Dwatches`, during: [merge(one, change)] },
    ),
    probe(`a ${type} that loses its label is deleted for a watch`, quiet(post(path, object('one', red))), {
      watch: own,
      during: [merge(one, { metadata: { labels: { color: 'none' } } })],
    }),
    probe(`a ${type} that gets its label is added for a watch`, quiet(post(path, object('one'))), {
      watch: own,
      during: [merge(one, { metadata: { labels: { color: 'red' } } })],
    }),
    probe(`a watch by name tells of one ${type}`, {
      watch: `${path}?fieldSelector=metadata.name%3Done`,
      during: [post(path, object('one')), post(path, object('two'))],
    }),
    probe(`a watch without a version begins with the ${type}s that are there`, quiet(post(path, object('one', red))), {
      watch: own,
      from: '',
    }),
    probe(`a watch from 0 begins with the ${type}s that are there`, quiet(post(path, object('one', red))), {
      watch: own,
      from: '0',
    }),
    probe(`a watch tells no dry run of a ${type}`, {
      watch: own,
      during: [post(`${path}?dryRun=All`, object('one', red))],
    }),
  ];
}

function others(): Probe[] {
  const { path } = CONFIG_MAP;
  return [
    probe('a watch from a bad version is refused', { watch: path, from: 'nonsense' }),
    probe('a watch by a bad label is refused', { watch: `${path}?labelSelector=a+b+c`, from: '1' }),
    probe('a watch of a kind that is not served is refused', { watch: '/api/v1/nothings', from: '1' }),
    probe(
      'a watch with a match but without a version is refused',
      get(`${path}?watch=true&resourceVersionMatch=NotOlderThan&timeoutSeconds=1`),
    ),
  ];
}
