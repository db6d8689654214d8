import type { Attribute, Parameter, ScriptBody } from '../../../powershell/syntax-tree.ts';
import type { Compiler } from '../compile/compiler.ts';
import { isTrue } from '../conversion/truth.ts';
import type { Frame } from '../frame.ts';
import type { Value } from '../value.ts';
import type { ParameterSpec, SetRole, Signature } from './signature.ts';
import { allSets } from './signature.ts';
import { compileValidator } from './validation.ts';

const plainName = (attribute: Attribute): string =>
  attribute.name
    .toLowerCase()
    .replace(/^system\.management\.automation\./, '')
    .replace(/attribute$/, '');

/** Constant attribute arguments: literals, `$true`, `$false`. */
const constantOf = (node: Attribute['named'][number]['value']): Value => {
  if (node === undefined) return true;
  if (node.kind === 'string') return node.value;
  if (node.kind === 'number' && 'integer' in node.value) return Number(node.value.integer);
  if (node.kind === 'unary' && node.operand.kind === 'number' && 'integer' in node.operand.value)
    return -Number(node.operand.value.integer);
  if (node.kind === 'variable') return node.name.toLowerCase() === 'true';
  return null;
};

const roleOf = (attribute: Attribute): { set: string; role: SetRole } => {
  const named = new Map(attribute.named.map(({ name, value }) => [name.toLowerCase(), constantOf(value)]));
  const position = named.get('position');
  const set = named.get('parametersetname');
  return {
    set: typeof set === 'string' ? set : allSets,
    role: {
      position: typeof position === 'number' && position >= 0 ? position : undefined,
      mandatory: isTrue(named.get('mandatory')),
      fromValue: isTrue(named.get('valuefrompipeline')),
      fromName: isTrue(named.get('valuefrompipelinebypropertyname')),
      remaining: isTrue(named.get('valuefromremainingarguments')),
    },
  };
};

const plainRole: SetRole = {
  position: undefined,
  mandatory: false,
  fromValue: false,
  fromName: false,
  remaining: false,
};

const typeOf = (compiler: Compiler, parameter: Parameter): ((frame: Frame) => string) => {
  const [type] = parameter.types.slice(-1);
  return type ? compiler.type(type) : () => 'System.Object';
};

const compileSpec = (compiler: Compiler, parameter: Parameter): ParameterSpec => {
  const roles = new Map<string, SetRole>();
  const writtenAliases: string[] = [];
  for (const attribute of parameter.attributes) {
    if (plainName(attribute) === 'parameter') {
      const { set, role } = roleOf(attribute);
      roles.set(set, role);
    } else if (plainName(attribute) === 'alias') {
      for (const argument of attribute.positional) if (argument.kind === 'string') writtenAliases.push(argument.value);
    }
  }
  if (roles.size === 0) roles.set(allSets, plainRole);
  const has = (name: string): boolean => parameter.attributes.some((attribute) => plainName(attribute) === name);
  const last = parameter.types.at(-1);
  return {
    name: parameter.name,
    lower: parameter.name.toLowerCase(),
    aliases: writtenAliases.map((alias) => alias.toLowerCase()),
    writtenAliases,
    type: typeOf(compiler, parameter),
    isSwitch:
      last !== undefined &&
      /^(switch|(system\.management\.automation\.)?switchparameter)$/i.test(last.name) &&
      last.ranks.length === 0,
    isTyped: parameter.types.length > 0,
    roles,
    validators: parameter.attributes
      .map((attribute) => compileValidator(compiler, attribute))
      .filter((one) => one !== undefined),
    allowNull: has('allownull'),
    allowEmptyString: has('allowemptystring'),
    allowEmptyCollection: has('allowemptycollection'),
    defaultValue: parameter.defaultValue && compiler.expression(parameter.defaultValue),
  };
};

/** Gives positions by order to parameters where none says its own. */
const withPositions = (specs: readonly ParameterSpec[]): ParameterSpec[] => {
  const explicit = specs.some((spec) => [...spec.roles.values()].some((role) => role.position !== undefined));
  if (explicit) return [...specs];
  let next = 0;
  return specs.map((spec) => {
    if (spec.isSwitch) return spec;
    const position = next++;
    const roles = new Map(
      [...spec.roles].map(([set, role]) => [set, { ...role, position: role.remaining ? role.position : position }]),
    );
    return { ...spec, roles };
  });
};

/** The parameters of a function or script block. */
export const compileSignature = (compiler: Compiler, body: ScriptBody): Signature => {
  if (body.dynamicParameters) compiler.unsupported('the block dynamicparam', body.dynamicParameters.start);
  const binding = body.attributes.find((attribute) => plainName(attribute) === 'cmdletbinding');
  const named = new Map(binding?.named.map(({ name, value }) => [name.toLowerCase(), constantOf(value)]) ?? []);
  const specs = (body.parameters ?? []).map((parameter) => compileSpec(compiler, parameter));
  const usesParameterAttribute = (body.parameters ?? []).some((parameter) =>
    parameter.attributes.some((attribute) => plainName(attribute) === 'parameter'),
  );
  const positional = named.get('positionalbinding') === undefined || isTrue(named.get('positionalbinding'));
  const defaultSet = named.get('defaultparametersetname');
  const setNames = [...new Set(specs.flatMap((spec) => [...spec.roles.keys()]))].filter((set) => set !== allSets);
  if (typeof defaultSet === 'string' && !setNames.includes(defaultSet)) setNames.push(defaultSet);
  return {
    specs: positional ? withPositions(specs) : specs,
    setNames,
    defaultSet: typeof defaultSet === 'string' ? defaultSet : undefined,
    isAdvanced: binding !== undefined || usesParameterAttribute,
    supportsShouldProcess: isTrue(named.get('supportsshouldprocess')),
    isCmdlet: false,
  };
};
