import { describe, expect, it } from 'vitest';
import { poolTarget } from '../../../../../src/remote/protocol/psrp/outbox.ts';
import { clientLaneMachine, serverLaneMachine } from '../../../../../src/remote/protocol/stdio/lane-machine.ts';
import { StdioClient } from '../../../../../src/remote/protocol/stdio/stdio-client.ts';
import { StdioServer } from '../../../../../src/remote/protocol/stdio/stdio-server.ts';

const id = '8c7f3c1e-1111-2222-3333-444455556666';
const bytes = (text: string) => Buffer.from(text);
const linesOf = (text: string) =>
  text
    .trim()
    .split('\n')
    .filter((line) => line !== '');

/** A client that talks with a server which acknowledges at once; `said` is what the server got. */
function connect() {
  const client = new StdioClient();
  const server = new StdioServer();
  const said: string[] = [];
  /** Carries what waits; a server answers one packet after another. */
  const carry = () => {
    const heard: string[] = [];
    for (let lines = client.linesToSend(); lines !== ''; lines = client.linesToSend()) {
      for (const line of linesOf(lines)) {
        for (const event of server.receive(bytes(`${line}\n`))) {
          said.push(event.kind === 'data' ? Buffer.from(event.bytes).toString() : event.kind);
          server.acknowledge(event);
        }
      }
      heard.push(...client.receive(bytes(server.linesToSend())).map((event) => event.kind));
    }
    return heard;
  };
  return { client, server, said, carry };
}

describe('The two halves of PSRP over stdio', () => {
  it('open a session, run a pipeline and end both', () => {
    const { client, server, said, carry } = connect();
    client.send(poolTarget, bytes('open'), 'default');
    carry();
    client.begin(id);
    client.send(id, bytes('create'), 'default');
    expect(carry()).toEqual(['commandAck', 'dataAck']);
    server.send(id, bytes('output'));
    expect(client.receive(bytes(server.linesToSend()))).toEqual([{ kind: 'data', target: id, bytes: bytes('output') }]);
    client.close(id);
    carry();
    expect(server.hasPipelines).toBe(false);
    client.close(poolTarget);
    expect(carry()).toEqual(['closeAck']);
    expect(said).toEqual(['open', 'command', 'create', 'close', 'close']);
  });

  it('never have two packets of bytes of one target on their way', () => {
    const client = new StdioClient();
    client.send(poolTarget, bytes('a'), 'default');
    client.send(poolTarget, bytes('b'), 'promptResponse');
    client.begin(id);
    client.send(id, bytes('c'), 'default');
    expect(linesOf(client.linesToSend()).map((line) => line.split(' ')[0])).toEqual(['<Data', '<Command']);
    client.receive(bytes(`<CommandAck PSGuid='${id}' />\n`));
    expect(linesOf(client.linesToSend())).toEqual([`<Data Stream='Default' PSGuid='${id}'>Yw==</Data>`]);
    client.receive(bytes(`<DataAck PSGuid='00000000-0000-0000-0000-000000000000' />\n`));
    expect(linesOf(client.linesToSend())).toEqual([
      "<Data Stream='PromptResponse' PSGuid='00000000-0000-0000-0000-000000000000'>Yg==</Data>",
    ]);
  });

  it('drop what waits for a pipeline that is stopped, and close it afterwards', () => {
    const { client, said, carry } = connect();
    client.begin(id);
    carry();
    client.send(id, bytes('first'), 'default');
    client.send(id, bytes('second'), 'default');
    client.signal(id);
    expect(carry()).toEqual(['dataAck', 'signalAck']);
    expect(client.stateOf(id)).toBe('stopped');
    client.close(id);
    carry();
    expect(client.stateOf(id)).toBeUndefined();
    expect(said).toEqual(['command', 'first', 'signal', 'close']);
  });

  it('bear acknowledgements that come late, as a server gives them that works on packets side by side', () => {
    const client = new StdioClient();
    client.begin(id);
    client.receive(bytes(`<CommandAck PSGuid='${id}' />\n`));
    client.send(id, bytes('a'), 'default');
    client.signal(id);
    client.close(id);
    const late = ['CloseAck', 'SignalAck', 'DataAck'].map((name) => `<${name} PSGuid='${id}' />\n`).join('');
    expect(client.receive(bytes(late)).map((event) => event.kind)).toEqual(['closeAck', 'signalAck', 'dataAck']);
  });

  it('refuse what the other half does not say', () => {
    expect(() => new StdioClient().receive(bytes(`<Command PSGuid='${id}' />\n`))).toThrow(/a server does not send/u);
    expect(() => new StdioServer().receive(bytes(`<CloseAck PSGuid='${id}' />\n`))).toThrow(/a client does not send/u);
    expect(() => new StdioServer().receive(bytes('__NamedPipeError__: x\n'))).toThrow(/a client does not send/u);
  });

  it('refuse bytes that come before the last were taken: a PowerShell would hang', () => {
    const data = `<Data Stream='Default' PSGuid='00000000-0000-0000-0000-000000000000'>AAAA</Data>\n`;
    expect(() => new StdioServer().receive(bytes(`${data}${data}`))).toThrow(
      /data is not possible while pool is taking/u,
    );
    expect(() =>
      new StdioServer().receive(bytes(`<Command PSGuid='${id}' />\n${data.replace(/0{8}-.*0{12}/u, id)}`)),
    ).toThrow(/while .* is starting/u);
  });

  it('answer words about a pipeline that is gone', () => {
    const server = new StdioServer();
    for (const event of server.receive(bytes(`<Signal PSGuid='${id}' />\n<Close PSGuid='${id}' />\n`)))
      server.acknowledge(event);
    expect(linesOf(server.linesToSend())).toEqual([`<SignalAck PSGuid='${id}' />`, `<CloseAck PSGuid='${id}' />`]);
  });

  it('refuse a pipeline twice, one that is not there, and a second farewell', () => {
    const client = new StdioClient();
    client.begin(id);
    expect(() => client.begin(id)).toThrow(/begun already/u);
    expect(() => client.signal(id)).toThrow(/while .* is starting/u);
    expect(() => client.send('other', bytes('x'), 'default')).toThrow(/no other/u);
    client.close(poolTarget);
    expect(() => client.close(poolTarget)).toThrow(/pool is closing/u);
  });
});

describe.each([
  ['client', clientLaneMachine, 'starting', 'closed'],
  ['server', serverLaneMachine, 'absent', 'absent'],
])('The table of a lane of the %s', (_, table, first, last) => {
  const rows = table as Readonly<Record<string, Readonly<Record<string, string>>>>;
  const reachable = (from: string): ReadonlySet<string> => {
    const seen = new Set([from]);
    for (const state of seen) for (const next of Object.values(rows[state] ?? {})) seen.add(next);
    return seen;
  };

  it('lets bytes go from an open lane alone', () => {
    const sending = Object.entries(rows).filter(([state, row]) => row['data'] !== undefined && row['data'] !== state);
    expect(sending.map(([state]) => state)).toEqual(['open']);
  });

  it('reaches every state from the first, and the last from every state', () => {
    expect([...reachable(first)].toSorted()).toEqual(Object.keys(rows).toSorted());
    for (const state of Object.keys(rows)) expect(reachable(state)).toContain(last);
  });
});
