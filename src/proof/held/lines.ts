/** A route in one line, the same whether it was read from a VirtualService or from an Envoy: what it matches, and where it sends. */

/** A condition: `path^=/reviews`, `header end-user=jason`. */
export interface Matcher {
  how: '=' | '^=' | '~' | 'there';
  value: string;
}

export function condition(what: string, { how, value }: Matcher, without = false): string {
  // A regex that takes anything asks only whether it is there; Istio writes it so itself.
  const presence = how === 'there' || (how === '~' && (value === '*' || value === '.*'));
  return `${without ? 'not ' : ''}${what}${presence ? ' there' : `${how}${value}`}`;
}

export interface Way {
  /** Fully qualified, lower case. */
  host: string;
  subset: string;
  weight: number;
}

/** `ways` in any order; weights count by their sum, and those of none not at all, unless there is only one. */
export function sending(ways: Way[], copies: { host: string; subset: string; percent: number }[]): string {
  const used = ways.length === 1 ? [{ ...ways[0]!, weight: 1 }] : ways.filter(({ weight }) => weight > 0);
  const whole = used.reduce((sum, { weight }) => sum + weight, 0);
  const byName = new Map<string, number>();
  for (const { host, subset, weight } of used) {
    const name = `${subset}@${host}`;
    byName.set(name, (byName.get(name) ?? 0) + weight / whole);
  }
  const parts = [...byName].map(([name, share]) => `${name} ${rounded(share * 100)} %`).sort();
  const copied = copies
    .filter(({ percent }) => percent > 0)
    .map(({ host, subset, percent }) => `copy ${rounded(percent)} % ${subset}@${host}`)
    .sort();
  return [...parts, ...copied].join(', ');
}

export function line(conditions: string[], does: string): string {
  return `${[...conditions].sort().join(' & ') || 'all'} → ${does}`;
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
