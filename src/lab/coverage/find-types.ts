import type { MemberAccess, MethodCall } from '../../powershell/expression-tree.ts';
import { type Source, textOf } from '../../powershell/source.ts';
import type { ClassDefinition, ScriptBody, TypeName } from '../../powershell/syntax-tree.ts';
import { nodesOf } from '../../powershell/walk.ts';
import { isDerivable } from '../evaluator/classes/define-class.ts';
import { isFullyKnown, isLibraryType, isUnsimulated } from '../evaluator/members/unsimulated.ts';
import { hasOutsideGet, isOutsideMember } from '../evaluator/outside-member.ts';
import type { Registry } from '../evaluator/registry.ts';
import { genericParts, resolveType, typeChain } from '../evaluator/type-names.ts';
import { isOutsideProperty } from './check-class.ts';
import type { CoverageGap, Findings } from './findings.ts';
import { learnTypes, type TypeOf } from './static-types.ts';

type Verdict = true | CoverageGap['why'];

const lookUp = <T>(record: Readonly<Record<string, T>> | undefined, name: string): T | undefined =>
  Object.entries(record ?? {}).find(([key]) => key.toLowerCase() === name)?.[1];

/** Members that the language gives every object. */
const everywhere = new Set(
  'gettype tostring equals gethashcode compareto psobject pstypenames psbase count length getbaseexception'.split(' '),
);

/** `[type]::name`, as statics.ts decides when it runs. */
const staticVerdict = (registry: Registry, type: string, name: string, isCall: boolean): Verdict => {
  const statics = registry.types.get(genericParts(type).name.toLowerCase())?.statics;
  const isEnum = registry.enums.has(type.toLowerCase());
  if (isCall) {
    if (/^(new|equals|referenceequals)$/.test(name)) return true;
    const general = isEnum ? lookUp(registry.types.get('system.enum')?.statics?.methods, name) : undefined;
    const method = lookUp(statics?.methods, name) ?? general;
    if (method) return isOutsideMember(method) ? 'outside' : true;
    return isFullyKnown(type) && !isUnsimulated([type], name) ? 'unknown' : 'outside';
  }
  const property = lookUp(statics?.properties, name);
  if (property) return hasOutsideGet(property) ? 'outside' : true;
  if (lookUp(registry.enums.get(type.toLowerCase())?.values, name) !== undefined) return true;
  return isFullyKnown(type) || isEnum ? 'unknown' : 'outside';
};

/** `$object.name`, as call-method.ts and get-member.ts decide when it runs; undefined where they look at the value itself. */
const instanceVerdict = (registry: Registry, type: string, name: string, isCall: boolean): Verdict | undefined => {
  const chain = typeChain(registry, type).map((one) => genericParts(one).name);
  const definitions = chain.flatMap((one) => registry.types.get(one.toLowerCase()) ?? []);
  for (const definition of definitions) {
    const method = isCall ? lookUp(definition.methods, name) : undefined;
    if (method) return isOutsideMember(method) ? 'outside' : true;
    const property = isCall ? undefined : lookUp(definition.properties, name);
    if (property) return hasOutsideGet(property) ? 'outside' : true;
  }
  if (everywhere.has(name)) return true;
  if (!isCall) return undefined;
  if (isUnsimulated(chain, name)) return 'outside';
  // Of objects with a definition of their own the lab may know less than .NET has; of others the language knows all members.
  const isOwn = registry.types.get(type.toLowerCase())?.construct !== undefined && !isFullyKnown(type);
  return isOwn ? 'outside' : undefined;
};

const checkMember = (
  node: MemberAccess | MethodCall,
  place: { registry: Registry; findings: Findings; usings: readonly string[]; typeOf: TypeOf },
): void => {
  const { registry, findings, usings, typeOf } = place;
  if (node.name.kind !== 'string') return;
  const isCall = node.kind === 'call';
  const written = node.name.value;
  const name = written.toLowerCase();
  const shown = isCall ? `${written}()` : written;
  if (node.isStatic) {
    const type = node.target.kind === 'type' ? resolveType(registry, node.target.type, usings) : undefined;
    if (type === undefined) return;
    findings.note('member', `[${type}]::${shown}`, node.name.start, staticVerdict(registry, type, name, isCall));
    return;
  }
  const known = typeOf(node.target);
  if (known?.kind === 'cim') {
    const isGap = !isCall && isOutsideProperty(known.cim, name);
    if (isGap) findings.note('class', `${known.cim.name}.${written}`, node.name.start, 'outside');
    return;
  }
  const verdict = known && instanceVerdict(registry, known.type, name, isCall);
  if (known && verdict) findings.note('member', `[${known.type}].${shown}`, node.name.start, verdict);
};

const checkType = (
  node: TypeName,
  registry: Registry,
  usings: readonly string[],
  findings: Findings,
  shown: string,
): void => {
  const type = resolveType(registry, node, usings);
  if (type !== undefined) findings.note('type', type, node.start, true);
  // Of a generic type whose argument is missing, the argument is told.
  else if (resolveType(registry, { ...node, arguments: [], ranks: [] }, usings) === undefined)
    findings.note('type', shown, node.start, isLibraryType(node.name) ? 'outside' : 'unknown');
};

/** What a class derives from: classes of the script, exceptions and a few interfaces; other types the lab refuses as bases. */
const checkBases = (
  node: ClassDefinition,
  own: ReadonlySet<string>,
  { registry, findings, usings }: { registry: Registry; findings: Findings; usings: readonly string[] },
): void => {
  for (const base of node.bases) {
    const type = own.has(base.name.toLowerCase()) ? undefined : resolveType(registry, base, usings);
    if (type !== undefined && !isDerivable(registry, type))
      findings.note('construct', `a class that derives from [${type}]`, base.start, 'outside');
  }
};

/** Finds types and members of types, and what the lab has not of them. Members are told where the script alone says what has them. */
export const findTypes = (
  source: Source,
  root: ScriptBody,
  place: { readonly registry: Registry; readonly findings: Findings; readonly usings: readonly string[] },
): void => {
  const { registry, findings, usings } = place;
  const typeOf = learnTypes(root, registry, usings);
  const own = new Set<string>();
  for (const node of nodesOf(root)) if (node.kind === 'class' || node.kind === 'enum') own.add(node.name.toLowerCase());
  for (const node of nodesOf(root)) {
    if (node.kind === 'class') checkBases(node, own, place);
    if (node.kind === 'typeName' && !own.has(node.name.toLowerCase()))
      checkType(node, registry, usings, findings, textOf(source, node).replace(/^\[(.*)\]$/s, '$1'));
    else if (node.kind === 'member' || node.kind === 'call') checkMember(node, { ...place, typeOf });
  }
};
