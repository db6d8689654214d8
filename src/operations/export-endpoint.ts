import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Action } from '../input/action/action.ts';
import { openActionLibrary } from '../input/action/action-library.ts';
import { type InputFault, optionFault, valueOr } from '../input/document/fault.ts';
import { badInput } from '../input/document/report-faults.ts';
import { findPlaybook, type PlaybookPlaces } from '../input/playbook/find-playbook.ts';
import { readPlaybook } from '../input/playbook/read-playbook.ts';
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
  for (const name of request.playbooks) {
    const file = valueOr(findPlaybook(name, places), faults);
    const loaded = file && valueOr(readPlaybook(file, library), faults);
    if (loaded === null) continue;
    playbooks.push(loaded.playbook.id);
    for (const [id, action] of loaded.actions) actions.set(id, action);
  }
  for (const action of actions.values()) faults.push(...scriptFaults(action));
  if (faults.length > 0) throw badInput(faults);
  const { name, group } = request;
  const { files, content } = makeJeaEndpoint(
    {
      name,
      group,
      transcripts,
      version: /^\d+\.\d+\.\d+/.exec(places.version)?.[0] ?? '0.0.0',
      kit: places.kit,
      actions: Array.from(actions.values(), ({ id, parameters, scripts }) => ({
        id,
        parameters: Object.keys(parameters),
        scripts,
      })),
    },
    places.templates,
  );
  return { name, group, playbooks, actions: [...actions.keys()].toSorted(), content, files };
}

/** Writes the files of an endpoint into a folder, over those of an earlier one. */
export function writeEndpoint(folder: string, { files }: ExportedEndpoint): void {
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
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
