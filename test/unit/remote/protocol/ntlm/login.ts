import { NtlmAcceptor } from '../../../../../src/remote/protocol/ntlm/ntlm-acceptor.ts';
import { answerChallenge, startNtlm } from '../../../../../src/remote/protocol/ntlm/ntlm-client.ts';
import { hashPassword } from '../../../../../src/remote/protocol/ntlm/ntlmv2.ts';

const identity = {
  computerName: 'PC1',
  domainName: 'LAB',
  nowMs: 0,
  challenge: Buffer.alloc(8, 1),
  findNtHash: () => hashPassword('p'),
};
const credentials = { user: 'u', domain: 'd', ntHash: hashPassword('p') };
const surroundings = { nowMs: 0, randomBytes: (length: number) => Buffer.alloc(length, 2), targetName: 'HTTP/x' };

/** A server that has sent its challenge; every call gives the same. */
export const challenged = (): { acceptor: NtlmAcceptor; challenge: Buffer } => {
  const acceptor = new NtlmAcceptor(identity);
  return { acceptor, challenge: acceptor.challenge(startNtlm()) };
};

/** The client's answer to a challenge: the one that `challenged` takes, if it is its own. */
export const answer = (challenge: Uint8Array): Buffer =>
  answerChallenge(startNtlm(), Buffer.from(challenge), credentials, surroundings).message;
