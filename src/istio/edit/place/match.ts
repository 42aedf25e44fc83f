/** Which requests a route is for: in words, and as what a person typed. */
import type { JsonObject } from '../../../object.ts';
import { matchWords } from '../../route/words.ts';
import { objectOf, objectsOf, stringsOf } from '../read.ts';
import type { Section } from './inforce.ts';

/** undefined: it takes every request, and what comes after it is never reached (IST0130). */
export function wordsOf(route: JsonObject, section: Section): string | undefined {
  if (section === 'http') return matchWords(route);
  const blocks = objectsOf(route.match).map(layer4);
  return blocks.length === 0 || blocks.includes('') ? undefined : blocks.join(' or ');
}

/** Whether a person who typed `--match wanted` means this route: the whole match, one alternative, one condition, a path. */
export function saysMatch(route: JsonObject, section: Section, wanted: string): boolean {
  const blocks = objectsOf(route.match);
  const said = [wordsOf(route, section), ...blocks.map(block => wordsOf({ match: [block] }, section))];
  const conditions = said.flatMap(words => words?.split(/ and | or /) ?? []);
  const paths = blocks.flatMap(block => Object.values(objectOf(block.uri)).map(String));
  return [...said, ...conditions, ...paths].some(text => text !== undefined && plainly(text) === plainly(wanted));
}

/** https://istio.io/latest/docs/reference/config/networking/virtual-service/#L4MatchAttributes */
function layer4(block: JsonObject): string {
  return [
    ...listed('SNI', stringsOf(block.sniHosts)),
    ...listed('address in', stringsOf(block.destinationSubnets)),
    ...(block.port === undefined ? [] : [`port = ${block.port}`]),
    ...(typeof block.sourceSubnet === 'string' ? [`from ${block.sourceSubnet}`] : []),
    ...(typeof block.sourceNamespace === 'string' ? [`from namespace ${block.sourceNamespace}`] : []),
    ...Object.entries(objectOf(block.sourceLabels)).map(([label, value]) => `from ${label} = ${value}`),
    ...listed('through', stringsOf(block.gateways)),
  ].join(' and ');
}

function listed(what: string, names: string[]): string[] {
  return names.length > 0 ? [`${what} ${names.join(', ')}`] : [];
}

function plainly(text: string): string {
  return text.trim().replace(/\s+/g, ' ').replace(/ ?= ?/g, '=');
}
