import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { toPlain } from '../../../../../src/remote/protocol/clixml/to-plain.ts';
import { RunspacePoolClient } from '../../../../../src/remote/protocol/psrp/client.ts';
import type { ClientEvent } from '../../../../../src/remote/protocol/psrp/client-events.ts';
import { completePipeline } from '../../../../../src/remote/protocol/psrp/pipeline-definition.ts';
import { RunspacePoolServer } from '../../../../../src/remote/protocol/psrp/server.ts';
import type { ServerEvent } from '../../../../../src/remote/protocol/psrp/server-events.ts';
import type { Exchange } from '../../../../conformance/psrp/exchange.ts';
import { judgeExchange } from '../../../../conformance/psrp/judge-exchange.ts';
import { exchanges, recordedExchanges } from './exchanges.ts';
import { expected } from './expected-exchanges.ts';

const byId = exchanges.map((exchange, index) => [exchange.id, exchange, recordedExchanges[index]!] as const);

test('All recorded exchanges are here, each with its meaning', () => {
  expect(exchanges.map(({ id }) => id).toSorted()).toEqual(Object.keys(expected).toSorted());
});

describe.each(byId)('The exchange %s', (_, exchange, recorded) => {
  test('is understood by both halves, and its messages are written again as they were', () => {
    expect(judgeExchange(recorded).differences).toEqual([]);
  });

  test('means to the client what its script did', () => {
    const events = clientEvents(exchange);
    expect(events.slice(0, 3)).toMatchObject([
      { kind: 'negotiated', protocolVersion: '2.3' },
      { kind: 'applicationPrivateData' },
      { kind: 'poolState', state: 'opened', error: null },
    ]);
    expect(events.slice(-2)).toMatchObject([
      { kind: 'poolState', state: 'closing' },
      { kind: 'poolState', state: 'closed' },
    ]);
    expect(events.slice(3, -2).map(shortClientEvent)).toEqual(expected[exchange.id]?.client);
  });

  test('means to the server what the client asked for', () => {
    const events = serverEvents(exchange);
    expect(events.slice(0, 2)).toMatchObject([
      { kind: 'negotiated', protocolVersion: '2.3', clientVersion: '2.3' },
      { kind: 'openRequested', minRunspaces: 1, threadOptions: 'Default', apartmentState: 'Unknown' },
    ]);
    const asked = events.slice(2).map(shortServerEvent);
    for (const [index, event] of (expected[exchange.id]?.server ?? []).entries()) {
      const text = JSON.stringify(asked[index], withBigInt);
      const whole = JSON.stringify(event, withBigInt);
      if (whole.includes('…')) expect(text.startsWith(whole.slice(0, whole.indexOf('…')))).toBe(true);
      else expect(text).toBe(whole);
    }
    expect(asked).toHaveLength(expected[exchange.id]?.server.length ?? -1);
  });
});

const withBigInt = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? `${value}n` : value);

/** Plays the client's part with our half: the recorded requests are made, the recorded answers received. */
function clientEvents(exchange: Exchange): ClientEvent[] {
  const poolId = exchange.packets[0]?.messages[0]?.rpid ?? '';
  const client = new RunspacePoolClient({ id: poolId });
  client.open();
  const events: ClientEvent[] = [];
  for (const packet of exchange.packets) {
    if (packet.side === 'server') events.push(...client.receive(packet.bytes ?? new Uint8Array(), packet.target));
    else
      for (const message of packet.messages)
        if (message.messageType === 'CREATE_PIPELINE') client.createPipeline(message.pid, { statements: [] });
  }
  expect(client.phase).toBe('closed');
  return events;
}

function shortClientEvent(event: ClientEvent): unknown[] {
  if (event.kind === 'output') return ['output', toPlain(event.value)];
  if (event.kind === 'error') return ['error', event.record.fullyQualifiedErrorId];
  if (event.kind === 'pipelineState')
    return event.error === null ? [event.state] : [event.state, event.error.fullyQualifiedErrorId];
  if (event.kind === 'hostCall') return [event.call.method, event.call.parameters.map(toPlain)];
  return event.kind === 'runspaceAvailability' ? ['available', event.result] : [event.kind];
}

/** Plays the server's part with our half. */
function serverEvents(exchange: Exchange): ServerEvent[] {
  const server = new RunspacePoolServer({ randomBytes });
  const events: ServerEvent[] = [];
  for (const packet of exchange.packets) {
    if (packet.side === 'server' || packet.bytes === undefined) continue;
    const received = server.receive(packet.bytes, packet.target);
    if (received.some(({ kind }) => kind === 'openRequested')) server.acceptOpen(null);
    events.push(...received);
  }
  return events;
}

function shortServerEvent(event: ServerEvent): unknown[] {
  if (event.kind === 'pipelineCreated') {
    const statements = event.definition.statements.map((statement) =>
      statement.map(({ text, isScript, parameters }) => [
        text,
        isScript,
        parameters.map(({ name, value }) => [name, toPlain(value)]),
      ]),
    );
    const { hostInfo, apartmentState, redirectErrors } = event.definition;
    const defaults = completePipeline({ statements: [] });
    expect({ hostInfo, apartmentState, redirectErrors }).toEqual({
      hostInfo: defaults.hostInfo,
      apartmentState: defaults.apartmentState,
      redirectErrors: true,
    });
    return ['pipelineCreated', statements];
  }
  if (event.kind === 'input') return ['input', toPlain(event.value)];
  if (event.kind === 'maxRunspacesRequested') return [event.kind, event.callId, event.count];
  return 'callId' in event ? [event.kind, event.callId] : [event.kind];
}
