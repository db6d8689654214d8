import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Launch, RunOrder } from '../../../src/planning/plan.ts';
import { keyIdOf, readSigningKey, signDocument, verifyDocument } from '../../../src/planning/signature.ts';

const newKey = () =>
  readSigningKey(generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
const [key, otherKey] = [newKey(), newKey()];

const launch: Launch = {
  kintsugi: 'launch/v1',
  run: '20261121-0138-23456b',
  planDigest: 'a'.repeat(64),
  connections: [],
  launchedBy: 'ops',
  launchedAt: '2026-11-21T01:38:00Z',
  ticket: null,
};
const order: RunOrder = {
  kintsugi: 'order/v1',
  run: launch.run,
  order: 'cancel',
  mode: null,
  orderedBy: 'ops',
  orderedAt: launch.launchedAt,
};

test('I7 what was signed is verified with the key that signed it', () => {
  const signed = signDocument(launch, key);
  expect(verifyDocument(signed, [otherKey.publicKey, key.publicKey], 'launch/v1')).toEqual({
    ok: true,
    document: launch,
    keyId: key.keyId,
  });
  expect(verifyDocument(signDocument(order, key), [key.publicKey], 'order/v1').ok).toBe(true);
});

test('I7 the signature is over the value, not over the order of its keys', () => {
  const signed = signDocument(launch, key);
  const turned = Object.fromEntries(Object.entries(launch).toReversed()) as Launch;
  expect(verifyDocument({ ...signed, document: turned }, [key.publicKey], 'launch/v1').ok).toBe(true);
});

test('I7 a change of any field is refused', () => {
  const signed = signDocument(launch, key);
  for (const name of Object.keys(launch)) {
    const document = { ...launch, [name]: 'forged' };
    expect(verifyDocument({ ...signed, document } as typeof signed, [key.publicKey], 'launch/v1')).toEqual({
      ok: false,
      reason: 'bad-signature',
    });
  }
});

test('I7 a key that is not trusted is refused, also under the id of a trusted one', () => {
  const forged = signDocument(launch, otherKey);
  expect(verifyDocument(forged, [key.publicKey], 'launch/v1')).toEqual({ ok: false, reason: 'unknown-key' });
  expect(verifyDocument({ ...forged, keyId: key.keyId }, [key.publicKey], 'launch/v1')).toEqual({
    ok: false,
    reason: 'bad-signature',
  });
  expect(verifyDocument(forged, [], 'launch/v1').ok).toBe(false);
});

test('I7 a signed order cannot pass for a launch', () => {
  const signed = signDocument(order, key) as unknown;
  expect(verifyDocument<Launch>(signed as never, [key.publicKey], 'launch/v1')).toEqual({
    ok: false,
    reason: 'wrong-kind',
  });
});

test.each([
  null,
  undefined,
  5,
  'x',
  {},
  { document: launch },
  { document: launch, keyId: 5, signature: 5 },
  { document: { a: 1 }, keyId: 'x', signature: '' },
])('rubbish out of a store (%j) is refused without an exception', (rubbish) =>
  expect(verifyDocument(rubbish as never, [key.publicKey], 'launch/v1').ok).toBe(false),
);

test('rubbish under a trusted key is refused without an exception', () => {
  for (const document of [undefined, null, Number.NaN, () => 1]) {
    expect(
      verifyDocument({ document, keyId: key.keyId, signature: 'AAAA' } as never, [key.publicKey], 'launch/v1').ok,
    ).toBe(false);
  }
});

test('the id of a key is the beginning of its hash, and other kinds of keys are refused', () => {
  expect(key.keyId).toMatch(/^[0-9a-f]{16}$/);
  expect(keyIdOf(key.publicKey)).toBe(key.keyId);
  const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 });
  expect(() => keyIdOf(rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString())).toThrow(
    'expected an Ed25519 key',
  );
  expect(() => readSigningKey(rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString())).toThrow(
    'expected an Ed25519 key',
  );
});
