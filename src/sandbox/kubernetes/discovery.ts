/** What the server says it serves: versions, groups, resources (plain and aggregated) and its own version. */
import type { JsonObject } from '../../object.ts';
import type { Catalog, Resource } from './resources.ts';
import { apiVersion, byVersion } from './resources.ts';

/** The version that the server claims to be. */
export const VERSION: JsonObject = {
  major: '1',
  minor: '35',
  gitVersion: 'v1.35.0',
  gitCommit: '',
  gitTreeState: 'clean',
  buildDate: '2025-12-17T00:00:00Z',
  goVersion: 'go1.25.5',
  compiler: 'gc',
  platform: 'linux/amd64',
};

const VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];
const AGGREGATED =
  /application\/json;(?=[^,]*g=apidiscovery\.k8s\.io)(?=[^,]*v=v2(?:beta1)?)(?=[^,]*as=APIGroupDiscoveryList)[^,]*/;

/** The media type of aggregated discovery, when the client asks for it before plain JSON. */
export function aggregatedType(accept: string | undefined): string | undefined {
  const found = AGGREGATED.exec(accept ?? '')?.[0];
  if (!found) return undefined;
  const version = found.includes('v=v2beta1') ? 'v2beta1' : 'v2';
  return `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`;
}

/** `/api` or `/apis` in one answer. https://kubernetes.io/docs/concepts/overview/kubernetes-api/#aggregated-discovery */
export function aggregated(catalog: Catalog, core: boolean, type: string): JsonObject {
  const version = type.includes('v2beta1') ? 'v2beta1' : 'v2';
  const groups = [...catalog.groups()].filter(([group]) => (group === '') === core);
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: `apidiscovery.k8s.io/${version}`,
    metadata: {},
    items: groups.map(([group, versions]) => ({
      metadata: { ...(group ? { name: group } : {}), creationTimestamp: null },
      versions: versions.map(name => ({
        version: name,
        resources: served(catalog, group, name).map(resource => aggregatedResource(resource, name)),
        freshness: 'Current',
      })),
    })),
  };
}

function aggregatedResource(resource: Resource, version: string): JsonObject {
  const responseKind = { group: resource.group, version, kind: resource.kind };
  return {
    resource: resource.plural,
    responseKind,
    scope: resource.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: resource.singular,
    verbs: resource.virtual ? ['create'] : VERBS,
    ...(resource.shortNames.length > 0 ? { shortNames: resource.shortNames } : {}),
    ...(resource.categories.length > 0 ? { categories: resource.categories } : {}),
    subresources: subresources(resource).map(({ name, kind, verbs }) => ({
      subresource: name,
      responseKind: { ...responseKind, kind },
      verbs,
    })),
  };
}

function subresources(resource: Resource): { name: string; kind: string; verbs: string[] }[] {
  const found: { name: string; kind: string; verbs: string[] }[] = [];
  if (resource.status) found.push({ name: 'status', kind: resource.kind, verbs: ['get', 'patch', 'update'] });
  if (resource.kind === 'Pod') found.push({ name: 'exec', kind: 'PodExecOptions', verbs: ['create', 'get'] });
  return found;
}

/** `/api`: the versions of the core group. */
export function coreVersions(address: string): JsonObject {
  return {
    kind: 'APIVersions',
    versions: ['v1'],
    serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: address }],
  };
}

/** `/apis`. */
export function groupList(catalog: Catalog): JsonObject {
  const groups = [...catalog.groups()].filter(([group]) => group !== '');
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: groups.map(([group, versions]) => entry(group, versions)) };
}

/** `/apis/<group>`; undefined for a group not served. */
export function group(catalog: Catalog, name: string): JsonObject | undefined {
  const versions = catalog.groups().get(name);
  return versions && name !== '' ? { kind: 'APIGroup', apiVersion: 'v1', ...entry(name, versions) } : undefined;
}

function entry(name: string, versions: string[]): JsonObject {
  const shown = [...versions].sort(byVersion).map(version => ({ groupVersion: apiVersion(name, version), version }));
  return { name, versions: shown, preferredVersion: shown[0]! };
}

/** `/api/v1` or `/apis/<group>/<version>`; undefined when nothing is served there. */
export function resourceList(catalog: Catalog, groupName: string, version: string): JsonObject | undefined {
  const found = served(catalog, groupName, version);
  if (found.length === 0) return undefined;
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: apiVersion(groupName, version),
    resources: found.flatMap(resource => [
      {
        name: resource.plural,
        singularName: resource.singular,
        namespaced: resource.namespaced,
        kind: resource.kind,
        verbs: resource.virtual ? ['create'] : VERBS,
        ...(resource.shortNames.length > 0 ? { shortNames: resource.shortNames } : {}),
        ...(resource.categories.length > 0 ? { categories: resource.categories } : {}),
      },
      ...subresources(resource).map(({ name, kind, verbs }) => ({
        name: `${resource.plural}/${name}`,
        singularName: '',
        namespaced: resource.namespaced,
        kind,
        verbs,
      })),
    ]),
  };
}

function served(catalog: Catalog, groupName: string, version: string): Resource[] {
  return catalog
    .all()
    .filter(resource => resource.group === groupName && resource.versions.includes(version))
    .sort((a, b) => a.plural.localeCompare(b.plural));
}
