import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseDuration } from '../../kernel/duration.ts';
import { Failure } from '../../kernel/failure.ts';
import { Secret } from '../../kernel/secret.ts';
import { checkDocument } from '../document/check-document.ts';
import { type InputFault, type Loaded, optionFault, valueOr } from '../document/fault.ts';
import { readDocumentFile } from '../document/read-file.ts';
import { resolveSecret, type SecretPlaces } from '../inventory/secret-reference.ts';
import type { ConfigDocument } from './config.generated.ts';
import { defaults, durationVariables } from './defaults.ts';
import type { Settings } from './settings.ts';

type Environment = SecretPlaces['environment'];

/**
 * The settings of a project: `kintsugi.yaml` in its folder (which may be missing), overridden by environment variables, over
 * the defaults. Every fault at once.
 */
export function readSettings(projectDir: string, environment: Environment): Loaded<Settings> {
  const faults: InputFault[] = [];
  const document = readConfig(projectDir, faults);
  const pick = (variable: string, written: string | undefined, fallback: string): string =>
    environment[variable] || (written ?? fallback);
  const home = resolve(projectDir, pick('KINTSUGI_HOME', document.home, defaults.home));
  const settings: Settings = {
    home,
    inventory: resolve(projectDir, pick('KINTSUGI_INVENTORY', document.inventory, defaults.inventory)),
    language: languageOf(pick('KINTSUGI_LANG', document.language, localeLanguage(environment)), faults),
    redisUrl: redisUrlOf(document.redis?.url, projectDir, environment, faults),
    keyFolder: resolve(projectDir, pick('KINTSUGI_KEYS', document.keys, join(home, 'keys'))),
    concurrency: concurrencyOf(environment['KINTSUGI_CONCURRENCY'] || null, document.concurrency, faults),
    ...durationsOf(document, environment, faults),
  };
  if (settings.times.heartbeatMs * 2 >= settings.times.leaseMs) {
    const message = `the heartbeat (${settings.times.heartbeatMs} ms) must be less than half of the lease (${settings.times.leaseMs} ms)`;
    faults.push(optionFault('kintsugi.yaml', message, { path: 'times.heartbeat' }));
  }
  return faults.length > 0 ? { ok: false, faults } : { ok: true, value: settings };
}

function readConfig(projectDir: string, faults: InputFault[]): ConfigDocument {
  const none: ConfigDocument = { kintsugi: 'config/v1' };
  const file = join(projectDir, 'kintsugi.yaml');
  return existsSync(file) ? (valueOr(checkConfig(file), faults) ?? none) : none;
}

/** Reads and checks a file `kintsugi.yaml` by itself, without what variables of the environment say. */
export function checkConfig(file: string): Loaded<ConfigDocument> {
  const read = readDocumentFile(file, { sensitive: true });
  if (!read.ok) return read;
  const checked = checkDocument<ConfigDocument>(read.value, 'config', (path) => path[0] === 'redis');
  if (!checked.ok) return checked;
  const url = checked.value.redis?.url;
  if (url === undefined || !/^[a-z]+:\/\/[^/@]*:[^/@]+@/.test(url)) return checked;
  const words = {
    message: 'the address of Redis holds a password (not shown)',
    expected: 'an address without a password, or a reference',
    suggestion: 'put the whole address into an environment variable and write `env:NAME`',
    hideText: true,
  };
  return { ok: false, faults: [read.value.fault(['redis', 'url'], words)] };
}

function redisUrlOf(
  written: string | undefined,
  folder: string,
  environment: Environment,
  faults: InputFault[],
): Secret | null {
  const override = environment['KINTSUGI_REDIS_URL'];
  if (override) return new Secret(override);
  if (written === undefined) return null;
  if (!/^(env|file):/.test(written)) return new Secret(written);
  try {
    return resolveSecret(written, { environment, folder });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    faults.push(optionFault('kintsugi.yaml', error.message, { path: 'redis.url' }));
    return null;
  }
}

/** The language of the locale where Kintsugi speaks it, else the default. */
export function localeLanguage(environment: Environment): 'en' | 'ja' {
  const locale = environment['LC_ALL'] || environment['LC_MESSAGES'] || environment['LANG'] || '';
  return /^ja(?![a-z])/i.test(locale) ? 'ja' : defaults.language;
}

function languageOf(text: string, faults: InputFault[]): 'en' | 'ja' {
  if (text === 'en' || text === 'ja') return text;
  faults.push(
    optionFault('KINTSUGI_LANG', `\`${text}\` is no language that Kintsugi speaks`, { expected: 'en or ja' }),
  );
  return 'en';
}

function concurrencyOf(override: string | null, written: number | undefined, faults: InputFault[]): number {
  const count = override === null ? (written ?? defaults.concurrency) : Number(override);
  if (Number.isInteger(count) && count >= 1 && count <= 1000) return count;
  faults.push(
    optionFault('KINTSUGI_CONCURRENCY', `\`${override}\` is not a number of host runs`, {
      expected: 'a whole number from 1 to 1000',
    }),
  );
  return defaults.concurrency;
}

function durationsOf(
  document: ConfigDocument,
  environment: Environment,
  faults: InputFault[],
): Pick<Settings, 'commitAfterMs' | 'times'> {
  const read = (name: keyof typeof durationVariables, written: string | undefined): number => {
    const variable = durationVariables[name];
    const text = environment[variable] || (written ?? defaults.durations[name]);
    const duration = parseDuration(text);
    if (duration !== null && (duration > 0 || name === 'commitAfter')) return duration;
    faults.push(
      optionFault(variable, `\`${text}\` is not a duration`, { expected: 'a duration such as 90s, 15m or 14d' }),
    );
    return parseDuration(defaults.durations[name]) ?? 0;
  };
  const times = document.times ?? {};
  return {
    commitAfterMs: read('commitAfter', document.commitAfter),
    times: {
      leaseMs: read('lease', times.lease),
      heartbeatMs: read('heartbeat', times.heartbeat),
      pollMs: read('poll', times.poll),
      sweepMs: read('sweep', times.sweep),
      connectMs: read('connect', times.connect),
      rebootMs: read('reboot', times.reboot),
    },
  };
}
