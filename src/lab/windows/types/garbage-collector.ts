import { defineType } from '../../evaluator/define.ts';
import { actorOf } from '../runtime/process-hooks.ts';

/**
 * System.GC. What a script can see of it: registry keys that nobody closed keep a hive loaded until they are collected. The lab takes every
 * open key of the process for garbage, also one that a variable still holds.
 */
export const garbageCollectorType = defineType({
  name: 'System.GC',
  statics: {
    methods: {
      Collect: (_args, context) => {
        const { machine, pid } = actorOf(context);
        machine.hives.closeAllOf(pid);
        return undefined;
      },
      WaitForPendingFinalizers: () => undefined,
      SuppressFinalize: () => undefined,
    },
  },
});
