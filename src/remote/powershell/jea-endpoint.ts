import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { ScriptKind } from '../../kernel/words.ts';

/** The PowerShell files of an exported endpoint, before names and hashes stand in them; `jea.ps1` installs it. */
export type JeaTemplates = {
  readonly [part in
    | 'plain-values.ps1'
    | 'limits.ps1'
    | 'door.ps1'
    | 'manifest.psd1'
    | 'role.psrc'
    | 'session.pssc'
    | 'jea.ps1']: string;
};

/** What an exported endpoint is made of. */
export type JeaEndpointParts = {
  /** Name of the module, of its role capability and of the session configuration. */
  readonly name: string;
  /** Version of the product, `1.2.3`. */
  readonly version: string;
  /** Who may connect: a group or an account by name or SID. */
  readonly group: string;
  /** Folder on the host into which Windows writes what was called. */
  readonly transcripts: string;
  /** The host kit's text. */
  readonly kit: string;
  readonly actions: readonly JeaAction[];
};

/** An action that the endpoint may run. */
export type JeaAction = {
  /** `<area>/<name>`. */
  readonly id: string;
  /** JSON text of what it declares: parameters, touches, lanes, longest duration, whether it is interruptible. The door holds clients to it. */
  readonly declared: string;
  /** JSON text of the parameters that may have no other values than these. */
  readonly settled: string;
  /** Texts of its scripts by kind. */
  readonly scripts: { readonly [kind in ScriptKind]?: string };
};

/** The files of an endpoint by their path below the folder it is exported to, and the hash of what its module holds. */
export type JeaEndpoint = { readonly files: ReadonlyMap<string, string>; readonly content: string };

/** Commands that a client of the endpoint sees. */
export const jeaCommands = {
  module: 'Get-KtModule',
  probe: 'Get-KtProbe',
  open: 'Open-KtSession',
  door: 'Invoke-KtModuleDoor',
} as const;

/** Reads the templates that lie beside this module. */
export async function loadJeaTemplates(): Promise<JeaTemplates> {
  const read = async (file: string): Promise<string> =>
    (await readFile(new URL(`./${file}`, import.meta.url), 'utf8')).replaceAll('\r\n', '\n');
  return {
    'plain-values.ps1': await read('jea/plain-values.ps1'),
    'limits.ps1': await read('jea/limits.ps1'),
    'door.ps1': await read('jea/door.ps1'),
    'manifest.psd1': await read('jea/manifest.psd1'),
    'role.psrc': await read('jea/role.psrc'),
    'session.pssc': await read('jea/session.pssc'),
    'jea.ps1': await read('host-setup/jea.ps1'),
  };
}

/**
 * One hash over the kit and all scripts: SHA-256 (hex) over the lines `kit <hash>` and `<action>/<kind> <hash>` in the order of the
 * names; what an action declares counts as its script `declared`. The module computes the same from the texts that it holds.
 */
export function jeaContentHash(kit: string, scripts: ReadonlyMap<string, string>): string {
  const lines = sortedNames(scripts).map((name) => `${name} ${scripts.get(name) ?? ''}\n`);
  return sha256(`kit ${kit}\n${lines.join('')}`);
}

/** Hash (SHA-256, hex) of what holds clients to their limits: a module tells with which it was exported. */
export function jeaGuardHash(templates: JeaTemplates): string {
  return sha256(guardText(templates));
}

/**
 * Makes the files of an endpoint: the same parts give the same files. The module's texts begin with a byte order mark, without which
 * Windows PowerShell 5.1 takes them for text in the host's code page.
 */
export function makeJeaEndpoint(parts: JeaEndpointParts, templates: JeaTemplates): JeaEndpoint {
  const { name, kit } = parts;
  const actions = parts.actions.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const scripts = new Map(
    actions.flatMap(({ id, scripts: texts }) =>
      Object.entries(texts).map(([kind, text]) => [`${id}/${kind}`, text] as const),
    ),
  );
  const held = [...scripts, ...actions.map(({ id, declared }) => [`${id}/declared`, declared] as const)];
  const hashes = new Map(held.map(([script, text]) => [script, sha256(text)]));
  const content = jeaContentHash(sha256(kit), hashes);
  const values = {
    name: [name],
    version: [parts.version],
    group: [parts.group],
    transcripts: [parts.transcripts],
    content: [content],
    functions: Object.values(jeaCommands),
    actions: actions.map(({ id }) => id),
  };
  const fill = (template: keyof JeaTemplates): string =>
    `\uFEFF${fillIn(templates[template], { ...values, guid: [guidOf(`${template} ${name} ${content}`)] })}`;
  const files = new Map([
    [`${name}/${name}.psd1`, fill('manifest.psd1')],
    [`${name}/${name}.psm1`, `\uFEFF${moduleText(kit, scripts, actions, templates)}`],
    [`${name}/RoleCapabilities/${name}.psrc`, fill('role.psrc')],
    [`${name}.pssc`, fill('session.pssc')],
    ['jea.ps1', `\uFEFF${templates['jea.ps1']}`],
  ]);
  return { files, content };
}

/** Kit and scripts as functions of which only the text counts: it is hashed, and run as it stands; then what clients may do with them. */
function moduleText(
  kit: string,
  scripts: ReadonlyMap<string, string>,
  actions: readonly JeaAction[],
  templates: JeaTemplates,
): string {
  const names = sortedNames(scripts);
  const held = [...names, ...actions.map(({ id }) => `${id}/declared`)].sort();
  return [
    hold('KtKit', kit),
    ...names.map((name) => hold(`KtScript.${name.replaceAll('/', '.')}`, scripts.get(name) ?? '')),
    `$script:KtGuard = ${quote(jeaGuardHash(templates))}`,
    `$script:KtScriptNames = ${list(names)}`,
    `$script:KtHeldNames = ${list(held)}`,
    `$script:KtDeclared = ${table(actions.map(({ id, declared }) => [id, declared]))}`,
    `$script:KtSettled = ${table(actions.map(({ id, settled }) => [id, settled]))}\n`,
    '. KtKit\n',
    guardText(templates),
  ].join('\n');
}

const guardText = (templates: JeaTemplates): string =>
  [templates['plain-values.ps1'], templates['limits.ps1'], templates['door.ps1']].join('\n');

const hold = (name: string, text: string): string => `function ${name} {\n${text}\n}\n`;
const table = (entries: readonly (readonly [name: string, text: string])[]): string =>
  `@{\n${entries.map(([name, text]) => `    ${quote(name)} = ${quote(text)}\n`).join('')}}`;
const list = (names: readonly string[]): string => `@(\n${names.map((name) => `    ${quote(name)}\n`).join('')})`;

/** Puts quoted values in the place of `'<name>'`; a list gives several. */
function fillIn(template: string, values: Readonly<Record<string, readonly string[]>>): string {
  return template.replaceAll(/'<([a-z]+)>(\.psm1)?'|<name>/g, (found, name: string | undefined, ending = '') => {
    if (name === undefined) return values['name']?.[0] ?? found;
    return values[name]?.map((value) => quote(value + ending)).join(', ') ?? found;
  });
}

const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const sortedNames = (scripts: ReadonlyMap<string, string>): readonly string[] => [...scripts.keys()].sort();
const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/** A GUID that is always the same for the same text (RFC 9562 version 8). */
function guidOf(text: string): string {
  const hex = sha256(text);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
