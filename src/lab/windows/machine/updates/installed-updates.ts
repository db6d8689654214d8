import { createHash } from 'node:crypto';
import type { Machine } from '../machine.ts';
import type { Criteria } from './search-criteria.ts';
import type { OfferedUpdate } from './update-database.ts';

const guidOf = (text: string): string => {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};

/** The updates that are installed, as the agent finds them: what waits for a restart, its own history, and packages of servicing. */
const installedUpdates = (machine: Machine): readonly OfferedUpdate[] => {
  const { update, hardware, edition } = machine;
  const own = update
    .readDatabase()
    .history.filter(({ operation, resultCode }) => operation === 1 && resultCode === 2)
    .map(({ title, updateId }) => ({ title, updateId, kb: /KB\d+/.exec(title)?.[0] ?? '' }));
  const packages = hardware.packages.updates
    .filter(({ state }) => state === 'Installed')
    .map(({ identity, kb }) => ({
      title: `Update for ${edition.productName} (${kb})`,
      updateId: guidOf(identity),
      kb,
    }));
  const all: OfferedUpdate[] = [];
  for (const one of [...update.pending, ...own, ...packages]) if (!all.some(({ kb }) => kb === one.kb)) all.push(one);
  return all;
};

/** Updates that are offered or installed and fit criteria. @throws UpdateFault where the database cannot be read */
export const findUpdates = (
  machine: Machine,
  offered: readonly OfferedUpdate[],
  fits: Criteria,
): readonly OfferedUpdate[] => {
  const facts = (one: OfferedUpdate, isInstalled: boolean): ReturnType<typeof describe> =>
    describe(machine, one, isInstalled);
  return [
    ...offered.filter((one) => fits(facts(one, false))),
    ...installedUpdates(machine).filter(
      (one) => !offered.some(({ updateId }) => updateId === one.updateId) && fits(facts(one, true)),
    ),
  ];
};

const describe = (machine: Machine, update: OfferedUpdate, isInstalled: boolean) => ({
  type: update.kind === 'driver' ? 'Driver' : 'Software',
  deploymentaction: 'Installation',
  updateid: update.updateId,
  revisionnumber: 200,
  isassigned: 1,
  autoselectonwebsites: 1,
  browseonly: 0,
  ishidden: Number(machine.update.isHidden(update)),
  isinstalled: Number(isInstalled),
  ispresent: Number(isInstalled),
  rebootrequired: Number(machine.update.pending.some((one) => one.updateId === update.updateId)),
});
