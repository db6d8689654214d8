import { createHash, type Hash, randomBytes } from 'node:crypto';
import { defineType } from '../define.ts';
import { newObject } from '../make.ts';
import type { TypeDefinition } from '../type-definition.ts';
import { readArguments } from './arguments.ts';

type HashState = { last: Uint8Array; running?: Hash | undefined };

/** A hash algorithm with the abstract type, its managed name and the provider's name, all making the same object. */
function hashTypes(name: string, algorithm: string, others: readonly string[]): TypeDefinition<HashState>[] {
  const compute = (state: HashState, bytes: Uint8Array): Uint8Array => {
    state.last = new Uint8Array(createHash(algorithm).update(bytes).digest());
    return state.last;
  };
  /** Takes bytes (array, offset, count) into a hash that is made piece by piece. */
  const add = (state: HashState, given: ReturnType<typeof readArguments>): Uint8Array => {
    const part = given.bytes(0).slice(given.integer(1), given.integer(1) + given.integer(2));
    state.running ??= createHash(algorithm);
    state.running.update(part);
    return part;
  };
  const base = `System.Security.Cryptography.${name}`;
  const make = (full: string): TypeDefinition<HashState> => {
    const type: TypeDefinition<HashState> = defineType<HashState>({
      name: full,
      bases: [...(full === base ? [] : [base]), 'System.Security.Cryptography.HashAlgorithm', 'System.IDisposable'],
      properties: { Hash: { get: (state) => state.last } },
      methods: {
        ComputeHash: (state, args, context) => {
          const given = readArguments(args, context);
          const value = given.value(0);
          if (typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'instance')
            return context.unsupported(`${name}.ComputeHash of a stream`);
          const bytes = given.bytes(0);
          return compute(
            state,
            given.count > 2 ? bytes.subarray(given.integer(1), given.integer(1) + given.integer(2)) : bytes,
          );
        },
        TransformBlock: (state, args, context) => add(state, readArguments(args, context)).length,
        TransformFinalBlock: (state, args, context) => {
          const part = add(state, readArguments(args, context));
          state.last = new Uint8Array(state.running?.digest() ?? []);
          state.running = undefined;
          return part;
        },
        Dispose: () => undefined,
        Clear: () => undefined,
      },
      construct: () => newObject(type, { last: new Uint8Array() }),
      statics: {
        methods: {
          Create: () => newObject(type, { last: new Uint8Array() }),
          HashData: (args, context) => compute({ last: new Uint8Array() }, readArguments(args, context).bytes(0)),
        },
      },
    });
    return type;
  };
  return [base, ...others.map((other) => `System.Security.Cryptography.${other}`)].map(make);
}

const randomType: TypeDefinition<null> = defineType<null>({
  name: 'System.Security.Cryptography.RandomNumberGenerator',
  bases: ['System.IDisposable'],
  methods: {
    GetBytes: (_state, args, context) => {
      const bytes = readArguments(args, context).bytes(0);
      bytes.set(randomBytes(bytes.length));
      return undefined;
    },
    Dispose: () => undefined,
  },
  statics: { methods: { Create: () => newObject(randomType, null) } },
});

/** Hash algorithms and the random number generator of System.Security.Cryptography. */
export const cryptographyTypes: readonly TypeDefinition<never>[] = [
  ...hashTypes('SHA256', 'sha256', ['SHA256Managed', 'SHA256CryptoServiceProvider']),
  ...hashTypes('SHA1', 'sha1', ['SHA1Managed', 'SHA1CryptoServiceProvider']),
  ...hashTypes('SHA384', 'sha384', ['SHA384Managed']),
  ...hashTypes('SHA512', 'sha512', ['SHA512Managed']),
  ...hashTypes('MD5', 'md5', ['MD5CryptoServiceProvider']),
  randomType,
];
