/** A Service is named by its short name or by its whole one: `reviews.shop` is a name of its own, and no Service. */
import type { JsonObject } from '../../object.ts';
import type { Finding } from '../../plan.ts';
import { object as objectIn, objects, strings, text } from '../route/json.ts';
import { gatewaysOf } from '../route/mesh.ts';
import type { World } from '../world.ts';
import { type Check, changedRoutes, keyOf, type RouteAt, written } from './check.ts';

export const halfHost: Check = {
  about: 'state',
  rules: [
    {
      code: 'host-half-named',
      severity: 'error or warning',
      what: 'A host is a Service’s name with its namespace, such as `reviews.shop` or `reviews.shop.svc`: Istio takes a name with a dot as it is, and knows no such Service. A destination gets 503 (NC), a mirror nothing; a DestinationRule holds for nobody; a VirtualService takes only requests that ask by just that name, at port 80.',
      fix: 'Write the whole name, `reviews.shop.svc.cluster.local`.',
      source:
        'IST0101; https://istio.io/latest/docs/reference/config/networking/virtual-service/#Destination; measured',
    },
  ],
  find: (world, context) => [
    ...changedRoutes(world, context).flatMap(route => inRoute(world, route)),
    ...written(world, context, 'VirtualService')
      .filter(object => gatewaysOf(object).includes('mesh'))
      .flatMap(object =>
        strings(object.spec?.hosts).flatMap(host =>
          finding(
            world,
            host,
            'warning',
            keyOf(object),
            'its routes hold only for requests that ask by just that name, at port 80',
          ),
        ),
      ),
    ...written(world, context, 'DestinationRule').flatMap(object =>
      finding(world, text(object.spec?.host) ?? '', 'warning', keyOf(object), 'the rule holds for nobody'),
    ),
  ],
};

function inRoute(world: World, { route, path }: RouteAt): Finding[] {
  const named = (holder: JsonObject | undefined) => text(holder?.host) ?? '';
  const mirrors = [objectIn(route.mirror), ...objects(route.mirrors).map(each => objectIn(each.destination))];
  return [
    ...objects(route.route).flatMap(each =>
      finding(world, named(objectIn(each.destination)), 'error', path, 'its requests would get 503'),
    ),
    ...mirrors.flatMap(each => finding(world, named(each), 'warning', path, 'nothing would be mirrored')),
  ];
}

function finding(world: World, host: string, severity: 'error' | 'warning', path: string, so: string): Finding[] {
  const whole = wholeOf(world, host.toLowerCase());
  if (whole === undefined) return [];
  const message = `${host} is no Service to Istio, which takes a name with a dot as it is: ${so}.`;
  return [{ code: 'host-half-named', severity, path, message, fix: `Write ${whole}.` }];
}

/** `reviews.shop`, `reviews.shop.svc` */
const HALF = /^([^.*]+)\.([^.]+?)(?:\.svc)?$/;

/** Of a name that a Service is meant by; undefined where it may well be a name outside. */
function wholeOf(world: World, host: string): string | undefined {
  const [, name = '', namespace = ''] = HALF.exec(host) ?? [];
  if (!world.get('Service', namespace, name) || world.forHost('ServiceEntry', host).length > 0) return undefined;
  return `${name}.${namespace}.svc.cluster.local`;
}
