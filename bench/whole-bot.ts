/** meshbot itself, as one replica, for a benchmark. */
import { readSettings } from '../src/config/settings.ts';
import { startBot } from '../src/start/bot.ts';
import { LOCAL_SETTINGS } from '../src/start/local.ts';
import { newLog } from '../src/start/log.ts';
import { systemClock, systemRandom } from '../src/system.ts';
import { addressOf, type Places } from './places.ts';

export async function startWholeBot({ slack, prometheus, ...places }: Places): Promise<() => Promise<void>> {
  const { apiUrl, botToken, appToken } = slack;
  const settings = readSettings(LOCAL_SETTINGS);
  const telemetry = { ...settings.telemetry, ...(prometheus !== undefined && { prometheus }) };
  const bot = await startBot({
    configuration: { ...settings, telemetry },
    slack: { credentials: { kind: 'socket', botToken, appToken }, apiUrl },
    cluster: addressOf(places),
    health: { host: '127.0.0.1', port: 0 },
    clock: systemClock,
    random: systemRandom,
    log: newLog('error'),
  });
  return () => bot.stop();
}
