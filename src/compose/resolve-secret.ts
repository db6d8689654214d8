import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Failure } from '../kernel/failure.ts';

/**
 * The value behind a reference: `env:NAME`, or `file:path` (relative to `folder`; one line feed at its end is not part of it).
 * Values shorter than four characters are refused, because they could not be kept out of texts.
 * @throws Failure `secret-missing`; its message names the reference, never the value
 */
export async function resolveSecret(reference: string, folder: string): Promise<string> {
  const value = await readReference(reference, folder);
  if (value === null || value === '')
    throw new Failure('secret-missing', `There is no secret behind \`${reference}\`; set it where the workers run.`);
  if (value.length < 4)
    throw new Failure(
      'secret-missing',
      `The secret behind \`${reference}\` is shorter than four characters; choose a longer one.`,
    );
  return value;
}

async function readReference(reference: string, folder: string): Promise<string | null> {
  if (reference.startsWith('env:')) return process.env[reference.slice(4)] ?? null;
  if (!reference.startsWith('file:'))
    throw new Failure('secret-missing', `\`${reference}\` is no reference; expected \`env:NAME\` or \`file:path\`.`);
  try {
    return (await readFile(resolve(folder, reference.slice(5)), 'utf8')).replace(/\r?\n$/, '');
  } catch (error) {
    throw new Failure('secret-missing', `The file of \`${reference}\` cannot be read where the worker runs.`, {
      cause: error,
    });
  }
}
