import { bodyOf } from '../compile/body.ts';
import type { Frame } from '../frame.ts';
import type { Task } from '../host.ts';
import { like } from '../matching/wildcard.ts';
import { Scope } from '../scope.ts';
import { nullPipe } from '../streams.ts';
import { runProcessors } from './run-pipeline.ts';
import { ScriptProcessor } from './script-processor.ts';

/** Runs a module's script in a scope of its own, then shows the functions that it exports to everybody. */
export function* importModule(frame: Frame, text: string, file: string): Task<void> {
  const { session } = frame;
  const { global } = session;
  const scope = new Scope(global, 'module');
  const body = bodyOf(session.load(text, file));
  const status = { failed: false };
  const setup = {
    frame,
    args: [],
    out: nullPipe,
    streams: frame.streams,
    expectsInput: false,
    span: { start: 0, end: 0 },
    length: 1,
    position: 1,
    status,
  };
  const processor = new ScriptProcessor({ body, name: '', command: null, filter: false, scope }, setup);
  yield* runProcessors([processor], frame, undefined, status) ?? [];
  const patterns = scope.exported ?? ['*'];
  for (const definition of scope.allFunctions()) {
    if (definition.module === scope && patterns.some((pattern) => like(definition.name, pattern)))
      global.putFunction(definition);
  }
}
