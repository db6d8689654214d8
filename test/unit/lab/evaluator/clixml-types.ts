import { defineType } from '../../../../src/lab/evaluator/define.ts';
import type { CallContext, Extension } from '../../../../src/lab/evaluator/host.ts';
import { newObject } from '../../../../src/lab/evaluator/make.ts';
import type { TypeDefinition } from '../../../../src/lab/evaluator/type-definition.ts';
import type { Value } from '../../../../src/lab/evaluator/value.ts';
import type { SecureText } from '../../../../src/remote/protocol/clixml/secure-text.ts';
import { runScript } from './run-script.ts';

/** A live type with a property that is live itself, one that is a list of such, and one that fails. */
const nodeType = defineType<{ name: string; next: Value; all: Value[] }>({
  name: 'Lab.Node',
  bases: ['Lab.Base', 'System.IDisposable'],
  properties: {
    Name: { get: ({ name }) => name },
    Next: { get: ({ next }) => next },
    All: { get: ({ all }) => all },
    Alias: { get: () => null, aliasOf: 'Name' },
    Secret: { get: () => 'hidden', hidden: true },
  },
  toText: ({ name }) => `node ${name}`,
});
/** A node with the one behind it and more of them. */
export const node = (name: string, next: Value = null, all: Value[] = []): Value =>
  newObject(nodeType, { name, next, all });

const secureStringType = defineType<{ text: SecureText }>({ name: 'System.Security.SecureString' });
type Credential = { user: Value; password: Value };

const credentialType: TypeDefinition<Credential> = defineType<Credential>({
  name: 'System.Management.Automation.PSCredential',
  properties: { UserName: { get: ({ user }) => user }, Password: { get: ({ password }) => password } },
  construct: (_context, [user, password]) => newObject(credentialType, { user, password }),
});
/** The types of these tests. */
export const types: Extension = {
  types: [nodeType, secureStringType, credentialType] as NonNullable<Extension['types']>,
};
/** What fromClixml gets from the host. */
export const options = { secureString: (text: SecureText): Value => newObject(secureStringType, { text }) };

/** A context of a runspace that knows these types. */
export const contextOf = async (): Promise<CallContext> => (await runScript('1', [types])).context;
