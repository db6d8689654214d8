import type { Machine } from '../../windows/machine/machine.ts';
import type { OfferedUpdate } from '../../windows/machine/updates/update-database.ts';

/** The cumulative update that is offered to a host on which updates fail. */
export const cumulativeOf = (machine: Machine): OfferedUpdate => ({
  title: '2026-11 Cumulative Update for Windows (KB5068861)',
  updateId: '9f1ad0a7-34c2-4d4e-9a26-0b52b4c3f1d8',
  kb: 'KB5068861',
  kind: 'cumulative',
  ubr: machine.edition.ubr + 20,
});

/** Offers it, once: its installation shows whether what is wrong was mended. */
export const offerCumulative = (machine: Machine): OfferedUpdate => {
  const update = cumulativeOf(machine);
  if (!machine.update.offered.some(({ updateId }) => updateId === update.updateId))
    machine.update.offered = [...machine.update.offered, update];
  return update;
};
