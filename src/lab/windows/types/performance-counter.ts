import { stopwatchType } from '../../evaluator/dotnet/stopwatch.ts';
import type { TypeDefinition } from '../../evaluator/host.ts';
import { int64 } from '../../evaluator/make.ts';
import { actorOf } from '../runtime/process-hooks.ts';

/**
 * Stopwatch with the performance counter of the machine. Running stopwatches count skipped time, so that time-outs and poll loops come to
 * their end; the raw counter goes with real time, as the wall clock does: scripts compare the two, and the difference must stay right
 * while waits are skipped.
 */
export const machineStopwatchType = {
  ...stopwatchType,
  statics: {
    ...stopwatchType.statics,
    methods: {
      ...stopwatchType.statics?.methods,
      GetTimestamp: (_args, context) => int64(Math.floor(actorOf(context).machine.clock.realMs() * 10_000)),
    },
  },
} satisfies TypeDefinition<Parameters<NonNullable<NonNullable<typeof stopwatchType.methods>['Reset']>>[0]>;
