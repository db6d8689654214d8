import type { IncomingHttpHeaders } from 'node:http';
import type { LabUser } from '../server/endpoint-options.ts';

/** A request as the services of this folder see it. */
export type WebRequest = {
  readonly method: string;
  /** Path without query and without a slash at its end. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
};

/** Its answer; JSON where there is a body. */
export type WebAnswer = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly json?: unknown;
};

/** The account of a name and password, if there is one. */
export const accountOf = (users: readonly LabUser[], name: unknown, password: unknown): LabUser | undefined =>
  users.find((user) => user.name === name && user.password === password);

/** The account that a request names by basic authentication (RFC 7617). */
export const basicAccountOf = (users: readonly LabUser[], { headers }: WebRequest): LabUser | undefined => {
  const [, encoded] = /^Basic ([A-Za-z0-9+/=]+)$/iu.exec(headers.authorization ?? '') ?? [];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0 ? undefined : accountOf(users, text.slice(0, colon), text.slice(colon + 1));
};

/** The fields of a JSON body; none where it is not an object. */
export const fieldsOf = (body: string): Readonly<Record<string, unknown>> => {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
  } catch {
    return {};
  }
};
