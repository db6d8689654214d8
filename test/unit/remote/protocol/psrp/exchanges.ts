import { parseClixml } from '../../../../../src/remote/protocol/clixml/parse-clixml.ts';
import type { PsValue } from '../../../../../src/remote/protocol/clixml/values.ts';
import { writeClixml } from '../../../../../src/remote/protocol/clixml/write-clixml.ts';
import { readRecordings } from '../../../../conformance/corpus.ts';
import { ownCorpus } from '../../../../conformance/own-corpus.ts';
import { type RecordedExchange, toExchange } from '../../../../conformance/psrp/exchange.ts';

/** The exchanges of this repository as their files hold them. */
export const recordedExchanges: readonly RecordedExchange[] = [
  ...readRecordings<RecordedExchange>(ownCorpus, 'psrp').values(),
].flat();

/** The exchanges of this repository. */
export const exchanges = recordedExchanges.map(toExchange);

/** Through text and back, as on the wire. */
export const sent = (value: PsValue): PsValue => parseClixml(writeClixml(value));

/** The recorded message of one type in one exchange. */
export const recorded = (id: string, type: string): PsValue => {
  const messages = exchanges.find((exchange) => exchange.id === id)?.packets.flatMap((packet) => packet.messages) ?? [];
  return parseClixml(messages.find((message) => message.messageType === type)?.clixml ?? '');
};
