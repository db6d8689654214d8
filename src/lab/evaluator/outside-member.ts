import type { CallContext } from './host.ts';

const marked = new WeakSet<object>();

/** Marks a member of a type as one that Windows has and the lab does not simulate: calling it ends the script with `LabUnsupported`. */
export const markOutside = <F extends (...call: never[]) => unknown>(member: F): F => {
  marked.add(member);
  return member;
};

/** A method or a property's `get` that the lab does not simulate; the context is the last thing that members are called with. */
export const outsideMember = (construct: string): ((...call: readonly unknown[]) => never) =>
  markOutside((...call: readonly unknown[]) => (call.at(-1) as CallContext).unsupported(construct));

/** Whether a member was marked. */
export const isOutsideMember = (member: object): boolean => marked.has(member);

/** Whether reading a property ends the script: its `get` was marked. */
export const hasOutsideGet = (property: { readonly get: object }): boolean => marked.has(property.get);
