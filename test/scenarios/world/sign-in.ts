/** The cookie that the shop gives to who signs in, asked for once per user. */
import { request } from 'undici';

const cookies = new Map<string, Promise<string>>();

export function signIn(address: string, host: string, user: string): Promise<string> {
  const key = `${address} ${user}`;
  const found = cookies.get(key) ?? asked(address, host, user);
  cookies.set(key, found);
  found.catch(() => cookies.delete(key));
  return found;
}

async function asked(address: string, host: string, user: string): Promise<string> {
  const body = new URLSearchParams({ username: user, passwd: user }).toString();
  const type = 'application/x-www-form-urlencoded';
  const answer = await request(`${address}/login`, { method: 'POST', headers: { host, 'content-type': type }, body });
  await answer.body.dump();
  const [cookie = ''] = [answer.headers['set-cookie'] ?? []].flat();
  if (!cookie.startsWith('session=')) throw new Error(`${user} could not sign in: the shop said ${answer.statusCode}`);
  return cookie.split(';')[0]!;
}
