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
