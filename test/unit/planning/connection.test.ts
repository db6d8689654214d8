import { expect, test } from 'vitest';
import { checkInventory } from '../../../src/input/inventory/read-inventory.ts';
import { resolveConnection } from '../../../src/planning/connection.ts';
import { valueOf } from '../input/fixture-library.ts';
import { inventoryText } from './small-plan.ts';

const inventory = valueOf(checkInventory(inventoryText, 'inventory.yaml'));
const connection = (host: string) => resolveConnection(inventory, host);

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
    tls: { verify: false, servername: 'w3.example' },
    mechanisms: ['basic'],
    configurationName: 'Lab',
  });
  expect(connection('s1')).toMatchObject({ port: 15985, allowUnencrypted: true });
  expect(connection('s2')).toMatchObject({ username: 'other', password: { secret: 'file:/run/secrets/other' } });
  const tls = valueOf(checkInventory(inventoryText.replace('{ address: 10.0.0.1 }', '{ tls: true }'), 'i.yaml'));
  expect(resolveConnection(tls, 'w1').tls).toEqual({ verify: true });
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
  expect(resolveConnection(valueOf(checkInventory(text, 'i.yaml')), 'w1')).toMatchObject({
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

const reach = (settings: string, more = '') => {
  const text = `kintsugi: inventory/v1\nhosts: { h1: ${settings} }\n${more}credentials: { admin: { username: 'EX\\op', password: env:KT_PASSWORD } }\n`;
  return resolveConnection(valueOf(checkInventory(text, 'i.yaml')), 'h1');
};

test('over SSH a key needs no credential, and the port is 22 or what is said', () => {
  expect(reach('{ transport: ssh, ssh: { user: op, identityFile: keys/op } }')).toMatchObject({
    transport: 'ssh',
    address: 'h1',
    port: 22,
    username: 'op',
    password: null,
    ssh: { identityFile: 'keys/op' },
  });
  expect(reach('{ transport: ssh }')).toMatchObject({ username: '', password: null, ssh: {} });
  expect(reach('{ transport: ssh, port: 23 }').port).toBe(23);
  expect(reach('{ transport: ssh, port: 23, ssh: { port: 24 } }').port).toBe(24);
});

test('over SSH a credential gives the name, and its password where there is no key', () => {
  expect(reach('{ transport: ssh, credential: admin }')).toMatchObject({
    username: 'EX\\op',
    password: { secret: 'env:KT_PASSWORD' },
  });
  expect(reach('{ transport: ssh, credential: admin, ssh: { identityFile: k, proxyJump: jump } }')).toMatchObject({
    username: 'EX\\op',
    password: null,
  });
});

test('a host adds to the WinRM settings of its group', () => {
  const group =
    'groups: { old: { hosts: [h1], defaults: { credential: admin, winrm: { robust: false, form: full } } } }\n';
  expect(reach('{ winrm: { form: compact, commandAtOnce: false } }', group).winrm).toEqual({
    robust: false,
    form: 'compact',
    commandAtOnce: false,
  });
});

test('a host adds to the SSH settings of its group', () => {
  const group =
    'groups: { ssh: { hosts: [h1], defaults: { transport: ssh, ssh: { user: op, identityFile: k, subsystem: ps7 } } } }\n';
  expect(reach('{ ssh: { hostKey: ssh-ed25519 AAAA, subsystem: mine } }', group)).toMatchObject({
    username: 'op',
    ssh: { identityFile: 'k', hostKey: 'ssh-ed25519 AAAA', subsystem: 'mine' },
  });
});

test('the worker’s own machine needs no address, no port and no credential', () => {
  expect(reach('{ transport: local, local: { executable: pwsh-preview } }')).toMatchObject({
    transport: 'local',
    port: 0,
    password: null,
    local: { executable: 'pwsh-preview' },
  });
});

test('over the bridge the worker’s own account signs in unless a credential is given', () => {
  expect(reach('{ transport: bridge, configurationName: Repair }')).toMatchObject({
    transport: 'bridge',
    address: 'h1',
    port: 5985,
    tls: null,
    configurationName: 'Repair',
    username: '',
    password: null,
  });
  expect(
    reach('{ transport: bridge, tls: true, credential: admin, bridge: { authentication: credssp } }'),
  ).toMatchObject({
    port: 5986,
    tls: { verify: true },
    username: 'EX\\op',
    password: { secret: 'env:KT_PASSWORD' },
    bridge: { authentication: 'credssp' },
  });
});

test('over the bridge a certificate signs in instead of the credential that a group has for others', () => {
  const thumbprint = 'a'.repeat(40);
  const text = `kintsugi: inventory/v1
hosts: { h1: { tls: true, bridge: { certificateThumbprint: ${thumbprint} } }, h2: {} }
groups: { win: { hosts: [h1, h2], defaults: { transport: bridge, credential: admin, bridge: { executable: pwsh.exe } } } }
credentials: { admin: { username: op, password: env:KT_PASSWORD } }
`;
  const two = valueOf(checkInventory(text, 'i.yaml'));
  expect(resolveConnection(two, 'h1')).toMatchObject({
    username: '',
    password: null,
    bridge: { executable: 'pwsh.exe', certificateThumbprint: thumbprint },
  });
  expect(resolveConnection(two, 'h2').username).toBe('op');
});
