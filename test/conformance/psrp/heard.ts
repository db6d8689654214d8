import { parseClixml } from '../../../src/remote/protocol/clixml/parse-clixml.ts';
import { isPsObject, type PsObject, type PsValue, psProperty } from '../../../src/remote/protocol/clixml/values.ts';
import { encodeFragment } from '../../../src/remote/protocol/psrp/fragments.ts';
import type { Message } from '../../../src/remote/protocol/psrp/message.ts';

/** A message of a recording, as it is told to one of our halves. */
export type Heard = {
  readonly message: Message;
  /** One fragment with the whole message. */
  readonly bytes: Uint8Array;
  /** What its text says. */
  readonly value: PsValue;
};

/** A message as a half of ours gets it. */
export const toHeard = (message: Message, bytes: Uint8Array, objectId: bigint): Heard => ({
  message,
  bytes: encodeFragment({ objectId, fragmentId: 0n, start: true, end: true, blob: bytes }),
  value: parseClixml(message.data),
});

/** The number in a member of a message. */
export const numberIn = (value: PsValue, name: string): number => Number(psProperty(value, name) ?? Number.NaN);

/** The error in a state message, if there is one. */
export function errorIn(value: PsValue): PsObject | null {
  const error = psProperty(value, 'ExceptionAsErrorRecord');
  return isPsObject(error) ? error : null;
}
