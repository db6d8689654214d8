import { readFileSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { Failure } from '../../kernel/failure.ts';
import { Secret } from '../../kernel/secret.ts';

/** Where references are resolved. */
export type SecretPlaces = {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The folder that relative paths of `file:` start from. */
  readonly folder: string;
};

/**
 * The secret that a reference stands for: `env:NAME`, or `file:path` (its content without the last line end).
 * @throws Failure `secret-missing` where the reference leads nowhere; the message never holds a value
 */
export function resolveSecret(reference: string, places: SecretPlaces): Secret {
  const [kind = '', rest = ''] = /^(env|file):(.+)$/s.exec(reference)?.slice(1) ?? [];
  if (kind === 'env') {
    const value = places.environment[rest];
    if (value !== undefined && value !== '') return new Secret(value);
    throw new Failure('secret-missing', `expected the secret in the environment variable ${rest}, which is not set`, {
      facts: { reference },
    });
  }
  if (kind === 'file') {
    const value = readSecretFile(isAbsolute(rest) ? rest : resolve(places.folder, rest), reference);
    if (value !== '') return new Secret(value);
    throw new Failure('secret-missing', `expected the secret in the file ${rest}, which is empty`, {
      facts: { reference },
    });
  }
  throw new Failure(
    'secret-missing',
    'expected a reference to a secret (env:NAME or file:path), got something else (not shown)',
  );
}

function readSecretFile(path: string, reference: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    throw new Failure('secret-missing', `expected the secret in the file ${path}, which cannot be read (${code})`, {
      cause: error,
      facts: { reference },
    });
  }
}
