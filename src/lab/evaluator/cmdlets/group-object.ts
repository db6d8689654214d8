import { defineCmdlet, defineType } from '../define.ts';
import { Hashtable } from '../hashtable.ts';
import { list, newObject } from '../make.ts';
import { frameOf } from '../registry-of.ts';
import { sortInSlices } from '../sort-in-slices.ts';
import type { TypeDefinition } from '../type-definition.ts';
import type { Value } from '../value.ts';
import { readProjection } from './projection.ts';
import { compareKeys, keysOf } from './sort-object.ts';

type Group = {
  readonly name: string;
  readonly keys: readonly Value[];
  readonly values: Value[];
  readonly bare: boolean;
};

const groupInfo: TypeDefinition<Group> = defineType<Group>({
  name: 'Microsoft.PowerShell.Commands.GroupInfo',
  properties: {
    Values: { get: (group) => list([...group.keys]) },
    Count: { get: (group) => group.values.length },
    Group: {
      get: (group) =>
        list(group.values, 'System.Collections.ObjectModel.Collection', 'System.Management.Automation.PSObject'),
    },
    Name: { get: (group) => group.name },
  },
});

/** The type of a group; bare under `-NoElement`. */
export const groupTypes: readonly TypeDefinition<Group>[] = [groupInfo];

/** Group-Object. */
export const groupObject = defineCmdlet({
  name: 'Group-Object',
  aliases: ['group'],
  className: 'Microsoft.PowerShell.Commands.GroupObjectCommand',
  module: 'Microsoft.PowerShell.Utility',
  parameters: {
    Property: { type: 'object[]', position: 0 },
    InputObject: { type: 'object', pipeline: 'value' },
    NoElement: { type: 'switch' },
    AsHashTable: { type: 'switch', aliases: ['AHT'] },
    AsString: { type: 'switch' },
    CaseSensitive: { type: 'switch' },
    Culture: { type: 'string' },
  },
  outside: ['Culture'],
  createState: (): Value[] => [],
  process(context, bound) {
    const input = bound.get('InputObject');
    if (input !== null && input !== undefined) (context.state as Value[]).push(input);
  },
  *end(context, bound) {
    const projections = bound.list('Property').map((spec) => readProjection(spec, context));
    const values = context.state as Value[];
    const caseSensitive = bound.flag('CaseSensitive');
    const groups: Group[] = [];
    const keys = yield* keysOf(values, projections, context);
    for (const [index, value] of values.entries()) {
      if (frameOf(context).session.tick()) yield undefined;
      const own = keys[index] ?? [];
      const found = groups.find((group) =>
        group.keys.every((key, place) => compareKeys(key, own[place], context, caseSensitive) === 0),
      );
      if (found) found.values.push(value);
      else
        groups.push({
          name: own.map((key) => context.text(key)).join(', '),
          keys: own,
          values: [value],
          bare: bound.flag('NoElement'),
        });
    }
    if (bound.flag('AsHashTable')) {
      const table = new Hashtable('System.Collections.Hashtable', { ignoreCase: !caseSensitive });
      const text = bound.flag('AsString');
      for (const group of groups)
        table.set(
          text ? group.name : (group.keys[0] ?? ''),
          list(group.values, 'System.Collections.ObjectModel.Collection', 'System.Management.Automation.PSObject'),
        );
      if (groups.length > 0) context.write(table);
      return;
    }
    const sorted = yield* sortInSlices(groups, frameOf(context).session, (a, b) => {
      for (const [place, key] of a.keys.entries()) {
        const order = compareKeys(key, b.keys[place], context, caseSensitive);
        if (order !== 0) return order;
      }
      return 0;
    });
    for (const group of sorted) context.write(newObject(groupInfo, group));
  },
});
