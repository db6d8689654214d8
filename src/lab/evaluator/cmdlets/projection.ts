import { Hashtable } from '../hashtable.ts';
import type { CallContext, Task } from '../host.ts';
import { isBoxed } from '../types-of.ts';
import type { Value } from '../value.ts';

/** One `-Property` argument: a name, a script block, or a hashtable with `Name`/`Expression` and settings. */
export type Projection = {
  readonly label: string;
  read(value: Value): Task<Value>;
  /** `Descending`/`Ascending` of a hashtable; undefined where it says nothing. */
  readonly descending: boolean | undefined;
};

const entry = (table: Hashtable, names: readonly string[]): Value => {
  for (const [key, value] of table.entries()) {
    const text = typeof key === 'string' ? key.toLowerCase() : '';
    if (text === '') continue;
    if (names.some((name) => name.startsWith(text))) return value;
  }
  return undefined;
};

/** Reads a `-Property` argument of Sort-, Group-, Measure- and Compare-Object. */
export function readProjection(spec: Value, context: CallContext): Projection {
  if (isBoxed(spec) && spec.kind === 'scriptblock') {
    const script = spec;
    return {
      label: script.text.trim(),
      descending: undefined,
      *read(value) {
        const output = yield* context.invoke(script, [], { underscore: value });
        return output.length === 0 ? undefined : output.length === 1 ? output[0] : output;
      },
    };
  }
  if (isBoxed(spec) && spec.kind === 'hashtable') {
    const inner = readProjection(entry(spec, ['expression']) ?? null, context);
    const name = entry(spec, ['name', 'label']);
    const descending = entry(spec, ['descending']);
    const ascending = entry(spec, ['ascending']);
    return {
      label: name === undefined ? inner.label : context.text(name),
      read: (value) => inner.read(value),
      descending:
        descending !== undefined
          ? context.isTrue(descending)
          : ascending !== undefined
            ? !context.isTrue(ascending)
            : undefined,
    };
  }
  const name = context.text(spec);
  return {
    label: name,
    descending: undefined,
    // oxlint-disable-next-line require-yield -- a plain property needs no waiting
    *read(value) {
      return context.property(value, name);
    },
  };
}
