import { afterAll, beforeAll, expect, test } from 'vitest';
import { failingPlaces } from './failing-places.ts';
import { type HostUnderRepair, repairHost } from './host-under-repair.ts';

let host: HostUnderRepair;
beforeAll(async () => {
  host = await repairHost('windows-server-2022', []);
}, 60_000);
afterAll(() => host[Symbol.asyncDispose]());

test.each(failingPlaces)('a failure in %s is told at its own line', async (_, lines, line) => {
  expect(await host.faultOf(lines)).toMatchObject({ script: 's/detect.ps1', line });
});
