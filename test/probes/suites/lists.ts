/** Lists: selectors, pages, tables. */
import { CONFIG_MAP, KINDS, type Kind, VIRTUAL_SERVICE } from '../kinds.ts';
import { get, metaOf, type Probe, post, probe, quiet, remove } from '../probe.ts';

const TABLE = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json' };

export default [...KINDS.flatMap(probesOf), ...others()];

function probesOf({ path, name: type, object }: Kind): Probe[] {
  const own = 'labelSelector=probe%3Dlists';
  const labelled = (name: string, color: string) =>
    quiet(post(path, object(name, { labels: { probe: 'lists', color } })));
  const three = [labelled('a', 'red'), labelled('b', 'blue'), labelled('c', 'red')];
  return [
    probe(`a list of no ${type}`, get(`${path}?${own}`)),
    probe(`a list of ${type}s`, ...three, get(`${path}?${own}`)),
    probe(`${type}s by a label`, ...three, get(`${path}?${own},color%3Dred`)),
    probe(`${type}s by labels in a set`, ...three, get(`${path}?${own},color+in+(blue,green)`)),
    probe(`${type}s by a label that is not`, ...three, get(`${path}?${own},color!%3Dred`)),
    probe(`${type}s by a bad label`, get(`${path}?labelSelector=a+b+c`)),
    probe(`${type}s by name`, ...three, get(`${path}?fieldSelector=metadata.name%3Db`)),
    probe(`${type}s by a field that cannot be asked for`, get(`${path}?fieldSelector=spec.color%3Dred`)),
    probe(`${type}s page by page`, ...three, get(`${path}?${own}&limit=2`), answers =>
      get(`${path}?${own}&limit=2&continue=${encodeURIComponent(metaOf(answers, 3).continue ?? '')}`),
    ),
    probe(`a page of ${type}s with a bad mark`, get(`${path}?limit=2&continue=nonsense`)),
    probe(`${type}s from the cache`, ...three, get(`${path}?${own}&resourceVersion=0`)),
    probe(`${type}s of a version that is still to come`, get(`${path}?resourceVersion=999999999999`)),
    probe(`${type}s with a bad limit`, get(`${path}?limit=some`)),
    probe(`a table of ${type}s`, labelled('a', 'red'), get(`${path}?${own}`, TABLE)),
    probe(`one ${type} as a table`, labelled('a', 'red'), get(`${path}/a`, TABLE)),
    probe(`all ${type}s of a kind deleted`, ...three, remove(`${path}?${own},color%3Dred`), get(`${path}?${own}`)),
  ];
}

function others(): Probe[] {
  return [
    probe('a list in a namespace that is not there is empty', get('/api/v1/namespaces/nowhere/configmaps')),
    probe('a kind that is not served is not found', get('/apis/networking.istio.io/v1/nothings')),
    probe('a group that is not served is not found', get('/apis/nothing.example/v1/things')),
    probe('a path that is none is not found', get('/nothing')),
    probe('a method that is not served is refused', {
      method: 'PUT',
      path: CONFIG_MAP.path,
      body: CONFIG_MAP.object('x'),
    }),
    probe('only JSON can be accepted of a VirtualService', get(VIRTUAL_SERVICE.path, { accept: 'text/html' })),
  ];
}
