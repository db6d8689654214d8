import { SecureText } from '../../remote/protocol/clixml/secure-text.ts';
import { Hashtable } from '../evaluator/hashtable.ts';
import type { CallContext } from '../evaluator/host.ts';
import {
  char,
  customObject,
  dateTime,
  double,
  elementTypeOf,
  enumValue,
  exception,
  integer,
  list,
  stateOf,
  switchValue,
  timeSpan,
  typedArray,
  typeLiteral,
} from '../evaluator/make.ts';
import { definitionOf, membersOf, stateOfValue } from '../evaluator/members/definitions.ts';
import { registryOf } from '../evaluator/registry-of.ts';
import type { Boxed, CustomObject, ErrorRecord, Exception, Instance, IntegerType, Value } from '../evaluator/value.ts';
import { credential, credentialType, reveal, secureString, secureStringType } from '../windows/types/secrets.ts';
import { Shapes } from './wire-shapes.ts';

/** A value in JSON: Int32, texts, truths and null as they are, all else with its kind in `t`, or a held object by its number in `h`. */
export type Wire = null | boolean | number | string | WireObject;
/** A tagged value. */
export type WireObject = { readonly [key: string]: unknown };

const integerTypes: readonly string[] = ['Byte', 'SByte', 'Int16', 'UInt16', 'UInt32', 'Int64', 'UInt64'];
/** Simulated types whose objects have a text that makes the real one. */
const textTypes = new Set(['System.Version', 'System.Guid', 'System.Uri']);

/** Writes and reads values for one session, and holds the objects that the other side knows by number. */
export class WireValues {
  readonly #context: CallContext;
  readonly #held = new Map<number, Value>();
  readonly #numbers = new WeakMap<object, number>();
  #last = 0;
  readonly #shapes = new Shapes();

  constructor(context: CallContext) {
    this.#context = context;
  }

  /** A held object. */
  held(handle: number): Value {
    return this.#held.get(handle) ?? null;
  }

  /** Lets go of objects that the other side cannot reach any more. */
  release(handles: readonly number[]): void {
    for (const handle of handles) {
      const value = this.#held.get(handle);
      this.#held.delete(handle);
      if (typeof value === 'object' && value !== null) this.#numbers.delete(value);
    }
  }

  #hold(value: Instance): number {
    const known = this.#numbers.get(value);
    if (known !== undefined) return known;
    this.#last++;
    this.#numbers.set(value, this.#last);
    this.#held.set(this.#last, value);
    return this.#last;
  }

  /** A value of the simulator as the bridge reads it. */
  write(value: Value): Wire {
    if (value === null || value === undefined) return null;
    if (typeof value === 'boolean' || typeof value === 'string') return value;
    if (typeof value === 'number') return (value | 0) === value ? value : { t: 'Double', v: String(value) };
    if (value instanceof Uint8Array) return { t: 'Bytes', v: Buffer.from(value).toString('base64') };
    if (Array.isArray(value)) return { t: 'Array', n: elementTypeOf(value), v: value.map((item) => this.write(item)) };
    return this.#writeBoxed(value);
  }

  #writeBoxed(value: Boxed): Wire {
    switch (value.kind) {
      case 'integer':
        return { t: value.type, v: String(value.value) };
      case 'float':
        return { t: value.type, v: String(value.value) };
      case 'decimal':
        return { t: 'Decimal', v: this.#context.text(value) };
      case 'char':
        return { t: 'Char', v: String(value.code) };
      case 'datetime':
        return { t: 'DateTime', n: value.zone, v: String(value.ticks) };
      case 'timespan':
        return { t: 'TimeSpan', v: String(value.ticks) };
      case 'enum':
        return { t: 'Enum', n: value.type.name, v: String(value.value) };
      case 'hashtable':
        return {
          t: 'Table',
          n: value.type.endsWith('OrderedDictionary'),
          v: Array.from(value.entries(), ([key, item]) => [this.write(key), this.write(item)]),
        };
      case 'list':
        return { t: 'List', v: value.items.map((item) => this.write(item)) };
      case 'custom':
        return { t: 'Custom', n: value.typeNames, v: this.#notesOf(value) };
      case 'scriptblock':
        return { t: 'Script', v: this.#context.text(value) };
      case 'type':
        return { t: 'Type', v: value.name };
      case 'switch':
        return { t: 'Switch', v: value.isPresent };
      case 'exception':
        return this.writeException(value);
      case 'error':
        return { t: 'Error', v: this.writeError(value) };
      case 'ref':
        return this.#context.unsupported('a reference that leaves the simulated machine');
      case 'instance':
        return this.#writeInstance(value);
    }
  }

  #notesOf(value: CustomObject | Instance): [string, Wire][] {
    return Array.from(value.members?.values() ?? []).flatMap((member): [string, Wire][] =>
      member.kind === 'scriptMethod' ? [] : [[member.name, this.write(this.#context.property(value, member.name))]],
    );
  }

  #writeInstance(value: Instance): Wire {
    const { name } = value.type;
    // Secrets are PowerShell's own objects on the other side.
    if (stateOf(value, secureStringType)) return { t: 'Secure', v: reveal(value) };
    const login = stateOf(value, credentialType);
    if (login) return { t: 'Credential', n: login.user, v: reveal(login.password) };
    if (textTypes.has(name)) return { t: 'Text', n: name, v: this.#context.text(value) };
    if (name === 'System.Xml.XmlDocument')
      return { t: 'Text', n: name, v: this.#context.text(this.#context.property(value, 'OuterXml')) };
    const registry = registryOf(this.#context);
    const dynamic = definitionOf(registry, value)?.dynamicProperties?.(stateOfValue(value));
    const shape = this.#shapes.of(value, this.#context);
    return {
      t: 'Object',
      h: this.#hold(value),
      ...shape,
      v: membersOf(value) ? this.#notesOf(value) : [],
      ...(dynamic ? { d: dynamic.names().map((each) => [each, this.write(this.#context.property(value, each))]) } : {}),
    };
  }

  /** An exception with what it wraps. */
  writeException(value: Exception): WireObject {
    return {
      t: 'Exception',
      n: value.type,
      v: value.message,
      r: Number(this.#context.text(this.#context.property(value, 'HResult'))) | 0,
      ...(value.inner ? { inner: this.writeException(value.inner) } : {}),
    };
  }

  /** An error record. */
  writeError(record: ErrorRecord): WireObject {
    const { id, category, activity, reason, targetName, details, target } = record;
    return {
      id,
      category,
      activity,
      reason,
      targetName,
      exception: this.writeException(record.exception),
      target: this.write(target),
      ...(details === undefined ? {} : { details }),
    };
  }

  /** A value of PowerShell as the simulator has it. @throws PowerShellError where its text is none of its type */
  read(wire: unknown): Value {
    if (wire === null || typeof wire === 'boolean' || typeof wire === 'string' || typeof wire === 'number') return wire;
    if (typeof wire !== 'object') throw new TypeError('a value that is no JSON');
    const { t, n, v, h } = wire as WireObject;
    if (typeof h === 'number') return this.#withNotes(this.held(h), v);
    const text = String(v);
    const name = String(n);
    const items = Array.isArray(v) ? v : [];
    const pairs = items.map((pair: unknown): [Value, Value] =>
      Array.isArray(pair) ? [this.read(pair[0]), this.read(pair[1])] : [null, null],
    );
    if (typeof t === 'string' && integerTypes.includes(t)) return integer(t as IntegerType, BigInt(text));
    switch (t) {
      case 'Bytes':
        return new Uint8Array(Buffer.from(text, 'base64'));
      case 'Double':
        return double(Number(text.replace('∞', 'Infinity')));
      case 'Single':
        return { kind: 'float', type: 'Single', value: Number(text) };
      case 'Decimal':
        return this.#context.convert(text, 'decimal');
      case 'Char':
        return char(Number(text));
      case 'DateTime':
        return dateTime(BigInt(text), n === 'Utc' || n === 'Local' ? n : 'Unspecified');
      case 'TimeSpan':
        return timeSpan(BigInt(text));
      case 'Text':
        return this.#context.convert(text, name);
      case 'Type':
        return typeLiteral(text);
      case 'Script':
        return this.#context.convert(text, 'scriptblock');
      case 'Switch':
        return switchValue(v === true);
      case 'Enum': {
        const definition = registryOf(this.#context).enums.get(name.toLowerCase());
        return definition ? enumValue(definition, Number(text)) : Number(text);
      }
      case 'Exception':
        return exception(name, text);
      case 'Array':
        return typedArray(
          name === 'System.Management.Automation.PSObject' ? 'System.Object' : name,
          items.map((item: unknown) => this.read(item)),
        );
      case 'List':
        return list(items.map((item: unknown) => this.read(item)));
      case 'Table': {
        const table = new Hashtable(n === true ? 'System.Collections.Specialized.OrderedDictionary' : undefined);
        for (const [key, item] of pairs) table.set(key, item);
        return table;
      }
      case 'Custom':
        return {
          ...customObject(pairs.map(([key, item]): [string, Value] => [this.#context.text(key), item])),
          ...(Array.isArray(n) ? { typeNames: n.map(String) } : {}),
        };
      case 'Encoding':
        return this.#encoding(text, n === true);
      case 'Secure':
        return this.#secret(text);
      case 'Credential':
        return credential(name, this.#secret(text));
      default:
        throw new TypeError(`a value of an unknown kind: ${String(t)}`);
    }
  }

  /** What a script added to an object, or set anew, there is here too. */
  #withNotes(value: Value, notes: unknown): Value {
    for (const pair of Array.isArray(notes) ? notes : []) {
      if (!Array.isArray(pair)) continue;
      const name = String(pair[0]);
      membersOf(value, true)?.set(name.toLowerCase(), { kind: 'note', name, value: this.read(pair[1]) });
    }
    return value;
  }

  #secret(text: string): Value {
    return secureString(new SecureText(text));
  }

  #encoding(name: string, marked: boolean): Value {
    const types = registryOf(this.#context).types;
    if (name === 'utf-8') {
      const made = types.get('system.text.utf8encoding')?.construct?.(this.#context, [marked]);
      if (made !== null && typeof made === 'object' && !('next' in made)) return made;
    }
    const made = types.get('system.text.encoding')?.statics?.methods?.['GetEncoding']?.([name], this.#context);
    return made !== null && typeof made === 'object' && 'next' in made ? null : (made ?? null);
  }
}
