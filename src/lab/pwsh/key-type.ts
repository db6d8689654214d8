import { constants, generateKeyPairSync, type KeyObject, privateDecrypt } from 'node:crypto';
import { defineType, netError } from '../evaluator/define.ts';
import { readArguments } from '../evaluator/dotnet/arguments.ts';
import { newObject } from '../evaluator/make.ts';
import type { TypeDefinition } from '../evaluator/type-definition.ts';

type KeyPair = { readonly publicKey: KeyObject; readonly privateKey: KeyObject };

const parametersType = defineType<KeyObject>({
  name: 'System.Security.Cryptography.RSAParameters',
  properties: {
    Modulus: { get: (key) => part(key, 'n') },
    Exponent: { get: (key) => part(key, 'e') },
  },
});

const part = (key: KeyObject, name: 'n' | 'e'): Uint8Array =>
  new Uint8Array(Buffer.from(key.export({ format: 'jwk' })[name] ?? '', 'base64url'));

/** RSACryptoServiceProvider: what opens a key that was sent to it. */
const rsaType: TypeDefinition<KeyPair> = defineType<KeyPair>({
  name: 'System.Security.Cryptography.RSACryptoServiceProvider',
  bases: ['System.Security.Cryptography.RSA', 'System.IDisposable'],
  methods: {
    ExportParameters: ({ publicKey }, [withPrivate], context) =>
      context.isTrue(withPrivate)
        ? context.unsupported('RSA.ExportParameters of a private key')
        : newObject(parametersType, publicKey),
    Decrypt: ({ privateKey }, args, context) => {
      const given = readArguments(args, context);
      const padding = given.flag(1) ? constants.RSA_PKCS1_OAEP_PADDING : constants.RSA_PKCS1_PADDING;
      try {
        return new Uint8Array(privateDecrypt({ key: privateKey, padding, oaepHash: 'sha1' }, given.bytes(0)));
      } catch {
        throw netError('System.Security.Cryptography.CryptographicException', 'The parameter is incorrect.\r\n');
      }
    },
    Dispose: () => undefined,
  },
  construct: (context, args) =>
    newObject(
      rsaType,
      generateKeyPairSync('rsa', { modulusLength: args.length > 0 ? readArguments(args, context).integer(0) : 1024 }),
    ),
});

/** RSA, as far as it is used for secrets. */
export const keyTypes: readonly TypeDefinition[] = [rsaType as TypeDefinition, parametersType as TypeDefinition];
