import { expect, test } from 'vitest';
import { applied, repairHost } from './host-under-repair.ts';

const goal = { failedWith: ['0x80070002'] };
// Programs of the lab report every simulated second; that is not what is tested here.
const briefly = { restoreMs: 20_000, sfcMs: 20_000 };
const catroot2 = 'C:\\Windows\\System32\\catroot2';
const cache = 'C:\\Windows\\SoftwareDistribution';

test('a corrupt update cache is found by its evidence, set aside, and the search for updates then passes', async () => {
  await using host = await repairHost('windows-11-24h2', [{ kind: 'update-cache-corrupt' }]);
  const before = await host.verify('windows-update/scan', goal);
  expect(before).toMatchObject({ ok: false, facts: { hresult: '0x80070002' } });
  const found = await host.detect('windows-update/reset-cache');
  expect(found).toMatchObject({ needed: true, possible: true, reason: '' });
  expect(found.facts).toMatchObject({ history: [{ hresult: '0x80070002' }, {}, {}] });
  const outcome = applied(await host.apply('windows-update/reset-cache'));
  expect(outcome).toMatchObject({
    changed: true,
    facts: { setAside: [`${cache}.kintsugi-r1`, `${catroot2}.kintsugi-r1`] },
  });
  expect(await host.verify('windows-update/reset-cache')).toMatchObject({ ok: true });
  expect(await host.verify('windows-update/scan', goal)).toMatchObject({ ok: true, facts: { resultCode: 2 } });
  expect(await host.detect('windows-update/reset-cache')).toMatchObject({ needed: false });
});

test('a damaged update database is found by what the database engine reported', async () => {
  await using host = await repairHost('windows-11-24h2', [{ kind: 'update-cache-corrupt', damage: 'database' }]);
  expect(await host.detect('windows-update/reset-cache')).toMatchObject({
    needed: true,
    facts: { damagedDatabases: 1, historyFault: '0x80248007' },
  });
});

test('a clock that is 7 minutes off is set right, by the present server', async () => {
  await using host = await repairHost('windows-11-24h2', [{ kind: 'clock-skew', minutes: 7 }]);
  expect(await host.detect('time/resync')).toMatchObject({ needed: true, possible: true });
  expect(applied(await host.apply('time/resync'))).toMatchObject({ facts: { usedServers: [], stepped: false } });
  expect(await host.verify('time/resync')).toMatchObject({ ok: true });
});

test('a clock that is two years behind, at which no certificate is valid, is stepped, and the search for updates then passes', async () => {
  await using host = await repairHost('windows-11-24h2', [{ kind: 'clock-skew', minutes: -1_051_200 }]);
  expect(await host.verify('windows-update/scan', goal)).toMatchObject({ ok: false });
  expect(applied(await host.apply('time/resync'))).toMatchObject({ facts: { usedServers: [], stepped: true } });
  expect(await host.verify('time/resync')).toMatchObject({ ok: true });
  expect(await host.verify('windows-update/scan', goal)).toMatchObject({ ok: true });
  expect(await host.detect('windows-update/reset-cache')).toMatchObject({ needed: false });
});

test('where the present time server is silent the servers of the playbook are taken, and an undo puts the settings back', async () => {
  await using host = await repairHost('windows-11-24h2', [
    { kind: 'clock-skew', minutes: -95, cause: 'server-silent' },
  ]);
  const parameters = 'HKLM\\SYSTEM\\CurrentControlSet\\Services\\W32Time\\Parameters';
  const outcome = applied(await host.apply('time/resync', { servers: ['silent.example', 'time.windows.com'] }));
  expect(outcome).toMatchObject({ changed: true, facts: { stepped: true } });
  expect(Math.abs(host.machine.clock.skewMs)).toBeLessThan(5000);
  await host.undo();
  expect(host.machine.registry.data(parameters, 'NtpServer')).toBe('clock.old-domain.example,0x8');
  expect(Math.abs(host.machine.clock.skewMs)).toBeLessThan(5000);
});

test('a catroot2 that another program holds open stops the step in the middle, and everything goes back', async () => {
  await using host = await repairHost('windows-server-2022', [
    { kind: 'update-cache-corrupt' },
    { kind: 'service-disabled', name: 'BITS' },
    { kind: 'file-locked', path: catroot2, process: 'BackupAgent.exe' },
  ]);
  expect(await host.detect('service/baseline')).toMatchObject({
    needed: true,
    possible: true,
    facts: { wrongStartTypes: [{ name: 'BITS', is: 'Disabled', wanted: 'Manual' }] },
  });
  expect(await host.detect('windows-update/reset-cache')).toMatchObject({ needed: true, possible: true });
  applied(await host.apply('service/baseline'));
  expect(await host.verify('service/baseline')).toMatchObject({ ok: true });
  expect(await host.apply('windows-update/reset-cache')).toMatchObject({
    fqid: expect.stringMatching(/^KtRenameRefused/),
  });
  expect(host.machine.files.exists(`${cache}.kintsugi-r1`)).toBe(true);
  const undone = await host.undo();
  expect(undone.changes.filter(({ ok }) => !ok)).toEqual([]);
  expect(undone.irreversible).toEqual([]);
  expect(host.machine.files.exists(`${cache}.kintsugi-r1`)).toBe(false);
  expect(host.machine.services.get('BITS').start).toBe('Disabled');
  expect(host.machine.services.get('CryptSvc').state).toBe('Running');
  expect(await host.verify('windows-update/scan', goal)).toMatchObject({ ok: false });
});

test('the cache is left alone while a restart is pending or an installation runs', async () => {
  await using host = await repairHost('windows-11-24h2', [
    { kind: 'update-cache-corrupt' },
    { kind: 'reboot-pending' },
  ]);
  expect(await host.detect('windows-update/reset-cache')).toMatchObject({
    needed: true,
    possible: false,
    reason: expect.stringContaining('CBS'),
  });
  expect(await host.verify('host/pending-reboot')).toMatchObject({ ok: false });
  host.machine.processes.start({ name: 'TiWorker', path: 'C:\\Windows\\WinSxS\\TiWorker.exe' });
  expect(await host.detect('windows-update/reset-cache')).toMatchObject({
    needed: true,
    possible: false,
    reason: 'an installation is running (TiWorker)',
  });
});

test('too little space is told with what is free, what can be won back and what is needed', async () => {
  await using host = await repairHost('windows-11-24h2', [{ kind: 'disk-low', freeGB: 4, reclaimableGB: 0.6 }]);
  const told = await host.verify('disk/free-space', { minGB: 10, reclaimable: true });
  expect(told).toMatchObject({ ok: false, facts: { freeGB: 4, reclaimableGB: 0.6 } });
  expect(told.reason).toMatch(
    /^4 GB are free on C:, and safe clean-up can win back 0\.6 GB; 10 GB are needed\. Free at least 5\.4 GB more/,
  );
  expect(await host.detect('disk/reclaim')).toMatchObject({ needed: true, possible: false });
});

test('space is won back from caches and old files only', async () => {
  await using host = await repairHost('windows-11-24h2', [{ kind: 'disk-low', freeGB: 11, reclaimableGB: 6 }]);
  expect(await host.verify('disk/free-space', { minGB: 15, reclaimable: true })).toMatchObject({ ok: true });
  expect(await host.detect('disk/reclaim')).toMatchObject({
    needed: true,
    possible: true,
    facts: { reclaimableGB: 6 },
  });
  const outcome = applied(await host.apply('disk/reclaim', { componentStore: false }));
  expect(outcome).toMatchObject({ changed: true, facts: { wonGB: 6 } });
  expect(host.machine.files.exists('C:\\Windows\\Temp\\today.tmp')).toBe(true);
  expect(await host.verify('disk/reclaim')).toMatchObject({ ok: true, facts: { targetReached: false } });
});

test('a damaged component store is repaired, and the system files after it', async () => {
  await using host = await repairHost('windows-11-24h2', [{ kind: 'component-store-corrupt' }]);
  Object.assign(host.machine.components.durations, briefly);
  expect(await host.detect('component-store/restore-health')).toMatchObject({
    needed: true,
    possible: true,
    facts: { repaired: false },
  });
  expect(applied(await host.apply('component-store/restore-health'))).toMatchObject({
    changed: true,
    facts: { repaired: true, repairedFaults: 3 },
  });
  expect(await host.verify('component-store/restore-health')).toMatchObject({ ok: true });
  expect(await host.detect('system-files/check')).toMatchObject({ needed: true, possible: true });
  expect(applied(await host.apply('system-files/check'))).toMatchObject({
    changed: true,
    facts: { unrepairedFiles: [] },
  });
  expect(await host.verify('system-files/check')).toMatchObject({ ok: true });
  expect(await host.detect('system-files/check')).toMatchObject({ needed: false });
});

test('a component store without a source ends with the code and what to do', async () => {
  await using host = await repairHost('windows-11-24h2', [{ kind: 'component-store-corrupt', repairable: false }]);
  Object.assign(host.machine.components.durations, briefly);
  expect(await host.detect('component-store/restore-health')).toMatchObject({ needed: true, possible: false });
  expect(await host.apply('component-store/restore-health')).toMatchObject({
    message: expect.stringContaining('0x800F081F'),
  });
});

test('a service is brought into a state and back again', async () => {
  await using host = await repairHost('windows-server-2022', []);
  const wanted = { name: 'Spooler', state: 'Stopped', startType: 'Disabled' };
  expect(await host.detect('service/state', wanted)).toMatchObject({ needed: true, possible: true });
  expect(applied(await host.apply('service/state', wanted))).toMatchObject({ changed: true });
  expect(await host.verify('service/state', wanted)).toMatchObject({ ok: true });
  await host.undo();
  expect(host.machine.services.get('Spooler')).toMatchObject({ start: 'Automatic', state: 'Running' });
  expect(await host.detect('service/state', { name: 'nothing-of-that-name' })).toMatchObject({
    needed: true,
    possible: false,
  });
});
