/** USER_EVENT (MS-PSRP 2.2.2.12): an event of the remote side that was forwarded. */
import { type PsObject, type PsValue, psProperty } from '../clixml/values.ts';
import { intMemberOr, payload, textMember } from './fields.ts';

/** A forwarded event. */
export type UserEvent = {
  readonly eventIdentifier: number;
  readonly sourceIdentifier: string;
  readonly timeGenerated: PsValue;
  readonly sender: PsValue;
  readonly sourceArgs: PsValue;
  readonly messageData: PsValue;
  readonly computerName: string | null;
  readonly runspaceId: PsValue;
};

/** Builds USER_EVENT. */
export function buildUserEvent(event: UserEvent): PsObject {
  return payload({
    'PSEventArgs.EventIdentifier': event.eventIdentifier,
    'PSEventArgs.SourceIdentifier': event.sourceIdentifier,
    'PSEventArgs.TimeGenerated': event.timeGenerated,
    'PSEventArgs.Sender': event.sender,
    'PSEventArgs.SourceArgs': event.sourceArgs,
    'PSEventArgs.MessageData': event.messageData,
    'PSEventArgs.ComputerName': event.computerName,
    'PSEventArgs.RunspaceId': event.runspaceId,
  });
}

/** Reads USER_EVENT. */
export function readUserEvent(value: PsValue): UserEvent {
  const member = (name: string): PsValue => psProperty(value, `PSEventArgs.${name}`) ?? null;
  return {
    eventIdentifier: intMemberOr(value, 'PSEventArgs.EventIdentifier', 0),
    sourceIdentifier: textMember(value, 'PSEventArgs.SourceIdentifier') ?? '',
    timeGenerated: member('TimeGenerated'),
    sender: member('Sender'),
    sourceArgs: member('SourceArgs'),
    messageData: member('MessageData'),
    computerName: textMember(value, 'PSEventArgs.ComputerName'),
    runspaceId: member('RunspaceId'),
  };
}
