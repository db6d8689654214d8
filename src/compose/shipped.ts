import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The folder of the shipped playbooks and actions: beside `src` in a checkout, beside `dist` in the package. */
export const shippedPlaybooks = fileURLToPath(new URL('../../playbooks', import.meta.url));

/** The product's version, from its package.json. */
export function productVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  const parsed: unknown = JSON.parse(text);
  return typeof parsed === 'object' && parsed !== null && 'version' in parsed ? String(parsed.version) : 'unknown';
}
