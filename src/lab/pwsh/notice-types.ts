import { defineType } from '../evaluator/define.ts';
import type { CallContext, Task } from '../evaluator/host.ts';
import { newObject, stateOf } from '../evaluator/make.ts';
import type { TypeDefinition } from '../evaluator/type-definition.ts';
import { isBoxed } from '../evaluator/types-of.ts';
import type { Value } from '../evaluator/value.ts';

/** What is called when something happened. */
export type Notice = () => void;

type Queue = { readonly items: Value[]; readonly waiting: Set<() => void> };

const add = (queue: Queue, value: Value): undefined => {
  queue.items.push(value);
  for (const wake of queue.waiting) wake();
};

const somethingIn = (queue: Queue, limitMs: number): Promise<void> =>
  new Promise((resolve) => {
    const wake = () => {
      clearTimeout(timer);
      queue.waiting.delete(wake);
      resolve();
    };
    const timer = setTimeout(wake, limitMs);
    queue.waiting.add(wake);
  });

function* tryTake(queue: Queue, [target, limit]: Value[], context: CallContext): Task<Value> {
  const limitMs = Number(context.convert(limit ?? 0, 'int'));
  if (queue.items.length === 0 && limitMs > 0) yield somethingIn(queue, limitMs);
  if (queue.items.length === 0) return false;
  const taken = queue.items.shift();
  if (isBoxed(target) && target.kind === 'ref') target.set(taken);
  return true;
}

/** BlockingCollection: a queue that can be waited for, in real time. */
const queueType: TypeDefinition<Queue> = defineType<Queue>({
  name: 'System.Collections.Concurrent.BlockingCollection',
  properties: { Count: { get: ({ items }) => items.length } },
  methods: { Add: (queue, [value]) => add(queue, value), TryTake: tryTake },
  construct: () => newObject(queueType, { items: [], waiting: new Set<() => void>() }),
});

/** A delegate that was made of an expression. */
const delegateType = defineType<Notice>({ name: 'System.Delegate' });

/** The delegate in a value. */
export const noticeOf = (value: Value): Notice => stateOf(value, delegateType) ?? (() => undefined);

/** Of expressions there are constants, parameters, calls of `Add` on a queue, and functions of such a call. */
type Expression = { readonly value?: Value; readonly act?: Notice };

const expressionType: TypeDefinition<Expression> = defineType<Expression>({
  name: 'System.Linq.Expressions.Expression',
  methods: { Compile: ({ act = () => undefined }) => newObject(delegateType, act) },
  statics: {
    methods: {
      Constant: ([value]) => newObject(expressionType, { value }),
      Parameter: () => newObject(parameterType, {}),
      Call: ([target, method, , args], context) => {
        const queue = stateOf(stateOf(target, expressionType)?.value, queueType);
        if (!queue || context.text(method) !== 'Add') return context.unsupported('a call of an expression tree');
        const [argument] = context.enumerate(args);
        return newObject(expressionType, { act: () => add(queue, stateOf(argument, expressionType)?.value) });
      },
      Lambda: ([, body]) => body,
    },
  },
});
const parameterType: TypeDefinition<Expression> = defineType<Expression>({
  name: 'System.Linq.Expressions.ParameterExpression',
  bases: ['System.Linq.Expressions.Expression'],
});

/** Queues, and delegates by which other threads put something into them. */
export const noticeTypes: readonly TypeDefinition[] = [
  queueType as TypeDefinition,
  delegateType as TypeDefinition,
  expressionType as TypeDefinition,
  parameterType as TypeDefinition,
  defineType({ name: 'System.EventHandler' }),
  defineType({ name: 'System.Management.Automation.DataAddedEventArgs' }),
  defineType({ name: 'System.Management.Automation.PSInvocationStateChangedEventArgs' }),
];
