import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Action } from '../input/action/action.ts';
import { openActionLibrary } from '../input/action/action-library.ts';
import { type InputFault, optionFault, valueOr } from '../input/document/fault.ts';
import { badInput } from '../input/document/report-faults.ts';
import { findPlaybook, type PlaybookPlaces } from '../input/playbook/find-playbook.ts';
import type { ActionUse } from '../input/playbook/playbook.ts';
import { readPlaybook } from '../input/playbook/read-playbook.ts';
import { Failure } from '../kernel/failure.ts';
import { declaredText, settledText } from '../planning/declared-text.ts';
import { matchesWhole, unknownToDotnet } from '../planning/dotnet-pattern.ts';
import { planAction } from '../planning/plan-action.ts';
import { scriptHashes } from '../planning/script-hashes.ts';
import { parseScript } from '../powershell/parse-script.ts';
import { SyntaxFault } from '../powershell/source.ts';
import { type JeaTemplates, makeJeaEndpoint } from '../remote/powershell/jea-endpoint.ts';

/** What a person hands over for an endpoint, as typed. */
export type EndpointRequest = {
  readonly playbooks: readonly string[];
  /** Name of the module and of the session configuration. */
  readonly name: string;
  /** Who may connect: a group or an account by name or SID. */
  readonly group: string;
};

/** An endpoint that is ready to be written. */
export type ExportedEndpoint = {
  readonly name: string;
  readonly group: string;
  /** Ids of the playbooks that can be run through it. */
  readonly playbooks: readonly string[];
  /** Ids of the actions that it allows. */
  readonly actions: readonly string[];
  /** SHA-256 (hex) over the host kit and all scripts. */
  readonly content: string;
  /** Files by their path below the folder. */
  readonly files: ReadonlyMap<string, string>;
};

/** Where the inputs are looked for and what else an endpoint is made of. */
export type EndpointPlaces = PlaybookPlaces & {
  /** The host kit's text. */
  readonly kit: string;
  readonly templates: JeaTemplates;
  /** Version of the product. */
  readonly version: string;
};

/** Folder on the hosts into which Windows writes what was called. */
const transcripts = 'C:\\ProgramData\\Kintsugi-Transcripts';

/**
 * Makes the endpoint that a no-language host must have for playbooks: exactly their actions, and the host kit. The same inputs give the
 * same files.
 * @throws Failure `bad-input` with every fault that was found
 */
export function makeEndpoint(request: EndpointRequest, places: EndpointPlaces): ExportedEndpoint {
  const faults = [...optionFaults(request)];
  const library = openActionLibrary(places);
  const playbooks: string[] = [];
  const actions = new Map<string, Action>();
  const uses: ActionUse[] = [];
  for (const name of request.playbooks) {
    const file = valueOr(findPlaybook(name, places), faults);
    const loaded = file && valueOr(readPlaybook(file, library), faults);
    if (loaded === null) continue;
    playbooks.push(loaded.playbook.id);
    const { goal, preflight, stages } = loaded.playbook;
    uses.push(...goal, ...preflight, ...stages.flatMap(({ steps }) => steps));
    for (const [id, action] of loaded.actions) actions.set(id, action);
  }
  for (const action of actions.values())
    faults.push(...scriptFaults(action), ...patternFaults(action), ...touchFaults(action));
  if (faults.length > 0) throw badInput(faults);
  const { name, group } = request;
  const { files, content } = makeJeaEndpoint(
    {
      name,
      group,
      transcripts,
      version: /^\d+\.\d+\.\d+/.exec(places.version)?.[0] ?? '0.0.0',
      kit: places.kit,
      actions: Array.from(actions.values(), (action) => ({
        id: action.id,
        declared: declaredText(action),
        settled: settledText(action, uses),
        scripts: action.scripts,
      })),
    },
    places.templates,
  );
  return { name, group, playbooks, actions: [...actions.keys()].toSorted(), content, files };
}

/** Hashes of scripts and declarations of actions, as a module exported here would tell them; nothing of an action that is not here or not valid. */
export function exportedHashes(ids: readonly string[], places: PlaybookPlaces): ReadonlyMap<string, string> {
  const library = openActionLibrary(places);
  const read = ids.flatMap((id) => {
    const action = library.get(id);
    return action.ok ? [[id, planAction(action.value, new Map())] as const] : [];
  });
  return scriptHashes({ actions: Object.fromEntries(read) });
}

/**
 * Writes the files of an endpoint into a folder, over those of an earlier one.
 * @throws Failure `bad-input` where the folder cannot be made or written to
 */
export function writeEndpoint(folder: string, { files }: ExportedEndpoint): void {
  try {
    for (const [path, text] of files) {
      makeFolder(dirname(join(folder, path)));
      writeFileSync(join(folder, path), text);
    }
  } catch (error) {
    const { code = '', path = folder } = error as NodeJS.ErrnoException;
    throw new Failure(
      'bad-input',
      `--out ${folder}: expected a folder that this account may make or write to, but ${place(path, code)}. Name another folder.`,
      { cause: error },
    );
  }
}

/** Not `recursive`: in a file system without new folders (/proc) Node tries that for ever. */
function makeFolder(folder: string): void {
  if (existsSync(folder) || folder === dirname(folder)) return;
  makeFolder(dirname(folder));
  mkdirSync(folder);
}

function place(path: string, code: string): string {
  switch (code) {
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return `${path} is not allowed to be written (${code})`;
    case 'EEXIST':
    case 'ENOTDIR':
      return `a part of ${path} is a file (${code})`;
    case 'EISDIR':
      return `${path} is a folder where a file is to stand (${code})`;
    case 'ENOENT':
      return `${path} cannot be made there (${code})`;
    case 'ENOSPC':
      return `no room is left for ${path} (${code})`;
    default:
      return `${path} could not be written (${code})`;
  }
}

function optionFaults({ name, group }: EndpointRequest): readonly InputFault[] {
  const faults: InputFault[] = [];
  if (!/^[A-Za-z][A-Za-z0-9_.-]{0,62}$/.test(name) || name.endsWith('.'))
    faults.push(
      optionFault('--name', `\`${name}\` is no name of a module`, {
        expected: 'a letter, then letters, digits, `.`, `_`, `-`',
      }),
    );
  const isSid = group.toUpperCase().startsWith('S-1-');
  if (isSid ? !/^S-1(-\d+){2,15}$/.test(group) : !/^[^\u0000-\u001f"/[\]:;|=,+*?<>]{1,256}$/.test(group))
    faults.push(
      optionFault('--group', `\`${group}\` is neither a name nor a SID`, { expected: '`DOMAIN\\group` or `S-1-5-…`' }),
    );
  return faults;
}

/** A script stands in a function of the module, where some things are not allowed. */
function scriptFaults({ folder, scripts }: Action): readonly InputFault[] {
  return Object.entries(scripts).flatMap(([kind, text]) => {
    const file = join(folder, `${kind}.ps1`);
    try {
      const { body } = parseScript(text, file);
      const using = body.finish?.statements.some((statement) => statement.kind === 'using') === true;
      const requires = /^\s*#requires\s/im.test(text);
      if (!using && !requires) return [];
      const what = using ? '`using`' : '`#Requires`';
      return [optionFault(file, `a script that an endpoint is to hold cannot have ${what}: it becomes a function`)];
    } catch (error) {
      if (!(error instanceof SyntaxFault)) throw error;
      return [optionFault(file, error.message)];
    }
  });
}

/** A host judges texts with .NET, which throws at patterns that it does not know. */
function patternFaults({ folder, parameters }: Action): readonly InputFault[] {
  return Object.entries(parameters).flatMap(([name, { pattern = '', items }]) => {
    const unknown = unknownToDotnet(pattern) ?? unknownToDotnet(items?.pattern ?? '');
    if (unknown === undefined) return [];
    return [
      optionFault(
        join(folder, 'action.yaml'),
        `the pattern of the parameter ${name} has \`${unknown}\`, which Windows does not know`,
        { expected: 'a general category of Unicode by its short name, as `\\p{Lu}`, or the characters themselves' },
      ),
    ];
  });
}

/**
 * A client may have looked at whatever a declaration of touched things lets it name. A parameter that stands for a path, a key or a task must
 * therefore say from its first character to its last what it may be; names of services have no parts and need not.
 */
function touchFaults({ folder, parameters, touches }: Action): readonly InputFault[] {
  return Object.entries(touches).flatMap(([kind, names]) =>
    (Array.isArray(names) && kind !== 'services' ? (names as readonly string[]) : []).flatMap((name) => {
      const declared = name.startsWith('$') ? parameters[name.slice(1)] : undefined;
      const { enum: values, pattern } = (declared?.type === 'array' ? declared.items : declared) ?? {};
      if (!name.startsWith('$') || values !== undefined || (pattern !== undefined && matchesWhole(pattern))) return [];
      return [
        optionFault(
          join(folder, 'action.yaml'),
          `touches.${kind} has \`${name}\`, a parameter that may be any text: through an endpoint anything of the host could be named by it`,
          { expected: 'a parameter (or items) with `enum`, or with a `pattern` from `^` to `$`' },
        ),
      ];
    }),
  );
}
