import { describe, expect, it } from 'vitest';
import { checkInventory } from '../../../../src/input/inventory/read-inventory.ts';
import { honours, type Transport, type WaySetting } from '../../../../src/input/inventory/transport-settings.ts';
import { faultLines } from '../fixture-library.ts';

const credentials = `credentials:
  admin: { username: 'EX\\op', password: env:KT_PASSWORD }
  bare: { username: me }
`;
const check = (text: string) => checkInventory(`kintsugi: inventory/v1\n${text}${credentials}`, 'i.yaml');
const host = (settings: string) => check(`hosts:\n  h1: { ${settings} }\n`);
const faultsOf = (text: string) => {
  const checked = check(text);
  return checked.ok ? [] : checked.faults;
};

/** What each transport needs at least, and a value of each setting. */
const least: Record<Transport, string> = {
  winrm: 'transport: winrm, credential: admin',
  ssh: 'transport: ssh',
  local: 'transport: local',
  bridge: 'transport: bridge',
};
const values: Record<WaySetting, string> = {
  address: 'h1.example.com',
  port: '4711',
  credential: 'admin',
  tls: 'true',
  mechanisms: '[kerberos]',
  kerberos: '{ realm: EX }',
  proxy: '{ url: "http://proxy:3128" }',
  allowUnencrypted: 'true',
  configurationName: 'Repair',
  winrm: '{ robust: false }',
  ssh: '{ user: op }',
  local: '{ executable: pwsh }',
  bridge: '{ executable: pwsh }',
};
const cells = (Object.keys(least) as Transport[]).flatMap((transport) =>
  (Object.keys(values) as WaySetting[]).map((setting) => [setting, transport] as const),
);

describe('A setting of a host', () => {
  it.each(cells)('%s is honoured by %s or is a fault, at its place and with what to do', (setting, transport) => {
    const given = `, ${least[transport]}`.includes(`, ${setting}:`) ? '' : `, ${setting}: ${values[setting]}`;
    const checked = host(`${least[transport]}${given}`);
    const honour = honours[setting][transport];
    if (honour.kind === 'yes') {
      expect(checked.ok).toBe(true);
      return;
    }
    expect(checked).toMatchObject({
      ok: false,
      faults: [
        {
          path: `hosts.h1.${setting}`,
          line: 3,
          message: `\`${setting}\` is not honoured by \`transport: ${transport}\`, by which \`h1\` is reached`,
          expected: honour.instead,
        },
      ],
    });
  });

  it.each([
    ['pin', `["sha256//${'A'.repeat(43)}="]`],
    ['ca', 'ca.pem'],
    ['servername', 'h1.example.com'],
    ['channelBinding', 'false'],
    ['clientCertificate', '{ cert: c.pem, key: file:k.pem }'],
  ])('tls.%s is not ignored by the bridge', (setting, value) => {
    const checked = host(`transport: bridge, tls: { ${setting}: ${value} }`);
    expect(checked).toMatchObject({ ok: false, faults: [{ path: `hosts.h1.tls.${setting}` }] });
  });

  it('that a group or the defaults give is told once, where it is written', () => {
    const faults = faultsOf(
      'defaults: { proxy: { url: "http://proxy:3128" }, credential: admin }\nhosts: { h1: , h2: , h3: }\ngroups:\n  win: { hosts: [h2, h3], defaults: { transport: bridge } }\n',
    );
    expect(faults).toEqual([
      expect.objectContaining({
        path: 'defaults.proxy',
        line: 2,
        message: '`proxy` is not honoured by `transport: bridge`, by which `h2` (and 1 more) is reached',
        suggestion: 'what holds for some hosts only belongs to a group of these',
      }),
    ]);
  });

  it('may be of no use to one host where it serves another', () => {
    const text = 'defaults: { credential: admin, tls: true, ssh: { user: op } }\n';
    expect(check(`${text}hosts: { h1: , h2: { transport: local }, h3: { transport: ssh } }\n`).ok).toBe(true);
    expect(faultsOf(`${text}hosts: { h2: { transport: local } }\n`).map(({ path }) => path)).toEqual([
      'defaults.credential',
      'defaults.tls',
      'defaults.ssh',
    ]);
  });

  it('is no fault where a nearer place takes it back', () => {
    const text = 'defaults: { credential: admin, configurationName: Repair, allowUnencrypted: true }\n';
    const taken = 'transport: bridge, allowUnencrypted: false';
    expect(check(`${text}hosts: { h1: , h2: { ${taken} } }\n`).ok).toBe(true);
    expect(check(`${text}hosts: { h1: , h2: { transport: bridge } }\n`).ok).toBe(false);
    expect(check(`${text}hosts: { h1: , h2: { transport: ssh, configurationName: Microsoft.PowerShell } }\n`).ok).toBe(
      true,
    );
  });
});

describe('A login', () => {
  it('by address is no fault where another mechanism follows on Kerberos', () => {
    const of = (mechanisms: string) =>
      `defaults: { credential: admin, ${mechanisms} }\nhosts: { h1: { address: 10.0.0.1 } }\n`;
    expect(check(of('mechanisms: [kerberos, ntlm]')).ok).toBe(true);
    expect(check(of('mechanisms: [kerberos]')).ok).toBe(false);
  });

  const thumbprint = `certificateThumbprint: ${'b'.repeat(40)}`;
  it.each([
    ['tls: true', '`h1` has no credential'],
    [
      'credential: admin, tls: { clientCertificate: { cert: c, key: file:k } }',
      '`h1` has a client certificate that `mechanisms: [negotiate]` never shows',
    ],
    [
      'credential: admin, tls: { ca: ca.pem, verify: false }',
      '`h1` takes any certificate, and has an authority that it must come from',
    ],
    [
      'credential: admin, proxy: { url: "http://p:1", credential: bare }',
      '`h1` is reached through a proxy whose credential has no password',
    ],
    [
      'credential: admin, address: 10.0.0.1, mechanisms: [kerberos]',
      '`h1` logs in by Kerberos alone, which knows hosts by their names, and `10.0.0.1` is none',
    ],
    [
      'credential: admin, mechanisms: [kerberos], kerberos: { cache: "KEYRING:user" }',
      '`h1` has the credential cache `KEYRING:user`, which is no file',
    ],
    [
      'transport: bridge, credential: admin, bridge: { authentication: basic }',
      '`h1` would send its password in clear text: `basic` over plain HTTP',
    ],
    ['transport: bridge, bridge: { authentication: credssp }', '`h1` has no credential'],
    ['transport: bridge, credential: bare', '`h1` is signed in to by its credential `bare`, which has no password'],
    [`transport: bridge, bridge: { ${thumbprint} }`, '`h1` is signed in to with a certificate over plain HTTP'],
    [
      `transport: bridge, tls: true, bridge: { ${thumbprint}, authentication: kerberos }`,
      '`h1` is signed in to with a certificate and by `kerberos`',
    ],
    [
      'transport: ssh, credential: admin, ssh: { proxyJump: jump }',
      '`h1` is reached with a password through a jump host',
    ],
    [
      'transport: ssh, ssh: { hostKey: ssh-ed25519 AAAA, checkHostKey: false }',
      '`h1` has a host key that is not to be checked',
    ],
  ])('that cannot be made is told: %s', (settings, message) => {
    expect(faultLines(host(settings))).toEqual([`3:3 ${message}`]);
  });

  it.each([
    'address: 10.0.0.1, mechanisms: [kerberos], kerberos: { spn: HTTP/h1.example.com }',
    'address: 10.0.0.1, kerberos: { realm: EX }',
    'mechanisms: [kerberos], kerberos: { cache: "FILE:/run/cache" }',
    `tls: { verify: false, pin: ["sha256//${'A'.repeat(43)}="] }`,
  ])('that can be made is none: %s', (settings) => {
    expect(faultLines(host(`credential: admin, ${settings}`))).toEqual([]);
  });

  it('with a certificate of the bridge leaves no credential of the host unsaid', () => {
    expect(host(`transport: bridge, tls: true, credential: admin, bridge: { ${thumbprint} }`)).toMatchObject({
      ok: false,
      faults: [{ path: 'hosts.h1.credential', expected: 'one of `credential` and `bridge.certificateThumbprint`' }],
    });
  });

  it('that asks for no tickets leaves no section about them unsaid', () => {
    expect(host('credential: admin, mechanisms: [ntlm], kerberos: { realm: EX }')).toMatchObject({
      ok: false,
      faults: [{ path: 'hosts.h1.kerberos', expected: '`kerberos` or `negotiate` among the `mechanisms`' }],
    });
  });
});

describe('Faults of connections', () => {
  it('are found together with those of the format', () => {
    const faults = faultsOf(
      'defaults: { colour: red }\nhosts:\n  h1: { port: 99999 }\n  h2: { transport: bridge, tls: true, proxy: { url: "http://p:1" } }\n  h3: { credential: nobody }\n',
    );
    expect(faults.map(({ path, message }) => `${path}: ${message}`)).toEqual([
      'defaults.colour: unknown key `colour`',
      'hosts.h1.port: `99999` is too large',
      'hosts.h3.credential: there is no credential `nobody`',
      'hosts.h1: `h1` has no credential',
      'hosts.h2.proxy: `proxy` is not honoured by `transport: bridge`, by which `h2` is reached',
    ]);
    expect(faults[1]?.expected).toBe('a port, 1 to 65535');
  });

  it('are not concluded from what another fault leaves open', () => {
    const open = [
      'hosts: { h1: { credentail: admin } }\n',
      'hosts: { h1: { credential: [admin] } }\n',
      'hosts: { h1: { transport: shh, ssh: { user: op } } }\n',
      'hosts: { h1: { credential: admin, mechanisms: [basic], tls: 5 } }\n',
      'hosts: { h1: 5 }\n',
      'hosts: { h1: }\ngroups: { web: { hosts: [h01], defaults: { credential: admin } } }\n',
      'hosts: { h1: }\ngroups: { web: { hosts: h1, defaults: { credential: admin } } }\n',
      'hosts: { h1: }\ngroups: { web: [h1] }\n',
      'hosts: { h1: }\ngroups: { a: { groups: [b], hosts: [h1], defaults: { credential: admin } }, b: { groups: [a] } }\n',
    ];
    for (const text of open) expect(faultsOf(text), text).toHaveLength(1);
  });

  it('show no line that may hold a secret which was refused', () => {
    const faults = faultsOf(
      'hosts:\n  h1: { transport: bridge, mechanisms: [ntlm], proxy: { url: "http://me:hunter2-canary@p:1" } }\n',
    );
    expect(faults.map(({ path }) => path)).toEqual(['hosts.h1.proxy.url', 'hosts.h1.mechanisms']);
    expect(JSON.stringify(faults)).not.toContain('canary');
  });
});
