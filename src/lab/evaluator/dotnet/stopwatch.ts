import { defineType } from '../define.ts';
import type { CallContext } from '../host.ts';
import { int64, newObject, timeSpanFromMs } from '../make.ts';
import type { TypeDefinition } from '../type-definition.ts';

/** `startedAt` is the monotonic time of the last start, or null while it stands still. */
type StopwatchState = { startedAt: number | null; elapsedMs: number };

const elapsed = (state: StopwatchState, context: CallContext): number =>
  state.elapsedMs + (state.startedAt === null ? 0 : context.hooks.monotonicMs() - state.startedAt);

const start = (state: StopwatchState, context: CallContext): undefined => {
  state.startedAt ??= context.hooks.monotonicMs();
};

const stop = (state: StopwatchState, context: CallContext): undefined => {
  state.elapsedMs = elapsed(state, context);
  state.startedAt = null;
};

/** System.Diagnostics.Stopwatch on the simulated monotonic clock. */
export const stopwatchType: TypeDefinition<StopwatchState> = defineType<StopwatchState>({
  name: 'System.Diagnostics.Stopwatch',
  aliases: ['Diagnostics.Stopwatch'],
  properties: {
    Elapsed: { get: (state, context) => timeSpanFromMs(elapsed(state, context)) },
    ElapsedMilliseconds: { get: (state, context) => int64(Math.floor(elapsed(state, context))) },
    ElapsedTicks: { get: (state, context) => int64(Math.floor(elapsed(state, context) * 10_000)) },
    IsRunning: { get: (state) => state.startedAt !== null },
  },
  methods: {
    Start: (state, _args, context) => start(state, context),
    Stop: (state, _args, context) => stop(state, context),
    Reset: (state) => {
      state.startedAt = null;
      state.elapsedMs = 0;
    },
    Restart: (state, _args, context) => {
      state.elapsedMs = 0;
      state.startedAt = context.hooks.monotonicMs();
    },
  },
  construct: () => newObject(stopwatchType, { startedAt: null, elapsedMs: 0 }),
  statics: {
    properties: { Frequency: { get: () => int64(10_000_000) }, IsHighResolution: { get: () => true } },
    methods: {
      StartNew: (_args, context) => newObject(stopwatchType, { startedAt: context.hooks.monotonicMs(), elapsedMs: 0 }),
      GetTimestamp: (_args, context) => int64(Math.floor(context.hooks.monotonicMs() * 10_000)),
    },
  },
});
