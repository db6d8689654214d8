import { defineType } from '../../../evaluator/define.ts';
import type { CallContext } from '../../../evaluator/host.ts';
import { enumValue, newObject } from '../../../evaluator/make.ts';
import type { TypeDefinition } from '../../../evaluator/type-definition.ts';
import type { Value } from '../../../evaluator/value.ts';
import type { Machine } from '../../machine/machine.ts';
import type { WsusUpdate } from '../../machine/wsus/wsus-update.ts';
import { approvedStatesEnum } from './wsus-enums.ts';

const admin = 'Microsoft.UpdateServices.Administration';

type UpdateScope = { states: Value; from: Value; to: Value; text: string };
/** Microsoft.UpdateServices.Administration.UpdateScope. */
export const updateScopeType: TypeDefinition<UpdateScope> = defineType<UpdateScope>({
  name: `${admin}.UpdateScope`,
  properties: {
    ApprovedStates: {
      get: ({ states }) => states,
      type: approvedStatesEnum.name,
      set: (state, value) => void (state.states = value),
    },
    FromCreationDate: { get: ({ from }) => from, set: (state, value) => void (state.from = value) },
    ToCreationDate: { get: ({ to }) => to, set: (state, value) => void (state.to = value) },
    TextIncludes: { get: ({ text }) => text, set: (state, value, context) => void (state.text = context.text(value)) },
  },
  construct: () =>
    newObject(updateScopeType, { states: enumValue(approvedStatesEnum, 'Any'), from: null, to: null, text: '' }),
});

const stateOfUpdate = ({ isDeclined, approvals }: WsusUpdate): number =>
  isDeclined ? 8 : approvals.length > 0 ? 1 : 4;

/** Updates that a scope asks for; all without one. */
export const scoped = (machine: Machine, scope: Value, context: CallContext): WsusUpdate[] => {
  const all = machine.wsus.database.content.updates;
  if (scope === undefined || scope === null) return [...all];
  const states = context.property(scope, 'ApprovedStates');
  const mask =
    states !== null && typeof states === 'object' && 'kind' in states && states.kind === 'enum'
      ? Number(states.value)
      : -1;
  const time = (name: string): number | undefined => {
    const value = context.property(scope, name);
    return value !== null && typeof value === 'object' && 'kind' in value && value.kind === 'datetime'
      ? Number((value.ticks - 621_355_968_000_000_000n) / 10_000n)
      : undefined;
  };
  const text = context.text(context.property(scope, 'TextIncludes')).toLowerCase();
  const [from, to] = [time('FromCreationDate'), time('ToCreationDate')];
  return all.filter(
    (one) =>
      (mask === -1 || (stateOfUpdate(one) & mask) !== 0) &&
      (from === undefined || one.createdMs >= from) &&
      (to === undefined || one.createdMs <= to) &&
      one.title.toLowerCase().includes(text),
  );
};
