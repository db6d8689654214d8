import { describe, expect, test } from 'vitest';
import { psCredential, readCredential } from '../../../../../src/remote/protocol/clixml/credential.ts';
import { SecureText } from '../../../../../src/remote/protocol/clixml/secure-text.ts';
import { toPlain } from '../../../../../src/remote/protocol/clixml/to-plain.ts';
import { toPs } from '../../../../../src/remote/protocol/clixml/to-ps.ts';
import { isPsTagged, type PsValue, psList, psSecureString } from '../../../../../src/remote/protocol/clixml/values.ts';
import { RunspacePoolClient } from '../../../../../src/remote/protocol/psrp/client.ts';
import { outputs, Pair, pipelineA, poolId } from './in-memory.ts';

describe('Secrets', () => {
  const reveal = (value: PsValue | undefined): string | undefined => {
    const plain = isPsTagged(value) && value.kind === 'secureText' ? value : undefined;
    return plain?.reveal();
  };

  test('wait for the key exchange and come out clear, in order with what follows them', () => {
    const pair = new Pair();
    pair.onServer = (event) => {
      const value =
        event.kind === 'pipelineCreated' ? event.definition.statements[0]?.[0]?.parameters[0]?.value : undefined;
      if (event.kind === 'pipelineCreated') pair.server.sendOutput(event.pipelineId, value ?? null);
      if (event.kind === 'input') pair.server.sendOutput(event.pipelineId, event.value);
    };
    const secret = new SecureText('p@ss wörd \ud83d');
    pair.client.open();
    pair.client.createPipeline(pipelineA, {
      statements: [[{ text: 'x', parameters: [{ name: 'S', value: secret }] }]],
      noInput: false,
    });
    pair.client.sendInput(pipelineA, 'after');
    expect(pair.client.pendingTargets()).toEqual(['pool']);
    pair.pass();
    const [echoed, after] = outputs(pair.clientEvents, pipelineA);
    expect(reveal(echoed)).toBe('p@ss wörd \ud83d');
    expect(after).toBe('after');
    expect(pair.serverEvents.filter(({ kind }) => kind === 'keySent')).toHaveLength(1);
  });

  test('never stand on the wire, not even as UTF-16 or base64', () => {
    const pair = new Pair().open();
    const clear = 'Geheim-4711';
    const credential = psCredential('user', new SecureText(clear));
    pair.client.createPipeline(pipelineA, {
      statements: [[{ text: 'x', parameters: [{ name: 'C', value: toPs({ deep: [credential] }) }] }]],
    });
    const key = pair.client.dataToSend('pool', 10_000)!;
    pair.server.receive(key.bytes);
    pair.client.receive(pair.server.dataToSend('pool', 10_000)!.bytes);
    const { bytes } = pair.client.dataToSend(pipelineA, 100_000)!;
    const seen = Buffer.from(bytes);
    for (const form of [Buffer.from(clear), Buffer.from(clear, 'utf16le')])
      for (const encoded of [form, Buffer.from(form.toString('base64').replace(/=+$/, ''))])
        expect(seen.includes(encoded)).toBe(false);
    const [created] = pair.server.receive(bytes, pipelineA);
    const value =
      created?.kind === 'pipelineCreated' ? created.definition.statements[0]?.[0]?.parameters[0]?.value : undefined;
    expect(toPlain(value ?? null)).toEqual({ deep: [{ UserName: 'user', Password: '(secret)' }] });
  });

  test('make credentials that read back', () => {
    const read = readCredential(psCredential('u', new SecureText('p')));
    expect(read?.userName).toBe('u');
    expect(reveal(read?.password)).toBe('p');
    expect(readCredential(psList([]))).toBeUndefined();
  });

  test('go without exchange where both sides speak 2.4', () => {
    const pair = new Pair({ protocolVersion: '2.4', server: { protocolVersion: '2.4' } });
    pair.onServer = (event) => {
      if (event.kind !== 'pipelineCreated') return;
      pair.server.sendOutput(event.pipelineId, event.definition.statements[0]?.[0]?.parameters[0]?.value ?? null);
    };
    pair.client.open();
    pair.client.createPipeline(pipelineA, {
      statements: [[{ text: 'x', parameters: [{ name: 'S', value: new SecureText('s') }] }]],
    });
    pair.pass();
    expect(reveal(outputs(pair.clientEvents, pipelineA)[0])).toBe('s');
    expect(pair.serverEvents.map(({ kind }) => kind)).not.toContain('keySent');
  });

  test('are refused without a key pair, before anything is sent', () => {
    const client = new RunspacePoolClient({ id: poolId });
    client.open();
    const parameters = [{ name: 'S', value: new SecureText('s') }];
    expect(() => client.createPipeline(pipelineA, { statements: [[{ text: 'x', parameters }]] })).toThrow('key pair');
  });

  test('that come before the key are opened later', () => {
    const pair = new Pair().open();
    pair.client.createPipeline(pipelineA, { statements: [[{ text: 'x' }]] });
    pair.pass();
    pair.client.requestKey();
    const { bytes: publicKey } = pair.client.dataToSend('pool', 10_000)!;
    pair.server.receive(publicKey);
    pair.server.sendOutput(pipelineA, new SecureText('early'));
    const [early] = pair.client.receive(pair.server.dataToSend(pipelineA, 10_000)!.bytes, pipelineA);
    const value =
      early?.kind === 'output' && isPsTagged(early.value) && early.value.kind === 'secureString'
        ? early.value
        : undefined;
    expect(() => pair.client.openSecure(value!)).toThrow('after the session key');
    pair.pass();
    expect(pair.client.openSecure(value!).reveal()).toBe('early');
  });

  test('that the key does not open stay closed and harm nobody: only who wants the text is refused', () => {
    const pair = new Pair().open();
    pair.client.createPipeline(pipelineA, { statements: [[{ text: 'x' }]] });
    pair.client.requestKey();
    pair.pass();
    pair.server.sendOutput(pipelineA, psSecureString(Buffer.alloc(16, 7).toString('base64')));
    pair.server.sendOutput(pipelineA, 'after');
    pair.pass();
    const [value, after] = outputs(pair.clientEvents, pipelineA);
    expect(after).toBe('after');
    const closed = isPsTagged(value) && value.kind === 'secureString' ? value : psSecureString('');
    expect(() => pair.client.openSecure(closed)).toThrow('was not encrypted with the session key');
    expect(pair.client.phase).toBe('opened');
  });
});
