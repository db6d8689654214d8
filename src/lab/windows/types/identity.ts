import { defineEnum, defineType, netError } from '../../evaluator/define.ts';
import type { CallContext } from '../../evaluator/host.ts';
import { newObject, stateOf } from '../../evaluator/make.ts';
import type { TypeDefinition } from '../../evaluator/type-definition.ts';
import type { Value } from '../../evaluator/value.ts';
import { type Account, isElevated, nameOfSid, parseSddlSid, sidOfName, sids } from '../accounts.ts';
import { actorOf } from '../runtime/process-hooks.ts';

/** System.Security.Principal.WindowsBuiltInRole. */
export const builtInRoleEnum = defineEnum('System.Security.Principal.WindowsBuiltInRole', {
  Administrator: 544,
  User: 545,
  Guest: 546,
  PowerUser: 547,
});

/** System.Security.Principal.SecurityIdentifier. */
export const sidType: TypeDefinition<string> = defineType<string>({
  name: 'System.Security.Principal.SecurityIdentifier',
  bases: ['System.Security.Principal.IdentityReference'],
  properties: {
    Value: { type: 'System.String', get: (sid) => sid },
    AccountDomainSid: {
      get: (sid) => (sid.startsWith('S-1-5-21-') ? sidObject(sid.slice(0, sid.lastIndexOf('-'))) : null),
    },
    BinaryLength: { get: (sid) => 8 + 4 * (sid.split('-').length - 3) },
  },
  methods: {
    Translate: (sid, args, context) => {
      const wanted = context.text(args[0]);
      if (/SecurityIdentifier/.test(wanted)) return sidObject(sid);
      const name = nameOfSid(sid, actorOf(context).machine.accounts);
      if (name === undefined) {
        throw netError(
          'System.Security.Principal.IdentityNotMappedException',
          'Some or all identity references could not be translated.',
        );
      }
      return newObject(accountType, name);
    },
    IsWellKnown: (sid, args, context) => {
      const kinds: Readonly<Record<string, string>> = {
        LocalSystemSid: 'S-1-5-18',
        BuiltinAdministratorsSid: 'S-1-5-32-544',
        BuiltinUsersSid: 'S-1-5-32-545',
        WorldSid: 'S-1-1-0',
      };
      return kinds[context.text(args[0])] === sid;
    },
  },
  toText: (sid) => sid,
  keyText: (sid) => sid,
  construct: (context, args) => {
    const text = context.text(args[0]);
    const wellKnown: Readonly<Record<string, string>> = {
      LocalSystemSid: sids.system,
      BuiltinAdministratorsSid: sids.administrators,
      BuiltinUsersSid: sids.users,
      WorldSid: 'S-1-1-0',
      LocalServiceSid: 'S-1-5-19',
      NetworkServiceSid: 'S-1-5-20',
    };
    const sid = wellKnown[text] ?? parseSddlSid(text);
    if (sid === undefined) throw netError('System.ArgumentException', 'Value was invalid.\r\nParameter name: sddlForm');
    return newObject(sidType, sid);
  },
  convertFrom: (value, context) => {
    const sid = typeof value === 'string' ? parseSddlSid(value) : undefined;
    void context;
    return sid === undefined ? undefined : newObject(sidType, sid);
  },
});

/** System.Security.Principal.NTAccount. */
export const accountType: TypeDefinition<string> = defineType<string>({
  name: 'System.Security.Principal.NTAccount',
  bases: ['System.Security.Principal.IdentityReference'],
  properties: { Value: { type: 'System.String', get: (name) => name } },
  methods: {
    Translate: (name, args, context) => {
      if (/NTAccount/.test(context.text(args[0]))) return newObject(accountType, name);
      const sid = sidOfName(name, actorOf(context).machine.accounts);
      if (sid === undefined) {
        throw netError(
          'System.Security.Principal.IdentityNotMappedException',
          'Some or all identity references could not be translated.',
        );
      }
      return sidObject(sid);
    },
  },
  toText: (name) => name,
  keyText: (name) => name.toLowerCase(),
  construct: (context, args) =>
    newObject(
      accountType,
      args.length > 1 ? `${context.text(args[0])}\\${context.text(args[1])}` : context.text(args[0]),
    ),
  convertFrom: (value) => (typeof value === 'string' ? newObject(accountType, value) : undefined),
});

/** A SecurityIdentifier object. */
export const sidObject = (sid: string): Value => newObject(sidType, sid);

/** SID of a SecurityIdentifier, an NTAccount or a text; `undefined` when nobody has it. */
export const sidOfValue = (value: Value, context: CallContext): string | undefined => {
  const text = stateOf(value, sidType) ?? stateOf(value, accountType) ?? context.text(value);
  return parseSddlSid(text) ?? sidOfName(text, actorOf(context).machine.accounts);
};

/** Label of a token: system, high for administrators, medium for everybody else. */
const integrityOf = (account: Account): string =>
  account.sid === sids.system ? 'S-1-16-16384' : isElevated(account) ? 'S-1-16-12288' : 'S-1-16-8192';

const identityType: TypeDefinition<Account> = defineType<Account>({
  name: 'System.Security.Principal.WindowsIdentity',
  bases: ['System.Security.Claims.ClaimsIdentity', 'System.IDisposable'],
  properties: {
    Name: { type: 'System.String', get: (account) => account.name },
    User: { get: (account) => sidObject(account.sid) },
    Owner: {
      get: ({ sid, groups }) => sidObject(groups.includes(sids.administrators) ? sids.administrators : sid),
    },
    Groups: { get: (account) => ['S-1-1-0', ...account.groups, integrityOf(account)].map(sidObject) },
    AuthenticationType: { get: (account) => (account.logon === 'network' ? 'NTLM' : 'Negotiate') },
    IsAuthenticated: { get: () => true },
    IsSystem: { get: (account) => account.sid === sids.system },
    IsGuest: { get: () => false },
    IsAnonymous: { get: () => false },
    ImpersonationLevel: { get: () => 'None' },
  },
  methods: { Dispose: () => undefined },
  statics: { methods: { GetCurrent: (_args, context) => newObject(identityType, actorOf(context).process.account) } },
});

const principalType: TypeDefinition<Account> = defineType<Account>({
  name: 'System.Security.Principal.WindowsPrincipal',
  bases: ['System.Security.Claims.ClaimsPrincipal', 'System.Security.Principal.IPrincipal'],
  properties: { Identity: { get: (account) => newObject(identityType, account) } },
  methods: {
    IsInRole: (account, args, context) => {
      const [role] = args;
      const text = context.text(role);
      const byRole = { Administrator: sids.administrators, User: sids.users }[text];
      const sid = byRole ?? (typeof role === 'number' ? `S-1-5-32-${role}` : sidOfValue(role, context));
      return sid !== undefined && (account.sid === sid || account.groups.includes(sid) || sid === 'S-1-1-0');
    },
  },
  construct: (context, args) =>
    newObject(principalType, stateOf(args[0], identityType) ?? actorOf(context).process.account),
  convertFrom: (value) => {
    const account = stateOf(value, identityType);
    return account ? newObject(principalType, account) : undefined;
  },
});

/** Identities and principals. */
export const identityTypes = [sidType, accountType, identityType, principalType];
