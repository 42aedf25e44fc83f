/** What `istioctl analyze` says of the configurations in the mesh, beside what our own checks say of them. */
import { spawn } from 'node:child_process';
import { CHECKS, newFindings } from '../../src/istio/checks/index.ts';
import type { World } from '../../src/istio/world.ts';
import type { KubeObject } from '../../src/object.ts';
import { refKey, refOf } from '../../src/object.ts';

/** By code, such as IST0101. */
export interface Compared {
  level: string;
  /** How many objects it is said of. */
  objects: number;
  /** Of these, how many one of our checks with the same source complains of. */
  ours: number;
  /** One object and what was said of it, of those that we say nothing of. */
  example?: string;
}

interface Message {
  code: string;
  level: string;
  /** `VirtualService truth-b/reviews` */
  origin: string;
  message: string;
}

/** undefined: istioctl is not on the path. */
export async function analyzed(
  before: World,
  world: World,
  made: KubeObject[],
): Promise<Map<string, Compared> | undefined> {
  const messages = await analyze();
  if (!messages) return undefined;
  const writes = made.flatMap(each => {
    const after = world.get(each.kind, each.metadata.namespace ?? '', each.metadata.name);
    return after ? [{ ref: refOf(after), after }] : [];
  });
  const codes = new Map(CHECKS.flatMap(check => check.rules).map(rule => [rule.code, rule.source]));
  const ours = newFindings(before, world, writes).map(finding => ({
    text: JSON.stringify(finding),
    source: codes.get(finding.code) ?? '',
  }));
  const keys = new Map(
    made.map(each => [`${each.kind} ${each.metadata.namespace}/${each.metadata.name}`, refKey(refOf(each))]),
  );
  const table = new Map<string, Compared>();
  for (const { code, level, origin, message } of messages) {
    const key = keys.get(origin);
    if (key === undefined) continue;
    const known = ours.some(each => each.source.includes(code) && each.text.includes(key));
    const row = table.get(code) ?? { level, objects: 0, ours: 0 };
    row.objects += 1;
    row.ours += known ? 1 : 0;
    if (!known) row.example ??= `${origin}: ${message}`;
    table.set(code, row);
  }
  return table;
}

const ANALYZE = ['istioctl', 'analyze', '--all-namespaces', '--output', 'json'] as const;

async function analyze(): Promise<Message[] | undefined> {
  const [program, ...args] = ANALYZE;
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let text = '';
  child.stdout.on('data', chunk => {
    text += chunk;
  });
  const ran = await new Promise<boolean>(resolve => {
    child.once('error', () => resolve(false));
    child.once('close', () => resolve(true));
  });
  return ran && text.trim() !== '' ? (JSON.parse(text) as Message[]) : undefined;
}
