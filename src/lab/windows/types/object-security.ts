import { defineType, netError } from '../../evaluator/define.ts';
import type { CallContext } from '../../evaluator/host.ts';
import { enumValue, newObject, stateOf } from '../../evaluator/make.ts';
import type { TypeDefinition } from '../../evaluator/type-definition.ts';
import type { Instance, Value } from '../../evaluator/value.ts';
import { nameOfSid } from '../accounts.ts';
import {
  type AccessRule,
  formatParts,
  formatSddl,
  parseSddl,
  type SecurityDescriptor,
} from '../machine/rights/security-descriptor.ts';
import { actorOf } from '../runtime/process-hooks.ts';
import { accountType, sidObject, sidOfValue } from './identity.ts';
import {
  accessTypeEnum,
  fileRightsEnum,
  inheritanceEnum,
  propagationEnum,
  registryRightsEnum,
  sectionsEnum,
} from './security-enums.ts';

type RuleState = { readonly rule: AccessRule; readonly isKey: boolean };

const number = (value: Value, type: string, context: CallContext): number => {
  const converted = context.convert(value, type);
  return converted !== null && typeof converted === 'object' && 'kind' in converted && converted.kind === 'enum'
    ? converted.value
    : Number(context.text(converted));
};

const ruleProperties = (isKey: boolean): TypeDefinition<RuleState>['properties'] => ({
  [isKey ? 'RegistryRights' : 'FileSystemRights']: {
    get: ({ rule }) => enumValue(isKey ? registryRightsEnum : fileRightsEnum, rule.rights),
  },
  AccessControlType: { get: ({ rule }) => enumValue(accessTypeEnum, rule.allow ? 0 : 1) },
  IdentityReference: {
    get: ({ rule }, context) => {
      const name = nameOfSid(rule.sid, actorOf(context).machine.accounts);
      return name === undefined ? sidObject(rule.sid) : newObject(accountType, name);
    },
  },
  IsInherited: { get: ({ rule }) => rule.flags.includes('ID') },
  InheritanceFlags: {
    get: ({ rule }) =>
      enumValue(inheritanceEnum, (rule.flags.includes('CI') ? 1 : 0) | (rule.flags.includes('OI') ? 2 : 0)),
  },
  PropagationFlags: {
    get: ({ rule }) =>
      enumValue(propagationEnum, (rule.flags.includes('NP') ? 1 : 0) | (rule.flags.includes('IO') ? 2 : 0)),
  },
});

const defineRule = (isKey: boolean): TypeDefinition<RuleState> => {
  const type: TypeDefinition<RuleState> = defineType<RuleState>({
    name: `System.Security.AccessControl.${isKey ? 'Registry' : 'FileSystem'}AccessRule`,
    bases: ['System.Security.AccessControl.AccessRule', 'System.Security.AccessControl.AuthorizationRule'],
    properties: ruleProperties(isKey) ?? {},
    construct: (context, args) => {
      const sid = sidOfValue(args[0], context);
      if (sid === undefined)
        throw netError(
          'System.Security.Principal.IdentityNotMappedException',
          'Some or all identity references could not be translated.',
        );
      const rights = number(args[1], isKey ? registryRightsEnum.name : fileRightsEnum.name, context);
      const inherit = args.length > 3 ? number(args[2], inheritanceEnum.name, context) : 0;
      const propagate = args.length > 4 ? number(args[3], propagationEnum.name, context) : 0;
      const allow = number(args.at(-1), accessTypeEnum.name, context) === 0;
      const flags = [
        ...(inherit & 2 ? ['OI'] : []),
        ...(inherit & 1 ? ['CI'] : []),
        ...(propagate & 1 ? ['NP'] : []),
        ...(propagate & 2 ? ['IO'] : []),
      ];
      return newObject(type, {
        isKey,
        rule: { allow, rights: isKey ? rights : rights | (rights === 0x1f01ff ? 0 : 0x100000), sid, flags },
      });
    },
  });
  return type;
};
/** FileSystemAccessRule and RegistryAccessRule. */
export const ruleTypes = [defineRule(false), defineRule(true)] as const;

/** A DirectorySecurity, FileSecurity or RegistrySecurity: own descriptor, and what the object inherits. */
export type SecurityState = {
  security: SecurityDescriptor;
  readonly inherited: readonly AccessRule[];
  readonly isKey: boolean;
  readonly path: string;
};

const sectionsOf = (args: Value[], context: CallContext): { owner: boolean; group: boolean; dacl: boolean } => {
  const bits = args.length > 0 ? number(args[0], sectionsEnum.name, context) : 15;
  return { dacl: (bits & 2) !== 0, owner: (bits & 4) !== 0, group: (bits & 8) !== 0 };
};
const allRules = (state: SecurityState): AccessRule[] =>
  state.security.isProtected ? [...state.security.rules] : [...state.security.rules, ...state.inherited];
const ruleObject = (state: SecurityState, rule: AccessRule): Value =>
  newObject(ruleTypes[state.isKey ? 1 : 0], { rule, isKey: state.isKey });
const nameOrSid = (sid: string, context: CallContext): string =>
  nameOfSid(sid, actorOf(context).machine.accounts) ?? sid;
const ruleOf = (value: Value): AccessRule => {
  const state = stateOf(value, ruleTypes[0]) ?? stateOf(value, ruleTypes[1]);
  if (!state) throw netError('System.ArgumentException', 'The access rule is not the correct type.');
  return state.rule;
};
const isSame = (a: AccessRule, b: AccessRule): boolean =>
  a.sid === b.sid && a.allow === b.allow && a.rights === b.rights && a.flags.join() === b.flags.join();

const emptySecurity: SecurityDescriptor = { owner: 'S-1-5-32-544', group: 'S-1-5-18', isProtected: false, rules: [] };

const defineSecurity = (name: string, isKey: boolean): TypeDefinition<SecurityState> => {
  const type: TypeDefinition<SecurityState> = defineType<SecurityState>({
    name: `System.Security.AccessControl.${name}`,
    bases: [
      'System.Security.AccessControl.NativeObjectSecurity',
      'System.Security.AccessControl.CommonObjectSecurity',
      'System.Security.AccessControl.ObjectSecurity',
    ],
    properties: {
      Path: { get: ({ path }) => path },
      Owner: { type: 'System.String', get: ({ security }, context) => nameOrSid(security.owner, context) },
      Group: { type: 'System.String', get: ({ security }, context) => nameOrSid(security.group, context) },
      Access: { get: (state) => allRules(state).map((rule) => ruleObject(state, rule)) },
      Sddl: { type: 'System.String', get: (state) => formatSddl(state.security, state.inherited) },
      AreAccessRulesProtected: { get: ({ security }) => security.isProtected },
      AreAccessRulesCanonical: { get: () => true },
    },
    methods: {
      GetSecurityDescriptorSddlForm: (state, args, context) =>
        formatParts(state.security, state.inherited, sectionsOf(args, context)),
      SetSecurityDescriptorSddlForm: (state, args, context) => {
        try {
          state.security = parseSddl(context.text(args[0]), state.security);
        } catch (error) {
          if (!(error instanceof RangeError)) throw error;
          throw netError('System.ArgumentException', 'The SDDL form of a security descriptor object is invalid.');
        }
        return undefined;
      },
      GetOwner: ({ security }, args, context) =>
        /NTAccount/.test(context.text(args[0]))
          ? newObject(accountType, nameOrSid(security.owner, context))
          : sidObject(security.owner),
      SetOwner: (state, args, context) => {
        const owner = sidOfValue(args[0], context);
        if (owner !== undefined) state.security = { ...state.security, owner };
        return undefined;
      },
      SetAccessRuleProtection: (state, args, context) => {
        const isProtected = context.isTrue(args[0]);
        const kept =
          context.isTrue(args[1]) && isProtected && !state.security.isProtected
            ? state.inherited.map((rule) => ({ ...rule, flags: rule.flags.filter((flag) => flag !== 'ID') }))
            : [];
        state.security = { ...state.security, isProtected, rules: [...state.security.rules, ...kept] };
        return undefined;
      },
      AddAccessRule: (state, args) => {
        const rule = ruleOf(args[0]);
        if (!state.security.rules.some((other) => isSame(other, rule)))
          state.security = {
            ...state.security,
            rules: rule.allow ? [...state.security.rules, rule] : [rule, ...state.security.rules],
          };
        return undefined;
      },
      SetAccessRule: (state, args) => {
        const rule = ruleOf(args[0]);
        state.security = {
          ...state.security,
          rules: [
            ...state.security.rules.filter((other) => other.sid !== rule.sid || other.allow !== rule.allow),
            rule,
          ],
        };
        return undefined;
      },
      RemoveAccessRule: (state, args) => {
        const rule = ruleOf(args[0]);
        const rules = state.security.rules.filter((other) => !isSame(other, rule));
        const isFound = rules.length < state.security.rules.length;
        state.security = { ...state.security, rules };
        return isFound;
      },
      GetAccessRules: (state, args, context) => {
        const [own, inherited] = [context.isTrue(args[0]), context.isTrue(args[1])];
        return allRules(state)
          .filter((rule) => (rule.flags.includes('ID') ? inherited : own))
          .map((rule) => ruleObject(state, rule));
      },
    },
    construct: () => newObject(type, { security: emptySecurity, inherited: [], isKey, path: '' }),
  });
  return type;
};

/** DirectorySecurity, FileSecurity, RegistrySecurity. */
export const securityTypes = {
  folder: defineSecurity('DirectorySecurity', false),
  file: defineSecurity('FileSecurity', false),
  key: defineSecurity('RegistrySecurity', true),
} as const;

/** The state of any security object; `undefined` for other values. */
export const securityOf = (value: Value): SecurityState | undefined =>
  stateOf(value, securityTypes.folder) ?? stateOf(value, securityTypes.file) ?? stateOf(value, securityTypes.key);

/** A security object of an item. */
export const securityObject = (kind: keyof typeof securityTypes, state: SecurityState): Instance<SecurityState> =>
  newObject(securityTypes[kind], state);
