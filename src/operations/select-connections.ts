import { type InputFault, optionFault, valueOr } from '../input/document/fault.ts';
import { badInput } from '../input/document/report-faults.ts';
import { readInventory } from '../input/inventory/read-inventory.ts';
import { selectHosts } from '../input/inventory/select-hosts.ts';
import { resolveConnection } from '../planning/connection.ts';
import type { HostConnection } from '../planning/plan.ts';

/** Hosts as typed: a pattern, and the file of the inventory where it is not the default one. */
export type HostChoice = {
  readonly hosts: string | null;
  readonly inventory: string | null;
  /** What faults of the pattern name; default: `--hosts`. */
  readonly option?: string;
};

/** How the hosts that a pattern names are reached. @throws Failure `bad-input` with every fault */
export function selectConnections(choice: HostChoice, defaultInventory: string): readonly HostConnection[] {
  const { hosts: pattern, option = '--hosts' } = choice;
  const faults: InputFault[] = [];
  const inventory = valueOr(readInventory(choice.inventory ?? defaultInventory), faults);
  if (pattern === null) {
    const expected = 'names, groups or patterns of the inventory, or `all`';
    faults.push(optionFault(option, 'no hosts are given', { expected }));
  }
  const hosts = inventory && pattern !== null ? valueOr(selectHosts(inventory, pattern, null, option), faults) : null;
  const connections = inventory && hosts ? hosts.map((host) => resolveConnection(inventory, host)) : [];
  if (faults.length > 0) throw badInput(faults);
  return connections;
}

/** How the one host that a pattern names is reached. @throws Failure `bad-input` with every fault, or where it names several */
export function selectConnection(choice: HostChoice, defaultInventory: string): HostConnection {
  const [connection, ...others] = selectConnections(choice, defaultInventory);
  if (connection !== undefined && others.length === 0) return connection;
  const expected = 'the name of one host';
  throw badInput([
    optionFault(choice.option ?? '--hosts', `\`${choice.hosts ?? ''}\` leaves ${others.length + 1} hosts`, {
      expected,
    }),
  ]);
}
