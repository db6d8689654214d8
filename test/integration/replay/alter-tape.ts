import { emptyGuid } from '../../../src/remote/protocol/psrp/guid.ts';
import { HeaderWriter } from '../../../src/remote/protocol/tape/message-headers.ts';
import type { Tape } from '../../../src/remote/protocol/tape/tape.ts';

/** The same tape with other texts. */
export const alter = (tape: Tape, change: (text: string, isRequest: boolean, index: number) => string): Tape => ({
  messages: tape.messages.map(({ request, response, ...rest }, index) => ({
    ...rest,
    request: change(request, true, index),
    ...(response === undefined ? {} : { response: change(response, false, index) }),
  })),
});

/** The same tape with zeros for all ids, in the envelopes and in the messages, as some recorders scrub them. */
export function scrub(tape: Tape): Tape {
  const lanes = new Map<string, HeaderWriter>();
  const laneOf = (name: string): HeaderWriter => {
    const lane = lanes.get(name) ?? new HeaderWriter();
    lanes.set(name, lane);
    return lane;
  };
  return alter(tape, (text, isRequest, index) =>
    text
      .replace(
        /(<(?:[\w.-]+:)?(Stream|creationXml|connectXml|connectResponseXml|Arguments)\b([^<>]*)>)([A-Za-z0-9+/=\s]+)(?=<)/gu,
        (_, tag: string, name: string, attributes: string, content: string) => {
          const block = Buffer.from(content, 'base64');
          const command = /CommandId="([^"]*)/u.exec(name === 'Arguments' ? text : attributes)?.[1] ?? 'pool';
          const lane = name.endsWith('Xml') ? `${name} ${index}` : command;
          laneOf(`${isRequest} ${lane}`).write(block, {
            poolOf: () => emptyGuid,
            pipelineId: emptyGuid,
            sessionKey: () => undefined,
          });
          return `${tag}${block.toString('base64')}`;
        },
      )
      .replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/giu, emptyGuid),
  );
}

/** The same tape with other prefixes in the replies. */
export const rename = (tape: Tape): Tape =>
  alter(tape, (text, isRequest) =>
    isRequest ? text : text.replace(/(<\/?)(s|rsp|w|a):/gu, '$1x-$2:').replace(/xmlns:(s|rsp|w|a)=/gu, 'xmlns:x-$1='),
  );
