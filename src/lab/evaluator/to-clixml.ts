/**
 * Values of the language as PowerShell remoting serialises them (MS-PSRP 2.2.5). The rules of depth, as PowerShell has them:
 *
 * D1 A live object at depth 0 is its text; above, its own properties and those that its type has been given are written one level deeper
 *    down, its note properties on its level.
 * D2 Collections and dictionaries are written on every level; what they hold stands on theirs.
 * D3 A custom object has note properties only, so it never gets less deep; where it stands at depth 0 itself, its text goes with them.
 * D4 Exceptions, credentials, CIM objects and objects that were deserialised before are written in full on every level.
 * D5 An object that was written before is the same object again, whatever the depth.
 */
import { type PsObject, type PsValue, psObject } from '../../remote/protocol/clixml/values.ts';
import { buildErrorRecord, buildException, type ErrorRecordFields } from '../../remote/protocol/psrp/error-record.ts';
import type { InvocationInfo } from '../../remote/protocol/psrp/invocation-info.ts';
import { depthOf } from './clixml-depth.ts';
import { clixmlTypeNames } from './clixml-type-names.ts';
import { listProperties } from './cmdlets/properties.ts';
import { dotToString } from './conversion/to-text.ts';
import { PowerShellError } from './define.ts';
import { invocationInfoType } from './dotnet/invocation-info.ts';
import { reasonOf, targetNameOf, targetTypeOf } from './errors/report.ts';
import type { CallContext } from './host.ts';
import { newObject } from './make.ts';
import { membersOf } from './members/definitions.ts';
import { writeMessageRecord } from './message-record-to-clixml.ts';
import { enumNumber, primitiveOf } from './primitive-to-clixml.ts';
import { frameOf } from './registry-of.ts';
import { isBoxed } from './types-of.ts';
import type { Boxed, ErrorRecord, Exception, Invocation, Value } from './value.ts';

/** Depth of what goes over the wire. */
const remotingDepth = 1;
/** Deepest nesting below the value that is sent; beyond, everything is text. */
const deepestLevel = 50;

type Walk = { readonly context: CallContext; readonly seen: Map<object, PsObject> };

/** A value as it goes over the wire. `depth` is that of remoting unless told otherwise. */
export const toClixml = (value: Value, context: CallContext, depth = remotingDepth): PsValue =>
  write(value, { context, seen: new Map() }, depth, 0);

const write = (value: Value, walk: Walk, depth: number, level: number): PsValue => {
  if (value === null || value === undefined) return null;
  if (typeof value !== 'object') return value;
  const known = walk.seen.get(value);
  if (known) return known;
  const plain = primitiveOf(value, walk.context);
  const notes = membersOf(value);
  if (plain !== undefined) {
    if (!notes || notes.size === 0) return plain;
    return addNotes(
      remember(value, psObject({ base: { kind: 'primitive', value: plain } }), walk),
      value,
      walk,
      depth,
      level,
    );
  }
  if (level >= deepestLevel) return walk.context.text(value);
  return writeObject(value, walk, depth, level);
};

const remember = (value: object, made: PsObject, walk: Walk): PsObject => {
  walk.seen.set(value, made);
  return made;
};

/** A collection. */
const writeItems = (
  value: Value[] | Boxed,
  all: readonly Value[],
  walk: Walk,
  depth: number,
  level: number,
): PsObject => {
  const type = isBoxed(value) && value.kind === 'list' ? value.type : '';
  const kind = type.endsWith('.Stack')
    ? 'stack'
    : type.endsWith('.Queue')
      ? 'queue'
      : type.endsWith('.HashSet')
        ? 'enumerable'
        : 'list';
  const items: PsValue[] = [];
  const typeNames = clixmlTypeNames(value, walk.context);
  const made = remember(value, psObject({ typeNames, base: { kind, items } }), walk);
  for (const item of all) items.push(write(item, walk, depth, level + 1));
  return addNotes(made, value, walk, depth, level);
};

const writeObject = (value: Value[] | Uint8Array | Boxed, walk: Walk, depth: number, level: number): PsValue => {
  const { context } = walk;
  if (Array.isArray(value)) return writeItems(value, value, walk, depth, level);
  if (value instanceof Uint8Array) return value;
  if (value.kind === 'list') return writeItems(value, value.items, walk, depth, level);
  if (value.kind === 'hashtable') {
    const entries: [PsValue, PsValue][] = [];
    const made = psObject({ typeNames: clixmlTypeNames(value, context), base: { kind: 'dictionary', entries } });
    remember(value, made, walk);
    for (const [key, entry] of value.entries())
      entries.push([write(key, walk, depth, level + 1), write(entry, walk, depth, level + 1)]);
    return addNotes(made, value, walk, depth, level);
  }
  if (value.kind === 'instance' && value.type.enumerate)
    return writeItems(value, value.type.enumerate(value.state), walk, depth, level);
  const typeNames = clixmlTypeNames(value, context);
  const left = depthOf(value, typeNames, depth);
  if (left <= 0 && value.kind !== 'custom') {
    const text = textOf(value, context);
    if ((membersOf(value)?.size ?? 0) === 0) return text;
    return addNotes(
      remember(value, psObject({ base: { kind: 'primitive', value: text } }), walk),
      value,
      walk,
      0,
      level,
    );
  }
  switch (value.kind) {
    case 'enum':
      return remember(
        value,
        psObject({ typeNames, text: textOf(value, context), base: { kind: 'primitive', value: enumNumber(value) } }),
        walk,
      );
    case 'error':
      return remember(value, buildErrorRecord(errorFields(value, walk, left, level), { inStream: true }), walk);
    case 'exception':
      return writeException(value, typeNames, walk, left, level);
    case 'switch':
      return psObject({ typeNames, text: textOf(value, context), adapted: { IsPresent: value.isPresent } });
    case 'type':
      return psObject({
        typeNames,
        text: value.name,
        adapted: {
          FullName: value.name,
          Namespace: value.name.slice(0, value.name.lastIndexOf('.')),
          Name: value.name.slice(value.name.lastIndexOf('.') + 1),
        },
      });
    case 'ref':
      return psObject({
        typeNames,
        text: textOf(value, context),
        adapted: { Value: write(value.get(), walk, left - 1, level + 1) },
      });
    case 'instance': {
      const message = writeMessageRecord(value);
      return message ? remember(value, message, walk) : writeProperties(value, typeNames, walk, left, level);
    }
    default:
      return writeProperties(value, typeNames, walk, left, level);
  }
};

const textOf = (value: Value, context: CallContext): string => dotToString(value, frameOf(context).session);

/** An object by its properties; one whose reading fails is left out, as PowerShell does. */
const writeProperties = (
  value: Boxed,
  typeNames: readonly string[],
  walk: Walk,
  depth: number,
  level: number,
): PsObject => {
  const failed = new Set<string>();
  const reader: CallContext = {
    ...walk.context,
    property: (of, name) => {
      try {
        return walk.context.property(of, name);
      } catch (error) {
        if (!(error instanceof PowerShellError)) throw error;
        failed.add(name);
        return null;
      }
    },
  };
  const isCustom = value.kind === 'custom';
  // What came from elsewhere as another object's properties goes on as such.
  const isDeserialized = isCustom && value.text !== undefined && typeNames[0]?.startsWith('Deserialized.') === true;
  const made = remember(
    value,
    isCustom && depth <= 0
      ? psObject({ base: { kind: 'primitive', value: textOf(value, walk.context) } })
      : psObject({ typeNames, text: isCustom ? (value.text ?? null) : textOf(value, walk.context) }),
    walk,
  );
  const added = membersOf(value);
  for (const { name, value: inner, kind } of listProperties(value, reader)) {
    if (failed.has(name)) continue;
    if (kind === 'Property' || isDeserialized) made.adapted.set(name, write(inner, walk, depth - 1, level + 1));
    else made.extended.set(name, write(inner, walk, added?.has(name.toLowerCase()) ? depth : depth - 1, level + 1));
  }
  return made;
};

/** Adds the note properties and the like that a value carries besides its own. */
const addNotes = (made: PsObject, value: Value, walk: Walk, depth: number, level: number): PsObject => {
  for (const member of membersOf(value)?.values() ?? []) {
    if (member.kind !== 'scriptMethod')
      made.extended.set(member.name, write(walk.context.property(value, member.name), walk, depth, level + 1));
  }
  return made;
};

const writeException = (
  value: Exception,
  typeNames: readonly string[],
  walk: Walk,
  depth: number,
  level: number,
): PsObject => {
  const { context } = walk;
  const made = buildException({
    message: value.message,
    types: typeNames,
    hResult: Number(context.text(context.property(value, 'HResult'))) | 0,
    innerException: value.inner ? write(value.inner, walk, depth, level + 1) : null,
  });
  made.text = textOf(value, context);
  remember(value, made, walk);
  for (const [name, inner] of Object.entries(value.properties))
    made.adapted.set(name, write(inner, walk, depth - 1, level + 1));
  return addNotes(made, value, walk, depth, level);
};

const writeInvocation = (invocation: Invocation, walk: Walk, level: number): Partial<InvocationInfo> => {
  const { position, bound } = invocation;
  const file = position?.file;
  const text = (name: string): string =>
    walk.context.text(walk.context.property(newObject(invocationInfoType, invocation), name));
  return {
    invocationName: invocation.commandName,
    line: position?.lineText ?? '',
    scriptLineNumber: position?.line ?? 0,
    offsetInLine: position?.column ?? 0,
    scriptName: file ?? '',
    positionMessage: text('PositionMessage'),
    scriptRoot: text('PSScriptRoot'),
    commandPath: file ?? '',
    pipelineLength: invocation.pipelineLength ?? 0,
    pipelinePosition: invocation.pipelinePosition ?? 0,
    expectingInput: invocation.expectingInput ?? false,
    boundParameters: bound ? write(bound, walk, 0, level + 1) : null,
  };
};

const errorFields = (record: ErrorRecord, walk: Walk, depth: number, level: number): ErrorRecordFields => {
  const { exception, invocation } = record;
  const typeNames = clixmlTypeNames(exception, walk.context);
  const written = write(exception, walk, depth, level + 1);
  return {
    exceptionMessage: exception.message,
    exceptionTypes: typeNames,
    ...(typeof written === 'object' && written !== null && 'kind' in written && written.kind === 'object'
      ? { exception: written }
      : {}),
    hResult: Number(walk.context.text(walk.context.property(exception, 'HResult'))) | 0,
    fullyQualifiedErrorId: record.id,
    category: record.category,
    activity: record.activity,
    reason: reasonOf(record),
    targetName: targetNameOf(record, frameOf(walk.context)),
    targetType: targetTypeOf(record),
    targetObject: write(record.target, walk, depth, level + 1),
    ...(record.details === undefined ? {} : { detailsMessage: record.details }),
    ...(record.recommendedAction === undefined ? {} : { recommendedAction: record.recommendedAction }),
    ...(invocation ? { invocation: writeInvocation(invocation, walk, level) } : {}),
    ...(record.stack === undefined ? {} : { scriptStackTrace: record.stack }),
  };
};

/** An error record as the server half of PSRP takes it (`sendError`, the end of a pipeline). */
export const toErrorFields = (record: ErrorRecord, context: CallContext): ErrorRecordFields =>
  errorFields(record, { context, seen: new Map() }, remotingDepth, 0);
