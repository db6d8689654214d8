import { streamValue } from '../dotnet/stream-records.ts';
import type { Frame } from '../frame.ts';
import { list } from '../make.ts';
import type { Pipe, StreamRecord, Streams } from '../streams.ts';
import type { Value } from '../value.ts';

type Bound = (name: string) => Value;

const variableList = (frame: Frame, written: string): ((value: Value) => void) => {
  const append = written.startsWith('+');
  const name = append ? written.slice(1) : written;
  const known = frame.scope.find(name.toLowerCase())?.value;
  const items =
    append && known !== null && typeof known === 'object' && 'kind' in known && known.kind === 'list'
      ? known.items
      : [];
  frame.scope.put(name, list(items));
  return (value) => {
    items.push(value);
  };
};

const kinds: Readonly<Record<string, StreamRecord['stream']>> = {
  errorvariable: 'error',
  warningvariable: 'warning',
  informationvariable: 'information',
};

/** Streams that also fill -ErrorVariable, -WarningVariable and -InformationVariable. */
export const tapStreams = (frame: Frame, streams: Streams, bound: Bound): Streams => {
  if (
    bound('errorvariable') === undefined &&
    bound('warningvariable') === undefined &&
    bound('informationvariable') === undefined
  )
    return streams;
  const taps: { stream: StreamRecord['stream']; add: (value: Value) => void }[] = [];
  for (const [parameter, stream] of Object.entries(kinds)) {
    const name = bound(parameter);
    if (typeof name === 'string' && name !== '') taps.push({ stream, add: variableList(frame, name) });
  }
  if (taps.length === 0) return streams;
  return {
    emit: (record) => {
      for (const tap of taps) if (tap.stream === record.stream) tap.add(streamValue(record));
      return streams.emit(record);
    },
  };
};

/** A pipe that also fills -OutVariable and -PipelineVariable. */
export const tapPipe = (frame: Frame, pipe: Pipe, bound: Bound): Pipe => {
  const current = bound('pipelinevariable');
  if (typeof current === 'string' && current !== '') {
    // The commands behind see the object under this name while they work on it.
    const tapped: Pipe = {
      write: (value) => {
        if (value !== undefined) frame.scope.put(current, value);
        return pipe.write(value);
      },
    };
    return tapOutput(frame, tapped, bound);
  }
  return tapOutput(frame, pipe, bound);
};

const tapOutput = (frame: Frame, pipe: Pipe, bound: Bound): Pipe => {
  const name = bound('outvariable');
  if (typeof name !== 'string' || name === '') return pipe;
  const add = variableList(frame, name);
  return {
    write: (value) => {
      if (value !== undefined) add(value);
      return pipe.write(value);
    },
  };
};
