import type { Scope } from '../scope.ts';

/** Action preferences by number of the .NET enum. */
export const preferenceNames = ['SilentlyContinue', 'Stop', 'Continue', 'Inquire', 'Ignore', 'Suspend'] as const;

/** A value of ActionPreference. */
export type Preference = (typeof preferenceNames)[number];

/** Reads a preference from whatever a script put in the variable; undefined if it is none. */
export const parsePreference = (value: unknown): Preference | undefined => {
  if (typeof value === 'number') return preferenceNames[value];
  if (typeof value === 'string') {
    const lower = value.trim().toLowerCase();
    return preferenceNames.find((name) => name.toLowerCase() === lower);
  }
  if (value !== null && typeof value === 'object' && 'kind' in value && value.kind === 'enum' && 'value' in value) {
    return typeof value.value === 'number' ? preferenceNames[value.value] : undefined;
  }
  return undefined;
};

/** A preference variable as seen from a scope. */
export const preference = (scope: Scope, name: string, otherwise: Preference): Preference =>
  parsePreference(scope.find(name)?.value) ?? otherwise;

/** `$ErrorActionPreference`. */
export const errorPreference = (scope: Scope): Preference => preference(scope, 'erroractionpreference', 'Continue');
