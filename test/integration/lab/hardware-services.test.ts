import { request } from 'node:https';
import { afterEach, describe, expect, test } from 'vitest';
import type { HostSpec, LabSpec } from '../../../src/lab/faults/lab-spec.ts';
import { type Lab, startLab } from '../../../src/lab/start-lab.ts';

type Reply = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly json: unknown;
  readonly text: string;
};
/** What lies at a dotted path of parsed JSON. */
const at = (value: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>(
      (one, key) => (typeof one === 'object' && one !== null ? Reflect.get(one, key) : undefined),
      value,
    );

/** The list at a path. */
const listAt = (value: unknown, path: string): readonly unknown[] => {
  const found = at(value, path);
  return Array.isArray(found) ? found : [];
};

const password = 'Only-4-the-lab';
const basic = `Basic ${Buffer.from(`operator:${password}`).toString('base64')}`;

let lab: Lab | undefined;
afterEach(async () => {
  await lab?.close();
  lab = undefined;
});

const start = async (host: Partial<HostSpec>, more: Partial<LabSpec> = {}): Promise<Lab> => {
  lab = await startLab({
    spec: { kintsugi: 'lab/v1', hosts: { srv: { base: 'windows-server-2022', ...host } }, ...more },
    password,
  });
  return lab;
};

const ask = (
  url: string,
  options: { method?: string; headers?: Record<string, string>; body?: string; ca?: string } = {},
): Promise<Reply> =>
  new Promise((resolve, reject) => {
    const { method = 'GET', headers = { authorization: basic }, body, ca } = options;
    const sent = request(url, { method, headers, ca: ca ?? lab?.hardware.authority, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text,
          json: text === '' ? undefined : JSON.parse(text),
        });
      });
    });
    sent.once('error', reject);
    sent.end(body);
  });

const redfish = (path: string): string => `${lab?.hardware.redfish.get('srv')}/redfish/v1${path}`;

const versionOf = async (id: string): Promise<unknown> =>
  at((await ask(redfish(`/UpdateService/FirmwareInventory/${id}`))).json, 'Version');

describe('the service processor of a lab host', () => {
  test('leads from its root, which needs no login, to every resource that it links', async () => {
    await start({ bmc: true });
    const seen = new Set<string>();
    const waiting = ['/redfish/v1'];
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
      if (seen.has(path)) continue;
      seen.add(path);
      const headers: Record<string, string> = path === '/redfish/v1' ? {} : { authorization: basic };
      const { status, text } = await ask(`${lab?.hardware.redfish.get('srv')}${path}`, { headers });
      expect([path, status]).toEqual([path, 200]);
      for (const [, link = ''] of text.matchAll(/"@odata\.id":"([^"#]+?)\/?"/gu)) waiting.push(link);
    }
    expect(seen.size).toBeGreaterThan(25);
  });

  test('tells model, health and firmware; the level of UEFI is what Windows says, too', async () => {
    await start({ bmc: true });
    const { json } = await ask(redfish('/Systems/1'));
    expect([at(json, 'Model'), at(json, 'Status.Health'), at(json, 'PowerState')]).toEqual([
      'ThinkSystem SR650 V2',
      'OK',
      'On',
    ]);
    expect(await versionOf('UEFI')).toBe(lab?.hosts[0]?.machine.hardware.firmware.state.bios.version);
  });

  test('is read only: what would change something is not allowed, and nothing is changed', async () => {
    await start({ bmc: true });
    const reset = await ask(redfish('/Systems/1'), { method: 'PATCH', body: '{"AssetTag":"x"}' });
    expect([reset.status, reset.headers['allow']]).toEqual([405, 'GET, HEAD']);
    expect((await ask(redfish('/Systems/2'))).status).toBe(404);
  });

  test('opens a session for the right password only, and ends it', async () => {
    await start({ bmc: true });
    const logIn = (word: string): Promise<Reply> =>
      ask(redfish('/SessionService/Sessions'), {
        method: 'POST',
        headers: {},
        body: JSON.stringify({ UserName: 'operator', Password: word }),
      });
    expect((await logIn('wrong')).status).toBe(401);
    const { status, headers } = await logIn(password);
    const token = { 'x-auth-token': String(headers['x-auth-token']) };
    expect(status).toBe(201);
    expect((await ask(redfish('/Systems/1'), { headers: token })).status).toBe(200);
    expect((await ask(redfish('/Systems/1'), { headers: {} })).status).toBe(401);
    const url = `${lab?.hardware.redfish.get('srv')}${String(headers['location'])}`;
    expect((await ask(url, { method: 'DELETE', headers: token })).status).toBe(204);
    expect((await ask(redfish('/Systems/1'), { headers: token })).status).toBe(401);
  });

  test('shows an old firmware of the part that a fault names, and of no other', async () => {
    await start({ bmc: true });
    const [bmc, raid] = [await versionOf('BMC-Primary'), await versionOf('Slot_7.Bundle')];
    await lab?.close();
    await start({ faults: [{ kind: 'bmc-firmware-old', component: 'raid', version: '50.0.0-1' }] });
    expect([await versionOf('BMC-Primary'), await versionOf('Slot_7.Bundle')]).toEqual([bmc, '50.0.0-1']);
    expect(raid).not.toBe('50.0.0-1');
    const storage = (await ask(redfish('/Systems/1/Storage/RAID_Slot7'))).json;
    expect(at(storage, 'StorageControllers.0.FirmwareVersion')).toBe('50.0.0-1');
  });

  test('rolls the health of a failing part up to the system, and logs it', async () => {
    await start({ faults: [{ kind: 'hardware-part-failing', part: 'drive' }] });
    const drive = (await ask(redfish('/Systems/1/Storage/RAID_Slot7/Drives/Disk.1'))).json;
    expect([at(drive, 'FailurePredicted'), at(drive, 'Status.Health')]).toEqual([true, 'Warning']);
    expect(at((await ask(redfish('/Systems/1'))).json, 'Status.HealthRollup')).toBe('Warning');
    const entry = (await ask(redfish('/Systems/1/LogServices/PlatformLog/Entries/1'))).json;
    expect(at(entry, 'Message')).toBe('A failure of drive 1 is predicted.');
    await lab?.close();
    await start({ faults: [{ kind: 'hardware-part-failing', part: 'power-supply' }] });
    const supplies = listAt((await ask(redfish('/Chassis/1/Power'))).json, 'PowerSupplies');
    expect(supplies.map((one) => at(one, 'Status.Health'))).toEqual(['OK', 'Critical']);
  });

  test('refuses an account for its own reason though the password is right', async () => {
    const reasons = [
      ['locked', 401],
      ['password-change-required', 403],
      ['no-right', 403],
    ] as const;
    for (const [cause, status] of reasons) {
      await start({ faults: [{ kind: 'bmc-login-refused', cause }] });
      expect([cause, (await ask(redfish('/Systems/1'))).status]).toEqual([cause, status]);
      expect((await ask(redfish(''), { headers: {} })).status).toBe(200);
      await lab?.close();
    }
  });

  test('shows a certificate that its fault makes untrustworthy', async () => {
    for (const [cause, code] of [
      ['self-signed', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
      ['expired', 'CERT_HAS_EXPIRED'],
    ] as const) {
      await start({ faults: [{ kind: 'bmc-certificate', cause }] });
      await expect(ask(redfish('/Systems/1'))).rejects.toMatchObject({ code });
      await lab?.close();
    }
  });

  test('is not there where nobody asked for it, and no client has one', async () => {
    await start({});
    expect([lab?.hardware.redfish.size, lab?.hardware.xclarity]).toEqual([0, null]);
    await expect(
      startLab({ spec: { kintsugi: 'lab/v1', hosts: { pc: { base: 'windows-11-24h2', bmc: true } } }, password }),
    ).rejects.toMatchObject({ code: 'bad-input' });
  });
});

describe('XClarity Administrator beside the hosts', () => {
  test('lists the servers that it manages with the levels that their service processors tell', async () => {
    await start(
      { faults: [{ kind: 'bmc-firmware-old', component: 'bmc', version: '24C-1.60' }] },
      { xclarityAdministrator: true },
    );
    const { status, json } = await ask(`${lab?.hardware.xclarity}/nodes`);
    const node = at(json, 'nodeList.0');
    expect([status, at(node, 'productName'), at(node, 'powerStatus')]).toEqual([200, 'ThinkSystem SR650 V2', 8]);
    const primary = listAt(node, 'firmware').find((one) => at(one, 'type') === 'BMC-Primary');
    expect([at(primary, 'build'), at(primary, 'version')]).toEqual(['24C', '1.60']);
    const one = await ask(`${lab?.hardware.xclarity}/nodes/${String(at(node, 'uuid'))}`);
    expect(at(one.json, 'name')).toBe('SRV');
    expect((await ask(`${lab?.hardware.xclarity}/nodes`, { headers: {} })).status).toBe(401);
  });

  test('logs in by a session whose cookie it gives', async () => {
    await start({ bmc: true }, { xclarityAdministrator: true });
    const body = JSON.stringify({ UserId: 'operator', password });
    const { headers } = await ask(`${lab?.hardware.xclarity}/sessions`, { method: 'POST', headers: {}, body });
    const cookie = [headers['set-cookie']]
      .flat()
      .map((one) => one?.split(';')[0])
      .join('; ');
    expect((await ask(`${lab?.hardware.xclarity}/nodes`, { headers: { cookie } })).status).toBe(200);
  });
});
