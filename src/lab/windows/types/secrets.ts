import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { SecureText } from '../../../remote/protocol/clixml/secure-text.ts';
import { defineEnum, defineType, netError } from '../../evaluator/define.ts';
import type { CallContext } from '../../evaluator/host.ts';
import { customObject, newObject, stateOf } from '../../evaluator/make.ts';
import type { StaticMethod, TypeDefinition } from '../../evaluator/type-definition.ts';
import type { Value } from '../../evaluator/value.ts';
import { command } from '../cmdlets/command-syntax.ts';
import { actorOf } from '../runtime/process-hooks.ts';

/** System.Security.SecureString: the clear text stays inside. */
export const secureStringType: TypeDefinition<{ text: SecureText }> = defineType<{ text: SecureText }>({
  name: 'System.Security.SecureString',
  aliases: ['securestring'],
  bases: ['System.IDisposable'],
  properties: { Length: { type: 'System.Int32', get: ({ text }) => text.reveal().length } },
  methods: {
    AppendChar: (state, args, context) => {
      state.text = new SecureText(state.text.reveal() + context.text(args[0]));
      return undefined;
    },
    MakeReadOnly: () => undefined,
    IsReadOnly: () => false,
    Copy: ({ text }) => secureString(text),
    Dispose: () => undefined,
  },
  toText: () => 'System.Security.SecureString',
  construct: () => secureString(new SecureText('')),
});

/** A SecureString of a clear text. */
export const secureString = (text: SecureText): Value => newObject(secureStringType, { text });

/** The clear text of a SecureString; empty for anything else. */
export const reveal = (value: Value): string => stateOf(value, secureStringType)?.text.reveal() ?? '';

type Credential = { readonly user: string; readonly domain: string; readonly password: Value };

const networkCredentialType: TypeDefinition<Credential> = defineType<Credential>({
  name: 'System.Net.NetworkCredential',
  properties: {
    UserName: { get: ({ user }) => user },
    Domain: { get: ({ domain }) => domain },
    Password: { get: ({ password }) => reveal(password) },
    SecurePassword: { get: ({ password }) => password },
  },
  construct: (context, args) => {
    const password = stateOf(args[1], secureStringType)
      ? (args[1] ?? null)
      : secureString(new SecureText(args[1] === null || args[1] === undefined ? '' : context.text(args[1])));
    return newObject(networkCredentialType, {
      user: args.length > 0 ? context.text(args[0]) : '',
      domain: args.length > 2 ? context.text(args[2]) : '',
      password,
    });
  },
});

/** System.Management.Automation.PSCredential. */
export const credentialType: TypeDefinition<{ readonly user: string; readonly password: Value }> = defineType({
  name: 'System.Management.Automation.PSCredential',
  aliases: ['pscredential'],
  properties: { UserName: { get: ({ user }) => user }, Password: { get: ({ password }) => password } },
  methods: {
    GetNetworkCredential: ({ user, password }) => {
      const cut = user.indexOf('\\');
      return newObject(networkCredentialType, {
        user: user.slice(cut + 1),
        domain: cut < 0 ? '' : user.slice(0, cut),
        password,
      });
    },
  },
  construct: (context, args) => credential(context.text(args[0]), args[1] ?? null),
});

/** A PSCredential of a name and a SecureString. */
export const credential = (user: string, password: Value): Value => newObject(credentialType, { user, password });

/** System.Security.Cryptography.DataProtectionScope. */
export const protectionScopeEnum = defineEnum('System.Security.Cryptography.DataProtectionScope', {
  CurrentUser: 0,
  LocalMachine: 1,
});

const keyFor = (context: CallContext, scope: Value, entropy: Value): Buffer => {
  const { machine, process } = actorOf(context);
  const isMachine = context.text(context.convert(scope, protectionScopeEnum.name)) === 'LocalMachine';
  const hash = createHash('sha256').update(
    `data protection ${machine.machineId} ${isMachine ? '' : process.account.sid}`,
  );
  if (entropy instanceof Uint8Array) hash.update(entropy);
  return hash.digest();
};
const bytesOf = (value: Value, context: CallContext): Uint8Array => {
  const converted = value instanceof Uint8Array ? value : context.convert(value, 'byte[]');
  return converted instanceof Uint8Array ? converted : new Uint8Array();
};
// The header that DPAPI blobs begin with: version 1 and the GUID of the provider.
const blobHeader = Buffer.from('01000000d08c9ddf0115d1118c7a00c04fc297eb', 'hex');

const protect: StaticMethod = (args, context) => {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', keyFor(context, args[2], args[1]), nonce);
  const sealed = Buffer.concat([cipher.update(bytesOf(args[0], context)), cipher.final()]);
  return new Uint8Array(Buffer.concat([blobHeader, nonce, cipher.getAuthTag(), sealed]));
};
const unprotect: StaticMethod = (args, context) => {
  const blob = Buffer.from(bytesOf(args[0], context)).subarray(blobHeader.length);
  try {
    const decipher = createDecipheriv('aes-256-gcm', keyFor(context, args[2], args[1]), blob.subarray(0, 12));
    decipher.setAuthTag(blob.subarray(12, 28));
    return new Uint8Array(Buffer.concat([decipher.update(blob.subarray(28)), decipher.final()]));
  } catch {
    throw netError(
      'System.Security.Cryptography.CryptographicException',
      'Key not valid for use in specified state.\r\n',
      { hresult: 0x8009000b },
    );
  }
};

const protectedDataType = defineType({
  name: 'System.Security.Cryptography.ProtectedData',
  statics: { methods: { Protect: protect, Unprotect: unprotect } },
});

const marshalType = defineType({
  name: 'System.Runtime.InteropServices.Marshal',
  statics: {
    methods: {
      SecureStringToBSTR: (args) => customObject({ Secret: args[0] ?? null }),
      SecureStringToGlobalAllocUnicode: (args) => customObject({ Secret: args[0] ?? null }),
      PtrToStringBSTR: (args, context) => reveal(context.property(args[0], 'Secret')),
      PtrToStringAuto: (args, context) => reveal(context.property(args[0], 'Secret')),
      PtrToStringUni: (args, context) => reveal(context.property(args[0], 'Secret')),
      ZeroFreeBSTR: () => undefined,
      ZeroFreeGlobalAllocUnicode: () => undefined,
    },
  },
});

const assemblyType: TypeDefinition<{ readonly name: string }> = defineType<{ readonly name: string }>({
  name: 'System.Reflection.Assembly',
  properties: { FullName: { get: ({ name }) => name } },
  statics: {
    methods: {
      // Every simulated type is there from the start.
      Load: (args, context) => newObject(assemblyType, { name: context.text(args[0]) }),
      LoadWithPartialName: (args, context) => newObject(assemblyType, { name: context.text(args[0]) }),
    },
  },
});

/** A text of ConvertFrom-SecureString -Key: after the head, version, vector and AES-CBC of UTF-16LE in hexadecimal. */
const openSealed = (sealed: string, key: Uint8Array): SecureText => {
  const [, vector = '', text = ''] = Buffer.from(sealed.slice(sealedHead.length), 'base64')
    .toString('utf16le')
    .split('|');
  try {
    const cipher = createDecipheriv(`aes-${key.length * 8}-cbc`, key, Buffer.from(vector, 'base64'));
    return new SecureText(Buffer.concat([cipher.update(text, 'hex'), cipher.final()]).toString('utf16le'));
  } catch {
    throw netError('System.Security.Cryptography.CryptographicException', 'Padding is invalid and cannot be removed.');
  }
};
const sealedHead = '76492d1116743f0423413b16050a5345';

const convertTo = command('ConvertTo-SecureString', {
  className: 'Microsoft.PowerShell.Commands.ConvertToSecureStringCommand',
  sets: ['Secure', 'PlainText', 'Open'],
  allowEmpty: ['String'],
  simulated: ['String', 'AsPlainText', 'Force', 'Key'],
  outsideCall: (given) =>
    given.flag('AsPlainText') || given.has('Key') ? undefined : 'ConvertTo-SecureString of an encrypted text',
  process: (context, bound) => {
    const text = bound.text('String') ?? '';
    const key = bound.get('Key');
    if (key instanceof Uint8Array) return context.write(secureString(openSealed(text, key)));
    context.write(secureString(new SecureText(text)));
  },
});

const addType = command('Add-Type', {
  className: 'Microsoft.PowerShell.Commands.AddTypeCommand',
  simulated: ['AssemblyName'],
  process: () => undefined,
});

/** SecureString, credentials, DPAPI. */
export const secretTypes = [
  secureStringType,
  networkCredentialType,
  credentialType,
  protectedDataType,
  marshalType,
  assemblyType,
];
/** ConvertTo-SecureString, and Add-Type for assemblies that are there anyway. */
export const secretCmdlets = [convertTo, addType];
