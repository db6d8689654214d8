import type { CallContext, Task } from '../evaluator/host.ts';
import { typedArray, typeLiteral } from '../evaluator/make.ts';
import { callMethod } from '../evaluator/members/call-method.ts';
import { getIndex, setIndex } from '../evaluator/members/index-access.ts';
import { setMember } from '../evaluator/members/set-member.ts';
import { callStatic, getStatic, setStatic } from '../evaluator/members/statics.ts';
import { frameOf, registryOf } from '../evaluator/registry-of.ts';
import type { Value } from '../evaluator/value.ts';
import type { WireObject } from './wire-values.ts';

/**
 * What the bridge asks of a type or of an object: a member, a conversion, an item.
 * @param target the object; null for a type
 */
export const perform = (ask: WireObject, args: Value[], target: Value, context: CallContext): Value | Task<Value> => {
  const frame = frameOf(context);
  const name = String(ask['name']);
  const type = typeLiteral(String(ask['type']));
  switch (ask['op']) {
    case 'static':
    case 'construct':
      return callStatic(type, name, args, frame);
    case 'getStatic':
      return getStatic(type, name, frame);
    case 'setStatic':
      setStatic(type, name, args[0], frame);
      return undefined;
    case 'call':
      return callMethod(target, name, args, frame);
    case 'get':
      return context.property(target, name);
    case 'set':
      setMember(target, name, args[0], frame);
      return undefined;
    case 'items':
      return typedArray('System.Object', context.enumerate(target));
    case 'getItem':
      return getIndex(target, args[0], frame);
    case 'setItem':
      setIndex(target, args[0], args[1], frame);
      return undefined;
    case 'equals':
      return context.equals(target, args[0]);
    case 'convert':
      return context.convert(args[0], type.name);
    case 'com': {
      const make = registryOf(context).comObjects.get(name.toLowerCase());
      return make ? make(context) : context.unsupported(`the COM class ${name}`);
    }
    default:
      return context.unsupported(`the operation ${String(ask['op'])}`);
  }
};
