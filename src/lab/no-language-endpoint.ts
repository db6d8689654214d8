import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Failure } from '../kernel/failure.ts';
import { type Data, type DataTable, readPowerShellData } from '../powershell/read-data.ts';
import { SyntaxFault } from '../powershell/source.ts';

/** A no-language endpoint of a simulated host: a session configuration with the module that its role brings along. */
export type NoLanguageEndpoint = {
  /** Name of the session configuration. */
  readonly name: string;
  /** Groups or accounts, by name or SID, that may open a session; each has the same commands. */
  readonly roles: readonly string[];
  /** Functions that the role shows. */
  readonly functions: readonly string[];
  /** Modules that a session imports at its start. */
  readonly modules: readonly { readonly file: string; readonly text: string }[];
};

/** SID of the local administrators. */
const administrators = 'S-1-5-32-544';

/** An endpoint that allows nothing but what each restricted session has. */
export const bareEndpoint = (name: string): NoLanguageEndpoint => ({
  name,
  roles: [administrators],
  functions: [],
  modules: [],
});

/**
 * Reads a folder that `kintsugi jea export` wrote: the session configuration, the role capability, the module.
 * @throws Failure `bad-input` where the folder holds no such configuration, or one of another kind
 */
export function readNoLanguageEndpoint(name: string, folder: string): NoLanguageEndpoint {
  const file = existsSync(folder) ? readdirSync(folder).find((each) => each.endsWith('.pssc')) : undefined;
  if (file === undefined)
    throw new Failure(
      'bad-input',
      `${folder}: expected a folder that \`kintsugi jea export\` wrote, found no .pssc in it`,
    );
  const session = readData(join(folder, file));
  if (session['SessionType'] !== 'RestrictedRemoteServer' || session['LanguageMode'] !== 'NoLanguage')
    throw new Failure(
      'bad-input',
      `${join(folder, file)}: expected SessionType RestrictedRemoteServer and LanguageMode NoLanguage`,
    );
  const definitions = tableOf(session['RoleDefinitions']);
  const capabilities = new Set(
    Object.values(definitions).flatMap((role) => textsOf(tableOf(role)['RoleCapabilities'])),
  );
  const roles = [...capabilities].map((role) => readRole(folder, role));
  const modules = new Set(roles.flatMap((role) => textsOf(role['ModulesToImport'])));
  return {
    name,
    roles: Object.keys(definitions),
    functions: roles.flatMap((role) => textsOf(role['VisibleFunctions'])),
    modules: [...modules].map((module) => readModule(folder, module)),
  };
}

/** A role capability is found by its name in the folder RoleCapabilities of any module. */
function readRole(folder: string, role: string): DataTable {
  const file = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(folder, name, 'RoleCapabilities', `${role}.psrc`))
    .find(existsSync);
  if (file === undefined) throw new Failure('bad-input', `${folder}: no module has the role capability ${role}`);
  return readData(file);
}

function readModule(folder: string, module: string): { readonly file: string; readonly text: string } {
  const root = readData(join(folder, module, `${module}.psd1`))['RootModule'];
  const name = typeof root === 'string' ? root : `${module}.psm1`;
  const text = readFileSync(join(folder, module, basename(name)), 'utf8').replace(/^\uFEFF/, '');
  return { file: `C:\\Program Files\\WindowsPowerShell\\Modules\\${module}\\${name}`, text };
}

function readData(file: string): DataTable {
  try {
    return readPowerShellData(readFileSync(file, 'utf8'), file);
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof SyntaxFault)) throw error;
    throw new Failure('bad-input', error.message, { cause: error });
  }
}

const tableOf = (value: Data | undefined): DataTable =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as DataTable) : {};
const textsOf = (value: Data | undefined): readonly string[] =>
  [value].flat().filter((each): each is string => typeof each === 'string');
