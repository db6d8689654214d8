import { describeCommand } from '../binding/describe-command.ts';
import { isTask } from '../compile/code.ts';
import { collapse, itemsOf } from '../conversion/items.ts';
import { isTrue } from '../conversion/truth.ts';
import { defineCmdlet } from '../define.ts';
import type { Frame } from '../frame.ts';
import type { CmdletDefinition, CommandContext, Task } from '../host.ts';
import { callMethod } from '../members/call-method.ts';
import { findMethod } from '../members/definitions.ts';
import { absent, findMember } from '../members/get-member.ts';
import type { CompareOperator } from '../operators/compare.ts';
import { compares } from '../operators/compare.ts';
import { containsOperator, isOperator, likeOperator, matchOperator } from '../operators/text-operators.ts';
import { frameOf } from '../registry-of.ts';
import { invokeBlock } from '../run/invoke-block.ts';
import type { ScriptBlock } from '../script-block.ts';
import { CollectingPipe } from '../streams.ts';
import type { Value } from '../value.ts';
import syntaxes from './command-syntax.json' with { type: 'json' };

/** Runs a block in the scope of the caller with `$_`; its output streams on. */
function* runInCaller(context: CommandContext, block: ScriptBlock, input: Value): Task<void> {
  const frame = frameOf(context);
  yield* invokeBlock(frame, block, { underscore: input, inScope: true, out: frame.out });
}

/** Runs a block and gives its value. */
function* valueOf(context: CommandContext, block: ScriptBlock, input: Value): Task<Value> {
  const pipe = new CollectingPipe();
  yield* invokeBlock(frameOf(context), block, { underscore: input, inScope: true, out: pipe });
  return collapse(pipe.items);
}

type Blocks = { begin: ScriptBlock[]; process: ScriptBlock[]; end: ScriptBlock[] };

const isBlock = (value: Value): value is ScriptBlock =>
  value !== null && typeof value === 'object' && 'kind' in value && value.kind === 'scriptblock';

const forEachObject = defineCmdlet({
  name: 'ForEach-Object',
  aliases: ['foreach', '%'],
  module: 'Microsoft.PowerShell.Core',
  defaultParameterSet: 'ScriptBlockSet',
  supportsShouldProcess: true,
  parameters: {
    InputObject: { type: 'object', pipeline: 'value', allowNull: true },
    Begin: { type: 'scriptblock', sets: ['ScriptBlockSet'] },
    Process: {
      type: 'scriptblock[]',
      position: 0,
      sets: ['ScriptBlockSet'],
      mandatory: true,
      allowNull: true,
      allowEmpty: true,
    },
    End: { type: 'scriptblock', sets: ['ScriptBlockSet'] },
    RemainingScripts: {
      type: 'scriptblock[]',
      remaining: true,
      sets: ['ScriptBlockSet'],
      allowNull: true,
      allowEmpty: true,
    },
    MemberName: { type: 'string', position: 0, mandatory: true, sets: ['PropertyAndMethodSet'] },
    ArgumentList: { type: 'object[]', remaining: true, aliases: ['Args'], sets: ['PropertyAndMethodSet'] },
  },
  createState: (): Blocks => ({ begin: [], process: [], end: [] }),
  *begin(context, bound) {
    const state = context.state as Blocks;
    const scripts = [...bound.list('Process'), ...bound.list('RemainingScripts')].filter(isBlock);
    const begin = bound.script('Begin');
    const end = bound.script('End');
    if (begin) state.begin.push(begin);
    if (end) state.end.push(end);
    // Two blocks are begin and process; three and more: the first begins, the last ends.
    if (scripts.length > 1 && !begin) state.begin.push(...scripts.splice(0, 1));
    if (scripts.length > 1 && !end) state.end.push(...scripts.splice(-1, 1));
    state.process.push(...scripts);
    for (const block of state.begin) yield* runInCaller(context, block, null);
  },
  *process(context, bound) {
    const input = context.expectsInput ? context.input : bound.get('InputObject');
    const { process } = context.state as Blocks;
    for (const block of process) yield* runInCaller(context, block, input);
    const name = bound.text('MemberName');
    if (name === undefined) return;
    const frame = frameOf(context);
    const isMethod = findMethod(frame.session.registry, input, name.toLowerCase()) !== undefined;
    const found = isMethod ? absent : findMember(input, name, frame);
    if (found !== absent && !bound.has('ArgumentList')) context.write(found as Value, { enumerate: true });
    else if (isMethod || bound.has('ArgumentList') || /^(tostring|gettype|gethashcode)$/i.test(name)) {
      const result = callMethod(input, name, bound.list('ArgumentList'), frame);
      context.write(isTask(result) ? yield* result : result, { enumerate: true });
    } else if (frame.scope.strictVersion >= 2)
      context.writeError({
        id: 'InvalidPropertyOrMethod',
        message: `The property '${name}' cannot be found on this object.`,
        category: 'InvalidOperation',
        target: input,
      });
    else context.write(null);
  },
  *end(context) {
    const { end } = context.state as Blocks;
    for (const block of end) yield* runInCaller(context, block, null);
  },
});

const operators = [
  'EQ',
  'NE',
  'GT',
  'LT',
  'GE',
  'LE',
  'Like',
  'NotLike',
  'Match',
  'NotMatch',
  'Contains',
  'NotContains',
  'In',
  'NotIn',
  'Is',
  'IsNot',
] as const;
const casedOperators = operators.slice(0, 14);

const operatorNames: Record<string, { operator: string; caseSensitive: boolean }> = {};
for (const name of operators) operatorNames[name] = { operator: name.toLowerCase(), caseSensitive: false };
for (const name of casedOperators) operatorNames[`C${name}`] = { operator: name.toLowerCase(), caseSensitive: true };

// An argument `[int]` comes as text.
const typeArgument = (value: Value): Value => (typeof value === 'string' ? value.replace(/^\[(.*)\]$/, '$1') : value);

const test = (operator: string, caseSensitive: boolean, left: Value, right: Value, frame: Frame): boolean => {
  switch (operator) {
    case 'like':
    case 'notlike':
      return isTrue(likeOperator(left, right, frame, { caseSensitive, negated: operator === 'notlike' }));
    case 'match':
    case 'notmatch':
      return isTrue(matchOperator(left, right, frame, { caseSensitive, negated: operator === 'notmatch' }));
    case 'contains':
    case 'notcontains':
      return containsOperator(left, right, frame, caseSensitive) !== (operator === 'notcontains');
    case 'in':
    case 'notin':
      return containsOperator(right, left, frame, caseSensitive) !== (operator === 'notin');
    case 'is':
    case 'isnot':
      return isOperator(left, typeArgument(right), frame) !== (operator === 'isnot');
    default: {
      const items = itemsOf(left);
      const compareOne = (value: Value): boolean =>
        compares(operator as CompareOperator, value, right, frame.session, { caseSensitive });
      return items ? isTrue(items.filter(compareOne)) : compareOne(left);
    }
  }
};

const whereObject = defineCmdlet({
  name: 'Where-Object',
  aliases: ['where', '?'],
  module: 'Microsoft.PowerShell.Core',
  ...describeCommand(syntaxes['Where-Object'], {
    sets: ['EqualSet', 'ScriptBlockSet'],
    pipeline: { InputObject: 'value' },
    parameterAliases: Object.fromEntries(operators.slice(0, 14).map((name) => [name, [`I${name}`]])),
    allowNull: ['InputObject', 'Value'],
    simulated: ['InputObject', 'FilterScript', 'Property', 'Value', ...Object.keys(operatorNames)],
  }),
  *process(context, bound) {
    const input = context.expectsInput ? context.input : bound.get('InputObject');
    const script = bound.script('FilterScript');
    if (script) {
      if (isTrue(yield* valueOf(context, script, input))) context.write(input);
      return;
    }
    const frame = frameOf(context);
    const found = findMember(input, bound.text('Property') ?? '', frame);
    const left = found === absent ? null : (found as Value);
    const name = Object.keys(operatorNames).find((candidate) => bound.has(candidate));
    if (name === undefined) {
      const truth = bound.has('Value') ? test('eq', false, left, bound.get('Value'), frame) : isTrue(left);
      if (truth) context.write(input);
      return;
    }
    const { operator, caseSensitive } = operatorNames[name] ?? { operator: 'eq', caseSensitive: false };
    if (test(operator, caseSensitive, left, bound.get('Value'), frame)) context.write(input);
  },
});

/** ForEach-Object and Where-Object. */
export const objectCmdlets: readonly CmdletDefinition[] = [forEachObject, whereObject];
