import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../../src/kernel/failure.ts';
import { psProperty } from '../../../src/remote/protocol/clixml/values.ts';
import { readErrorRecord } from '../../../src/remote/protocol/psrp/error-record.ts';
import type { MessageType } from '../../../src/remote/protocol/psrp/message-types.ts';
import { buildPipeline, readPipeline } from '../../../src/remote/protocol/psrp/pipeline-definition.ts';
import type { Tape } from '../../../src/remote/protocol/tape/tape.ts';
import { encodeReply } from '../../../src/remote/protocol/wsman/encode-reply.ts';
import { makeFault } from '../../../src/remote/protocol/wsman/fault.ts';
import type { WsmanReply } from '../../../src/remote/protocol/wsman/replies.ts';
import { missOf } from '../../helpers/replay/heard-event.ts';
import { judgeReply } from '../../helpers/replay/judge-reply.ts';
import { judgeRequest } from '../../helpers/replay/judge-request.ts';
import { readRecording } from '../../helpers/replay/read-recording.ts';
import { readSteps, type Said } from '../../helpers/replay/recorded-steps.ts';
import { replayTape } from '../../helpers/replay/replay-tape.ts';
import { differenceOf } from '../../helpers/replay/same-meaning.ts';
import { exchanges } from '../../unit/remote/protocol/psrp/exchanges.ts';
import { alter, rename, scrub } from './alter-tape.ts';
import { tapeOf } from './corpus-tapes.ts';

/** Conversations with real Windows hosts, which are not ours to keep: beside the checkout, or where the variable says. */
const windowsRecordings = [
  process.env['KINTSUGI_WINDOWS_RECORDINGS'],
  fileURLToPath(new URL('../../../../shared/windows-recordings', import.meta.url)),
].find((folder) => folder !== undefined && existsSync(folder));

const faultText = (code: string): string =>
  encodeReply(makeFault(Number(code), 'said the host'), { messageId: '', relatesTo: undefined, machine: '' });

const taped = (id: string): Tape => tapeOf(exchanges.find((exchange) => exchange.id === id)!);

describe('A conversation with a real PowerShell', () => {
  it.each(exchanges.map((exchange) => [exchange.id, exchange] as const))(
    '%s is replayed as a tape',
    async (_, exchange) => {
      expect(await replayTape(tapeOf(exchange))).toEqual([]);
    },
  );

  it.each(exchanges.map((exchange) => [exchange.id, exchange] as const))(
    '%s is replayed with zeros for ids and other prefixes',
    async (_, exchange) => {
      expect(await replayTape(rename(scrub(tapeOf(exchange))))).toEqual([]);
    },
  );
});

describe('A replay', () => {
  it('tells where the host said something that our client cannot read', async () => {
    const spoilt = alter(taped('script-hello'), (text, isRequest) =>
      isRequest ? text : text.replace('shell/ReceiveResponse<', 'shell/SomethingResponse<'),
    );
    expect((await replayTape(spoilt))[0]).toMatch(
      /^step 2 \(receive\): the reply became dropped \(Expected a reply of the shell protocol/u,
    );
  });

  it('tells where a recorded request is none that our client could make', async () => {
    const spoilt = alter(taped('script-hello'), (text, isRequest) =>
      isRequest ? text.replace('transfer/Delete<', 'transfer/Put<') : text,
    );
    expect(await replayTape(spoilt)).toEqual([expect.stringMatching(/Put is not served/u)]);
  });

  it('leads our client through what goes wrong on the way', async () => {
    const { messages } = taped('script-hello');
    const [create, receive] = messages as [(typeof messages)[number], (typeof messages)[number]];
    const another = (number: number) => ({
      request: receive.request.replace(/uuid:0{7}/u, `uuid:${String(number).padStart(7, '0')}`),
    });
    const tape: Tape = {
      messages: [
        create,
        another(1),
        { ...another(2), auth_error: true },
        { ...another(3), timeout: true },
        { ...another(4), response: 'Service Unavailable', transport_error: { code: 503 } },
        { ...another(5), response: faultText('2150858793'), transport_error: { code: 500 } },
        { ...another(6), response: faultText('995') },
        receive,
      ],
    };
    expect(await replayTape(tape)).toEqual([]);
  });

  it.runIf(windowsRecordings)('of the conversations with real Windows hosts misses nothing', async () => {
    const names = readdirSync(windowsRecordings!).filter((name) => name.endsWith('.yml'));
    expect(names.length).toBeGreaterThan(0);
    const missed: Record<string, string[]> = {};
    for (const name of names) {
      const tape = await readRecording(join(windowsRecordings!, name));
      for (const form of [tape, scrub(tape)]) {
        const misses = await replayTape(form);
        if (misses.length > 0) missed[name] = misses;
      }
    }
    expect(missed).toEqual({});
  });
});

describe('The judge of a replay', () => {
  const steps = readSteps(taped('error-terminating'));
  const heard = steps.flatMap((step) => step.heard);
  const find = (type: MessageType): Said => heard.find(({ message }) => message.type === type)!;
  const output = find('pipelineOutput');
  const state = heard.findLast(({ message }) => message.type === 'pipelineState')!;

  it('misses an event, its content, and the error in a state', () => {
    const event = { kind: 'output', pipelineId: '', value: 'before' } as const;
    const error = readErrorRecord(psProperty(state.value!, 'ExceptionAsErrorRecord')!);
    const failed = { kind: 'pipelineState', pipelineId: '', state: 'failed', error } as const;
    expect(missOf(output, event)).toBeUndefined();
    expect(missOf(output, { ...event, value: 'befor' })).toContain('value is');
    expect(missOf(output, undefined)).toBe('pipelineOutput became nothing');
    expect(missOf(output, failed)).toBe('pipelineOutput became pipelineState');
    expect(missOf(state, failed)).toBeUndefined();
    expect(missOf(state, { ...failed, state: 'stopped' })).toContain('state is "failed"');
    expect(missOf(state, { ...failed, error: null })).toContain('pipelineState: record');
    expect(missOf(state, { ...failed, error: { ...error, fullyQualifiedErrorId: '' } })).toContain('id is');
  });

  it('misses what a message said, but not how it was written', () => {
    const definition = steps.flatMap(({ begins }) => begins).find(({ message }) => message.type === 'createPipeline')!
      .value!;
    expect(differenceOf('createPipeline', definition, definition)).toBeUndefined();
    const compact = buildPipeline(readPipeline(definition), { version: '2.3', form: 'compact' });
    expect(differenceOf('createPipeline', definition, compact)).toBeUndefined();
    const other = buildPipeline({ ...readPipeline(definition), noInput: false }, { version: '2.3', form: 'full' });
    expect(differenceOf('createPipeline', definition, other)).toBe('payload.noinput');
    expect(differenceOf('pipelineInput', 1, 1n)).toBe('value');
  });

  it('misses another operation, option or stream', () => {
    const { incoming } = steps[1]!;
    const { request, header } = incoming!;
    const receive = { kind: 'receive', resourceUri: 'a', shellId: 'b', commandId: undefined } as const;
    expect(judgeRequest(incoming!, { header, request })).toBeUndefined();
    expect(judgeRequest(incoming!, { header, request: { ...receive, kind: 'delete' } })).toContain('"kind":"delete"');
    expect(judgeRequest(incoming!, { header: { ...header, options: new Map() }, request })).toContain('KEEPALIVE');
    const streams: typeof request = { ...receive, ...(request as typeof receive), streams: ['stdout', 'stderr'] };
    expect(judgeRequest(incoming!, { header, request: streams })).toContain('stderr');
  });

  it('misses output, exit codes and codes of faults', () => {
    const piece = { commandId: undefined, stream: 'stdout', payload: Buffer.from('abc'), end: false };
    const done = { commandId: 'A', state: 'done', exitCode: 3 } as const;
    const body = encodeReply(
      { kind: 'received', pieces: [piece], commandState: done },
      { messageId: '', relatesTo: '', machine: '' },
    );
    const judge = (reply: WsmanReply, text = body) =>
      judgeReply({ kind: 'reply', status: 200, body: text }, { reply, failure: undefined });
    expect(judge({ kind: 'received', pieces: [piece], commandState: done })).toEqual([]);
    expect(judge({ kind: 'received', pieces: [], commandState: done })).toEqual(['output was lost']);
    expect(judge({ kind: 'received', pieces: [piece], commandState: { ...done, exitCode: 0 } })).toEqual([
      'the exit code was lost',
    ]);
    expect(judge(makeFault(5, 'no'), faultText('995'))).toEqual(['fault 995 became 5 (no)']);
    expect(judge(makeFault(995, 'gone'), faultText('995'))).toEqual([]);
    expect(judge({ kind: 'sent' }, faultText('995'))).toEqual(['fault 995 became sent']);
    expect(judgeReply({ kind: 'cut' }, { reply: { kind: 'sent' }, failure: undefined })).toHaveLength(1);
    expect(
      judgeReply({ kind: 'refused-login' }, { reply: undefined, failure: new Failure('dropped', 'x') }),
    ).toHaveLength(1);
  });
});

describe('npm run replay', () => {
  const run = (folder: string) => {
    const { status, stdout } = spawnSync(process.execPath, ['scripts/replay.ts', folder], { encoding: 'utf8' });
    return { status, lines: stdout.trimEnd().split('\n') };
  };

  it('counts the conversations of a folder, with a line for each miss, and refuses a folder without any', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'replay-'));
    const good = JSON.stringify(taped('script-hello'));
    await writeFile(join(folder, 'good.tape.json'), good);
    expect(run(folder)).toEqual({ status: 0, lines: ['replay 1/1'] });
    await writeFile(join(folder, 'bad.yml'), 'messages: 7');
    expect(run(folder)).toEqual({
      status: 1,
      lines: ['bad.yml: This is no tape. Expected a list of messages.', 'replay 1/2'],
    });
    expect(run(join(folder, 'none')).status).toBe(2);
    await rm(folder, { recursive: true });
  });
});
