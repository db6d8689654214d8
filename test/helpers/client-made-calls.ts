import type { RemoteCall } from '../../src/remote/powershell/remote-shell.ts';
import { door, reading, told } from './no-language.ts';
import { raw, xml } from './raw-clixml.ts';

export type Call = readonly [what: string, call: RemoteCall, outcome: object];

const { text, whole, list, table } = xml;
export const because = (words: string) => told(new RegExp(`^(?=.*"fqid":"KtNotInModule").*${words}`));
export const none = list([]);
/** The given names are all that a look at `.Keys` shows. */
export const showing = (...names: string[]) => ({ Keys: list(names.map(text)), Count: whole(names.length) });
export const given = (parameters: string): RemoteCall => door('read', reading({}, { Parameters: raw(parameters) }));
export const withCode = (value: string): RemoteCall => given(table([['Code', value]]));
export const inTable = (value: string): RemoteCall => given(table([['Table', table([['a', value]])]]));
export const nested = (levels: number, inner = whole(1)): string =>
  Array.from({ length: levels }).reduce<string>((made) => list([made]), inner);
/** The list of the default, with properties that tell of another length. */
export const fixedList = (...more: string[]): string =>
  list([whole(1), table([['b', text('x')]]), ...more], { Count: whole(2), Length: whole(2) });
