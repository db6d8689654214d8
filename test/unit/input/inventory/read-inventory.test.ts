import { expect, test } from 'vitest';
import { parametersOf, settingsOf } from '../../../../src/input/inventory/host-settings.ts';
import { checkInventory, readInventory } from '../../../../src/input/inventory/read-inventory.ts';
import { faultLines, valueOf } from '../fixture-library.ts';

const text = `kintsugi: inventory/v1
defaults:
  credential: admin
  vars: { ntp: [a.example, b.example], tier: none }
  parameters: { tier: $tier, price: $$5 }
hosts:
  web01:
  web02: { address: 10.0.0.2, vars: { tier: gold } }
  db01: { tls: { ca: ca.pem }, parameters: { minFreeGB: 40 } }
groups:
  lab: { hosts: [web01], groups: [web, db] }
  web: { hosts: [web01, web02], defaults: { parameters: { servers: $ntp, minFreeGB: 10 }, port: 15985 } }
  db: { hosts: [db01], defaults: { parameters: { minFreeGB: 20, other: $missing } } }
credentials:
  admin: { username: 'EXAMPLE\\admin', password: env:KT_PASSWORD }
`;
const check = (content: string) => checkInventory(content, 'inv.yaml');
const inventory = valueOf(check(text));

test('hosts keep the order of the file', () => {
  expect([...inventory.hosts.keys()]).toEqual(['web01', 'web02', 'db01']);
});

test('the nearest setting wins: host over group over the defaults', () => {
  expect(settingsOf(inventory, 'web02')).toMatchObject({ address: '10.0.0.2', port: 15985, credential: 'admin' });
  expect(parametersOf(inventory, 'db01')['minFreeGB']).toBe(40);
  expect(parametersOf(inventory, 'web01')['minFreeGB']).toBe(10);
});

test('variables are put in, as seen from the host', () => {
  expect(parametersOf(inventory, 'web01')).toEqual({
    tier: 'none',
    price: '$5',
    servers: ['a.example', 'b.example'],
    minFreeGB: 10,
  });
  expect(parametersOf(inventory, 'web02')['tier']).toBe('gold');
  expect(parametersOf(inventory, 'db01')['other']).toBe('$missing');
});

test('a group inside another one is nearer to its hosts', () => {
  const nested = text.replace(
    'lab: { hosts: [web01],',
    'lab: { hosts: [web01], defaults: { port: 1, configurationName: Lab },',
  );
  expect(settingsOf(valueOf(check(nested)), 'web01')).toMatchObject({ port: 15985, configurationName: 'Lab' });
});

test.each([
  [
    'a host of a group that does not exist',
    'hosts: [web01, web02]',
    'hosts: [web01, web20]',
    '12:25 there is no host `web20`',
  ],
  ['a group that does not exist', 'groups: [web, db]', 'groups: [web, dbs]', '11:40 there is no group `dbs`'],
  ['a credential that does not exist', 'credential: admin', 'credential: admn', '3:15 there is no credential `admn`'],
  [
    'a group that contains itself',
    'db: { hosts: [db01]',
    'db: { hosts: [db01], groups: [lab]',
    '11:40 the group `lab` contains itself: lab → db → lab',
  ],
  ['a group with the name of a host', '  db: {', '  web02: { hosts: [db01] }\n  db: {', '13:3 `web02` is a host too'],
  ['a misspelt setting', 'address:', 'adress:', '8:12 unknown key `adress`'],
  ['a port that is none', 'port: 15985', 'port: 159850', '12:97 `159850` is too large'],
  [
    'a password in clear text over HTTP',
    'address: 10.0.0.2',
    'mechanisms: [basic]',
    '8:3 `web02` would send its password in clear text: `basic` over plain HTTP',
  ],
  [
    'a login by certificate without one',
    'address: 10.0.0.2',
    'tls: true, mechanisms: [certificate]',
    '8:3 `web02` has no client certificate to log in by',
  ],
  [
    'a login by password whose credential has none',
    ', password: env:KT_PASSWORD',
    '',
    '7:3 `web01` logs in by `negotiate`, and its credential `admin` has no password',
  ],
  [
    'a credential of a proxy that does not exist',
    'address: 10.0.0.2',
    'proxy: { url: "http://p:3128", credential: prxy }',
    '8:55 there is no credential `prxy`',
  ],
  [
    'a fingerprint that is none',
    'address: 10.0.0.2',
    'tls: { pin: ["sha256:12"] }',
    '8:25 `sha256:12` does not have the right form',
  ],
  ['delegation', 'address: 10.0.0.2', 'kerberos: { delegate: true }', '8:34 `true` is not allowed here'],
  ['the reserved name', '  db01: {', '  all: {', '9:3 `all` does not have the right form for a name'],
])('%s is told', (_, from, to, expected) => {
  expect(text).toContain(from);
  expect(faultLines(check(text.replace(from, to)))).toContain(expected);
});

test.each(['hunter2-canary', '"env canary"', '[canary]', '{ x: canary }', '12345canary', '|\n    canary'])(
  'the password %j is refused and shown nowhere',
  (password) => {
    const checked = check(text.replace('env:KT_PASSWORD', password));
    expect(checked.ok).toBe(false);
    expect(JSON.stringify(checked)).not.toContain('canary');
  },
);

test('CredSSP is not offered, and the fault says why and what to take', () => {
  const checked = check(text.replace('address: 10.0.0.2', 'mechanisms: [credssp]'));
  expect(checked).toMatchObject({
    ok: false,
    faults: [
      {
        message: '`credssp` is not allowed here',
        expected: 'kerberos, negotiate, ntlm, basic, certificate',
        suggestion: expect.stringMatching(/password itself.*take `kerberos`.*delegation or a JEA endpoint/u),
      },
    ],
  });
});

test.each([
  'tls: { clientCertificate: { cert: c.pem, key: hunter2-canary } }',
  'tls: { clientCertificate: { cert: c.pem, key: file:k, passphrase: hunter2-canary } }',
  'proxy: { url: "http://me:hunter2-canary@proxy:3128" }',
])('the secret in %s is refused and shown nowhere', (settings) => {
  const checked = check(text.replace('address: 10.0.0.2', settings));
  expect(checked.ok).toBe(false);
  expect(JSON.stringify(checked)).not.toContain('canary');
});

test.each([
  'mechanisms: [kerberos], kerberos: { keytab: k }',
  'mechanisms: [kerberos], kerberos: { cache: default }',
  'tls: { clientCertificate: { cert: c.pem, key: file:k } }, mechanisms: [certificate]',
])('a host with %s needs no password', (settings) => {
  const bare = `kintsugi: inventory/v1\nhosts: { h: { credential: me, ${settings} } }\ncredentials: { me: { username: me } }\n`;
  expect(check(bare).ok).toBe(true);
});

test('a password under a misspelt key is shown nowhere', () => {
  const checked = check(text.replace('password: env:KT_PASSWORD', 'passwort: hunter2-canary'));
  expect(faultLines(checked)).toEqual(expect.arrayContaining(['15:39 unknown key `passwort`']));
  expect(JSON.stringify(checked)).not.toContain('canary');
});

test('a whole inventory on one line shows no password with another fault', () => {
  const line =
    '{"kintsugi":"inventory/v1","hosts":{"a":{"prt":1}},"credentials":{"x":{"username":"u","password":"canary"}}}';
  const checked = check(line);
  expect(faultLines(checked).length).toBeGreaterThan(1);
  expect(JSON.stringify(checked)).not.toContain('canary');
});

test('an inventory of ten thousand hosts is read', () => {
  const hosts = Array.from({ length: 10_000 }, (_, index) => `  h${index}: { address: h${index}.example }`).join('\n');
  expect(valueOf(check(`kintsugi: inventory/v1\ndefaults: { transport: ssh }\nhosts:\n${hosts}\n`)).hosts.size).toBe(
    10_000,
  );
});

test('an inventory that does not exist is told', () => {
  expect(faultLines(readInventory('/nonexistent/inventory.yaml'))).toEqual(['-:- there is no such file']);
});
