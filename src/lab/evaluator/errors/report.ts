import type { Source } from '../../../powershell/source.ts';
import { lineEnd, lineText, placeOf, textOf } from '../../../powershell/source.ts';
import type { Span } from '../../../powershell/syntax-tree.ts';
import { toText } from '../conversion/to-text.ts';
import type { Call, Frame } from '../frame.ts';
import type { Task } from '../host.ts';
import { shortName, typeNameOf } from '../types-of.ts';
import type { ErrorRecord, Exception, Invocation, ScriptPosition } from '../value.ts';

const positions = new WeakMap<Span, ScriptPosition>();

/** The place of a node as error records show it. */
export const positionOf = (source: Source, span: Span): ScriptPosition => {
  const known = positions.get(span);
  if (known) return known;
  const made = findPosition(source, span);
  positions.set(span, made);
  return made;
};

const findPosition = (source: Source, span: Span): ScriptPosition => {
  const start = placeOf(source, span.start);
  const end = placeOf(source, span.end);
  return {
    file: source.file,
    line: start.line,
    column: start.column,
    endLine: end.line,
    endColumn: end.column,
    text: textOf(source, span),
    lineText: lineText(source, start.line),
    lineEnd: lineEnd(source, start.line),
    offset: span.start,
  };
};

/** Lines of ScriptStackTrace, innermost first. */
export const stackOf = (call: Call): string => {
  const lines: string[] = [];
  for (let at: Call | undefined = call; at; at = at.caller) {
    // The client's own call is no frame of the script.
    if (at.name === '') continue;
    const line = at.at ? placeOf(at.source, at.at.start).line : 1;
    lines.push(`at ${at.name}, ${at.source.file ?? '<No file>'}: line ${line}`);
  }
  return lines.join('\n');
};

/** The invocation of an expression's error: its place, and the command of the function it stands in. */
export const invocationAt = (call: Call, span: Span): Invocation => ({
  commandName: '',
  command: null,
  position: positionOf(call.source, span),
  bound: undefined,
});

/** Puts the messages of an error and of those in it into the language of the machine. */
const translateRecord = (record: ErrorRecord, translate: (text: string) => string): void => {
  if (record.details !== undefined) record.details = translate(record.details);
  for (let at: Exception | undefined = record.exception; at; at = at.inner) at.message = translate(at.message);
};

/** Fills in where an error happened, unless it is known; its messages are in the language of the machine from then on. */
export const locate = (record: ErrorRecord, frame: Frame, span: Span): void => {
  const { call } = frame;
  const { translate } = frame.session.hooks;
  if (translate && record.stack === undefined) translateRecord(record, translate);
  record.invocation ??= invocationAt(call, span);
  record.stack ??= stackOf(call);
};

/** CategoryInfo.Reason: as given, or the exception's short type. */
export const reasonOf = (record: ErrorRecord): string =>
  record.reason === '' ? shortName(record.exception.type) : record.reason;

/** CategoryInfo.TargetName. */
export const targetNameOf = (record: ErrorRecord, frame: Frame): string => {
  if (record.targetName !== '') return record.targetName;
  return record.target === null || record.target === undefined ? '' : toText(record.target, frame.session);
};

/** CategoryInfo.TargetType. */
export const targetTypeOf = (record: ErrorRecord): string => {
  if (record.targetType !== '') return record.targetType;
  const name = typeNameOf(record.target);
  return name === undefined ? '' : shortName(name);
};

/** Puts a record in `$Error` and writes it to the error stream. */
export const emitError = (frame: Frame, record: ErrorRecord, silent = false): Task<void> | undefined => {
  frame.session.remember(record);
  return frame.streams.emit({ stream: 'error', record, silent });
};
