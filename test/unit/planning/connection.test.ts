import { expect, test } from 'vitest';
import { checkInventory } from '../../../src/input/inventory/read-inventory.ts';
import { resolveConnection } from '../../../src/planning/connection.ts';
import { faultLines, valueOf } from '../input/fixture-library.ts';
import { inventoryText } from './small-plan.ts';

const inventory = valueOf(checkInventory(inventoryText, 'inventory.yaml'));
const connection = (host: string) => valueOf(resolveConnection(inventory, host));

test('what the inventory leaves out has its default', () => {
  expect(connection('w1')).toEqual({
    host: 'w1',
    address: '10.0.0.1',
    port: 5985,
    transport: 'winrm',
    tls: null,
    mechanisms: ['negotiate'],
    allowUnencrypted: false,
    configurationName: 'Microsoft.PowerShell',
    username: 'admin',
    password: { secret: 'env:KT_PASSWORD' },
  });
});

test('every setting reaches the connection; TLS changes the port and is verified unless told otherwise', () => {
  expect(connection('w3')).toMatchObject({
    address: 'w3',
    port: 5986,
    tls: { verify: false, ca: 'ca.pem' },
    mechanisms: ['basic'],
    configurationName: 'Lab',
  });
  expect(connection('s1')).toMatchObject({ port: 15985, allowUnencrypted: true });
  expect(connection('s2')).toMatchObject({ username: 'other', password: { secret: 'file:/run/secrets/other' } });
  const tls = valueOf(checkInventory(inventoryText.replace('{ address: 10.0.0.1 }', '{ tls: true }'), 'i.yaml'));
  expect(valueOf(resolveConnection(tls, 'w1')).tls).toEqual({ verify: true });
});

test('secrets of certificates and proxies stay references; paths stay as they are', () => {
  const text = `kintsugi: inventory/v1
defaults:
  credential: op
  mechanisms: [certificate, kerberos]
  tls: { pin: ["sha256//${'A'.repeat(43)}="], channelBinding: false, clientCertificate: { cert: c.pem, key: "file:k.pem", passphrase: "env:P" } }
  kerberos: { spn: HTTP/w1.example.com, realm: EXAMPLE.COM, keytab: op.keytab, delegate: false }
  proxy: { url: "http://proxy:3128", credential: proxy }
hosts: { w1: {} }
credentials:
  op: { username: op }
  proxy: { username: pat, password: "env:PROXY" }
`;
  expect(valueOf(resolveConnection(valueOf(checkInventory(text, 'i.yaml')), 'w1'))).toMatchObject({
    tls: {
      verify: true,
      pin: [`sha256//${'A'.repeat(43)}=`],
      channelBinding: false,
      clientCertificate: { cert: 'c.pem', key: { secret: 'file:k.pem' }, passphrase: { secret: 'env:P' } },
    },
    mechanisms: ['certificate', 'kerberos'],
    kerberos: { spn: 'HTTP/w1.example.com', realm: 'EXAMPLE.COM', keytab: 'op.keytab' },
    proxy: { url: 'http://proxy:3128', username: 'pat', password: { secret: 'env:PROXY' } },
    username: 'op',
    password: null,
  });
});

test('a host without a credential is told', () => {
  const bare = valueOf(checkInventory('kintsugi: inventory/v1\nhosts: { w1: }\n', 'i.yaml'));
  expect(faultLines(resolveConnection(bare, 'w1'))).toEqual(['-:- `w1` has no credential']);
});

const reach = (settings: string, more = '') => {
  const text = `kintsugi: inventory/v1\nhosts: { h1: ${settings} }\n${more}credentials: { admin: { username: 'EX\\op', password: env:KT_PASSWORD } }\n`;
  return resolveConnection(valueOf(checkInventory(text, 'i.yaml')), 'h1');
};

test('over SSH a key needs no credential, and the port is 22 or what is said', () => {
  expect(valueOf(reach('{ transport: ssh, ssh: { user: op, identityFile: keys/op } }'))).toMatchObject({
    transport: 'ssh',
    address: 'h1',
    port: 22,
    username: 'op',
    password: null,
    ssh: { identityFile: 'keys/op' },
  });
  expect(valueOf(reach('{ transport: ssh }'))).toMatchObject({ username: '', password: null, ssh: {} });
  expect(valueOf(reach('{ transport: ssh, port: 23 }')).port).toBe(23);
  expect(valueOf(reach('{ transport: ssh, port: 23, ssh: { port: 24 } }')).port).toBe(24);
});

test('over SSH a credential gives the name, and its password where there is no key', () => {
  expect(valueOf(reach('{ transport: ssh, credential: admin }'))).toMatchObject({
    username: 'EX\\op',
    password: { secret: 'env:KT_PASSWORD' },
  });
  expect(
    valueOf(reach('{ transport: ssh, credential: admin, ssh: { identityFile: k, proxyJump: jump } }')),
  ).toMatchObject({ username: 'EX\\op', password: null });
});

test('a host adds to the WinRM settings of its group', () => {
  const group =
    'groups: { old: { hosts: [h1], defaults: { credential: admin, winrm: { robust: false, form: full } } } }\n';
  expect(valueOf(reach('{ winrm: { form: compact, commandAtOnce: false } }', group)).winrm).toEqual({
    robust: false,
    form: 'compact',
    commandAtOnce: false,
  });
});

test('a host adds to the SSH settings of its group', () => {
  const group =
    'groups: { ssh: { hosts: [h1], defaults: { transport: ssh, ssh: { user: op, identityFile: k, subsystem: ps7 } } } }\n';
  expect(valueOf(reach('{ ssh: { hostKey: ssh-ed25519 AAAA, subsystem: mine } }', group))).toMatchObject({
    username: 'op',
    ssh: { identityFile: 'k', hostKey: 'ssh-ed25519 AAAA', subsystem: 'mine' },
  });
});

test.each([
  [
    '{ transport: ssh, credential: admin, ssh: { proxyJump: jump } }',
    '-:- `h1` is reached with a password through a jump host',
  ],
  [
    '{ transport: ssh, ssh: { hostKey: ssh-ed25519 AAAA, checkHostKey: false } }',
    '-:- `h1` has a host key that is not to be checked',
  ],
])('SSH settings that exclude each other are told: %s', (settings, fault) => {
  expect(faultLines(reach(settings))).toEqual([fault]);
});

test('the worker’s own machine needs no address, no port and no credential', () => {
  expect(valueOf(reach('{ transport: local, local: { executable: pwsh-preview } }'))).toMatchObject({
    transport: 'local',
    port: 0,
    password: null,
    local: { executable: 'pwsh-preview' },
  });
});

test('over the bridge the worker’s own account signs in unless a credential is given', () => {
  expect(valueOf(reach('{ transport: bridge, configurationName: Repair }'))).toMatchObject({
    transport: 'bridge',
    address: 'h1',
    port: 5985,
    tls: null,
    configurationName: 'Repair',
    username: '',
    password: null,
  });
  expect(
    valueOf(reach('{ transport: bridge, tls: true, credential: admin, bridge: { authentication: credssp } }')),
  ).toMatchObject({
    port: 5986,
    tls: { verify: true },
    username: 'EX\\op',
    password: { secret: 'env:KT_PASSWORD' },
    bridge: { authentication: 'credssp' },
  });
});

test('over the bridge a certificate signs in instead of the credential that a group has', () => {
  const group = 'groups: { win: { hosts: [h1], defaults: { credential: admin, bridge: { executable: pwsh.exe } } } }\n';
  const thumbprint = 'a'.repeat(40);
  const text = `{ transport: bridge, tls: true, bridge: { certificateThumbprint: ${thumbprint} } }`;
  expect(valueOf(reach(text, group))).toMatchObject({
    username: '',
    password: null,
    bridge: { executable: 'pwsh.exe', certificateThumbprint: thumbprint },
  });
});

test.each([
  ['{ transport: bridge, bridge: { authentication: credssp } }', '-:- `h1` has no credential'],
  [
    `{ transport: bridge, bridge: { certificateThumbprint: ${'b'.repeat(40)} } }`,
    '-:- `h1` is signed in to with a certificate over plain HTTP',
  ],
  [
    '{ transport: bridge, tls: { ca: ca.pem } }',
    '-:- `h1` is reached by Windows itself, which takes no file of an authority',
  ],
])('settings of the bridge that cannot be had are told: %s', (settings, fault) => {
  expect(faultLines(reach(settings))).toEqual([fault]);
});
