/** What this browser keeps between visits: unfinished lines, sent lines, what was read, and the theme. */

const prefix = 'local-slack/';

/** Private windows may refuse storage: then nothing is kept, and nothing breaks. */
export function remember(key: string, value: string | undefined): void {
  try {
    if (value === undefined || value === '') localStorage.removeItem(prefix + key);
    else localStorage.setItem(prefix + key, value);
  } catch {
    return;
  }
}

export function recall(key: string): string | undefined {
  try {
    return localStorage.getItem(prefix + key) ?? undefined;
  } catch {
    return undefined;
  }
}

function recallJson<T>(key: string, otherwise: T): T {
  try {
    return JSON.parse(recall(key) ?? '') as T;
  } catch {
    return otherwise;
  }
}

export function recallRead(user: string): Record<string, string> {
  return recallJson(`read/${user}`, {});
}

export function rememberRead(user: string, lastRead: Record<string, string>): void {
  remember(`read/${user}`, JSON.stringify(lastRead));
}

const longestHistory = 50;

export function sentLines(place: string): string[] {
  return recallJson<string[]>(`sent/${place}`, []);
}

export function rememberSent(place: string, line: string): void {
  const lines = [...sentLines(place).filter(other => other !== line), line].slice(-longestHistory);
  remember(`sent/${place}`, JSON.stringify(lines));
}
