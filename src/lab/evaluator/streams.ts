import type { InformationRecord, ProgressRecord, Task } from './host.ts';
import type { Sink } from './pipeline.ts';
import type { ErrorRecord, Invocation, Value } from './value.ts';

/** What goes to a stream other than output. */
export type StreamRecord =
  // A silent error is not shown, but -ErrorVariable collects it.
  | { readonly stream: 'error'; readonly record: ErrorRecord; readonly silent?: boolean }
  | {
      readonly stream: 'warning' | 'verbose' | 'debug';
      readonly text: string;
      readonly invocation?: Invocation | undefined;
      readonly silent?: boolean;
    }
  | { readonly stream: 'information'; readonly record: InformationRecord }
  | { readonly stream: 'progress'; readonly record: ProgressRecord };

/** Where values go. A returned task must be run to its end before the next write. */
export type Pipe = { write(value: Value): Task<void> | undefined };

/** Where the other streams go. */
export type Streams = { emit(record: StreamRecord): Task<void> | undefined };

/** A pipe that keeps what it gets. */
export class CollectingPipe implements Pipe {
  readonly items: Value[] = [];

  write(value: Value): undefined {
    if (value !== undefined) this.items.push(value);
  }
}

/** A pipe that forgets what it gets. */
export const nullPipe: Pipe = { write: () => undefined };

/** Streams that end in a sink. */
export const sinkStreams = (sink: Sink): Streams => ({
  emit: (record) => {
    switch (record.stream) {
      case 'error':
        if (!record.silent) sink.error(record.record);
        break;
      case 'warning':
        if (!record.silent) sink.warning(record.text, record.invocation);
        break;
      case 'verbose':
        sink.verbose(record.text, record.invocation);
        break;
      case 'debug':
        sink.debug(record.text, record.invocation);
        break;
      case 'information':
        sink.information(record.record);
        break;
      case 'progress':
        sink.progress(record.record);
        break;
    }
    return undefined;
  },
});

/** A sink that drops everything. */
export const silentSink = {
  output: () => undefined,
  error: () => undefined,
  warning: () => undefined,
  verbose: () => undefined,
  debug: () => undefined,
  information: () => undefined,
  progress: () => undefined,
};
