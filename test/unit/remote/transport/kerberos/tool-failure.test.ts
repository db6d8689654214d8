import { expect, it } from 'vitest';
import { failureOfTool, refusedBy } from '../../../../../src/remote/transport/kerberos/tool-failure.ts';

it.each([
  ['kinit: Password incorrect while getting initial credentials', 'password'],
  ["kinit: Client's credentials have been revoked while getting initial credentials", 'account'],
  ["kinit: Client's entry in database has expired while getting initial credentials", 'account'],
  ['kinit: Password has expired while getting initial credentials', 'account'],
  ["kvno: Server's entry in database has expired while getting credentials for HTTP/pc1", undefined],
  ['kvno: Credentials for server have been revoked while getting credentials for HTTP/pc1', undefined],
  ['kvno: Ticket expired while getting credentials for HTTP/pc1', undefined],
])('tells by "%s" what of the user the domain has refused: %s', (said, refused) => {
  const failure = failureOfTool(said, 'HTTP/pc1');
  expect(failure.code).toBe('unauthenticated');
  expect(refusedBy(failure)).toBe(refused);
});
