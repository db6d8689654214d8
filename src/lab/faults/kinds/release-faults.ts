import { Failure } from '../../../kernel/failure.ts';
import { systemPid } from '../../windows/machine/change-feed.ts';
import type { Machine } from '../../windows/machine/machine.ts';
import { placeValues } from '../bases/base-registry.ts';
import { bases } from '../bases/editions.ts';
import type { FaultKinds } from '../fault-kinds.ts';

const dayMs = 86_400_000;
const daysToGoBack = 10;

/** What a client has come from: the newest base that is older, or the build before it where it is the oldest. */
const formerOf = (edition: Machine['edition']): Machine['edition'] => {
  const build = edition.build - 1;
  return (
    Object.values(bases)
      .map((base): Machine['edition'] => base.edition)
      .filter((one) => one.productType === 1 && one.build < edition.build)
      .toSorted((a, b) => b.build - a.build)[0] ?? { ...edition, build, version: `10.0.${build}` }
  );
};

/** A file that came with the release makes the print spooler crash; the Windows before did not have it. */
const upgradeToBad = (machine: Machine, daysAgo: number): void => {
  if (machine.edition.productType !== 1)
    throw new Failure(
      'bad-input',
      `the fault feature-release-bad needs a client: ${machine.edition.caption} cannot go back; choose a client as base`,
    );
  const former = formerOf(machine.edition);
  const atMs = machine.clock.wallMs() - daysAgo * dayMs;
  const flaw = { service: 'Spooler', file: 'C:\\Windows\\System32\\localspl.dll' };
  const { setup } = machine.hardware;
  setup.previous = { edition: former, untilMs: atMs + daysToGoBack * dayMs };
  void machine.files.createFolder('C:\\Windows.old\\Windows', systemPid);
  machine.restore.protectedDrives.clear();
  machine.restore.points = [];
  const at = new Date(atMs).toISOString();
  const day = `${Number(at.slice(5, 7))}/${Number(at.slice(8, 10))}/${at.slice(0, 4)}`;
  placeValues(machine, `HKLM\\SYSTEM\\Setup\\Source OS (Updated on ${day} ${at.slice(11, 19)})`, {
    CurrentBuild: String(former.build),
    ProductName: former.productName,
    InstallDate: Date.UTC(2024, 9, 3) / 1000,
  });
  placeValues(machine, 'HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion', {
    InstallDate: Math.floor(atMs / 1000),
  });
  setup.releaseFlaw = flaw;
  const component = machine.components.componentOf(flaw.file);
  if (component) machine.components.lay([component]);
  const spooler = machine.services.find('Spooler');
  if (spooler?.state === 'Running') void machine.processes.end(spooler.pid, 0xc0000005 | 0, systemPid);
};

/** What a new release of Windows brought with it; clients only, since only they can go back. */
export type ReleaseFault = { readonly kind: 'feature-release-bad'; readonly daysAgo?: number };

/** States that came with a feature update. */
export const releaseFaults: FaultKinds<ReleaseFault> = {
  'feature-release-bad': (machine, { daysAgo }) => upgradeToBad(machine, daysAgo ?? 3),
};
