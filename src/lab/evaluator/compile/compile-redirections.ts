import type { Redirection } from '../../../powershell/syntax-tree.ts';
import { toText } from '../conversion/to-text.ts';
import { streamValue } from '../dotnet/stream-records.ts';
import type { Frame } from '../frame.ts';
import type { Task } from '../host.ts';
import type { Pipe, StreamRecord, Streams } from '../streams.ts';
import { nullPipe } from '../streams.ts';
import type { Value } from '../value.ts';
import { run } from './code.ts';
import type { Compiler } from './compiler.ts';

/** Where output and streams go after redirection; `finish` writes the files. */
export type Redirected = { readonly out: Pipe; readonly streams: Streams; readonly finish?: () => Task<void> };

/** Sets redirections up for one run. */
export type Redirect = (frame: Frame, out: Pipe) => Task<Redirected>;

const numbers: Readonly<Record<StreamRecord['stream'], number>> = {
  error: 2,
  warning: 3,
  verbose: 4,
  debug: 5,
  information: 6,
  progress: 7,
};

type File = { readonly path: string; readonly append: boolean; readonly items: Value[] };

/** Compiles redirections; undefined if there are none. */
export const compileRedirections = (compiler: Compiler, nodes: readonly Redirection[]): Redirect | undefined => {
  if (nodes.length === 0) return undefined;
  const parts = nodes.map((node) => ({ node, target: node.target && compiler.expression(node.target) }));
  return function* (frame, out) {
    let output = out;
    const routes = new Map<number, Pipe>();
    const files: File[] = [];
    for (const { node, target } of parts) {
      const value = target ? yield* run(target, frame) : undefined;
      const streamNumbers = node.from === 0 ? [1, 2, 3, 4, 5, 6] : [node.from];
      let pipe: Pipe = out;
      if (!node.merge) {
        if (value === null || value === undefined) pipe = nullPipe;
        else {
          const file: File = { path: toText(value, frame.session), append: node.append, items: [] };
          files.push(file);
          pipe = { write: (item) => void file.items.push(item) };
        }
      }
      for (const number of streamNumbers) {
        if (number === 1) {
          if (!node.merge) output = pipe;
        } else routes.set(number, node.merge ? { write: (item) => output.write(item) } : pipe);
      }
    }
    const streams: Streams = {
      emit: (record) => {
        const pipe = 'silent' in record && record.silent ? undefined : routes.get(numbers[record.stream]);
        if (!pipe) return frame.streams.emit(record);
        // What is no error is told to the caller of the runspace even if it is sent nowhere.
        if (pipe === nullPipe && record.stream !== 'error') return frame.streams.emit(record);
        return pipe.write(streamValue(record));
      },
    };
    if (files.length === 0) return { out: output, streams };
    return {
      out: output,
      streams,
      *finish() {
        for (const file of files)
          yield* frame.context.call(
            'Out-File',
            { FilePath: file.path, ...(file.append ? { Append: true } : {}) },
            file.items,
          );
      },
    };
  };
};
