import type { IncomingRequest } from '../wsman/decode-request.ts';
import { encodeReply, type ServedReply } from '../wsman/encode-reply.ts';
import { makeFault } from '../wsman/fault.ts';
import { faultCodes } from '../wsman/fault-codes.ts';
import type { WsmanRequest } from '../wsman/requests.ts';
import type { TapeOutcome } from './tape.ts';

/** What Windows answers to requests that were not recorded: farewells succeed, nothing else does. */
export function makeUpAnswer(live: IncomingRequest | undefined): TapeOutcome {
  return answer(
    live,
    (live && replies[live.request.kind]) ?? makeFault(faultCodes.aborted, 'The tape has no answer to this request.'),
  );
}

/** What Windows answers when there was nothing to say as long as the client allowed. */
export function sayNothing(live: IncomingRequest | undefined): TapeOutcome {
  return answer(live, makeFault(faultCodes.operationTimedOut, 'The tape waits for another request.'));
}

const replies: { readonly [K in WsmanRequest['kind']]?: ServedReply } = {
  send: { kind: 'sent' },
  signal: { kind: 'signalled' },
  delete: { kind: 'deleted' },
};

function answer(live: IncomingRequest | undefined, reply: ServedReply): TapeOutcome {
  const messageId = 'uuid:00000000-0000-0000-0000-000000000000';
  const body = encodeReply(reply, { messageId, relatesTo: live?.header.messageId, machine: 'tape' });
  return { kind: 'reply', status: reply.kind === 'fault' ? 500 : 200, body };
}
