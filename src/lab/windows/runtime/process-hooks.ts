import type { CallContext, Environment, HostHooks } from '../../evaluator/host.ts';
import type { Machine } from '../machine/machine.ts';
import type { SimulatedProcess } from '../machine/processes.ts';
import { messageTranslator } from '../texts/say.ts';

/** The process that runs a script, and its machine. */
export type Actor = { readonly machine: Machine; readonly process: SimulatedProcess; readonly pid: number };

const actors = new WeakMap<HostHooks, Actor>();

/** Who calls: cmdlets, types and programs are the same for all machines and find theirs here. */
export const actorOf = (context: Pick<CallContext, 'hooks'>): Actor => {
  const actor = actors.get(context.hooks);
  if (!actor) throw new Error('a script runs without a simulated process');
  return actor;
};

/** Environment variables of a process. */
const environmentOf = (process: SimulatedProcess): Environment => ({
  get: (name) => process.environment.get(name.toUpperCase())?.value,
  set: (name, value) => {
    if (value === undefined || value === '') process.environment.delete(name.toUpperCase());
    else process.environment.set(name.toUpperCase(), { name, value });
  },
  *entries() {
    for (const { name, value } of process.environment.values()) yield [name, value] as const;
  },
});

/** What the language gets from the machine for a script of this process. */
export const createHooks = (machine: Machine, process: SimulatedProcess, homeLocation: string): HostHooks => {
  const hooks: HostHooks = {
    pid: process.pid,
    wallClockMs: () => machine.clock.wallMs(process.pid),
    utcOffsetMinutes: () => machine.timeZone.offsetMinutes,
    timeZoneId: machine.timeZone.id,
    monotonicMs: () => machine.clock.uptimeMs(),
    advance: (ms) => machine.clock.wait(process.pid, ms),
    random: () => Math.random(),
    environment: environmentOf(process),
    homeLocation,
    culture: machine.uiLanguage,
    beforeCommand: (name) => machine.beforeCommand?.(name, process.pid),
    translate: messageTranslator(machine),
    takeFault: () => {
      if (process.scriptFault === undefined) return machine.outside.isWaiting ? machine.outside.take() : undefined;
      const fault = process.scriptFault;
      process.scriptFault = undefined;
      return fault;
    },
  };
  actors.set(hooks, { machine, process, pid: process.pid });
  return hooks;
};
