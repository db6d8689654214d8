import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { parseDuration } from '../../kernel/duration.ts';
import { isEnough, levelOfRisk } from '../../kernel/protection-level.ts';
import { closest } from '../../kernel/suggestion.ts';
import type { Lane, LocalText, ScriptKind } from '../../kernel/words.ts';
import { checkDocument } from '../document/check-document.ts';
import { decodeText } from '../document/decode-text.ts';
import { type InputFault, optionFault } from '../document/fault.ts';
import { declarationFaults } from '../document/parameter-check.ts';
import { readBytes, readDocumentFile } from '../document/read-file.ts';
import type { Rest } from '../document/sound-rest.ts';
import type { SourceDocument } from '../document/source-document.ts';
import type { Description, ParameterDeclarations } from '../document/words.generated.ts';
import type { ActionDocument } from './action.generated.ts';
import type { Action, LoadedAction } from './action.ts';

const scriptKinds = ['detect', 'apply', 'verify', 'undo'] as const satisfies readonly ScriptKind[];

/** Largest script, in bytes; it travels to the host as a whole. */
const maxScriptBytes = 262_144;

/** All builds of Windows that the host kit knows. */
const everyTarget = { os: { client: '>=10240', server: '>=14393' } } as const;

/**
 * Reads an action from its folder (`…/<area>/<name>`): action.yaml and its scripts. A folder with apply.ps1 is a change and needs
 * detect.ps1 and verify.ps1; one without is a check and has verify.ps1 alone. All faults at once.
 */
export function readAction(folder: string): LoadedAction {
  const file = join(folder, 'action.yaml');
  const faults: InputFault[] = [];
  const scripts = existsSync(folder) ? readScripts(folder, faults) : {};
  const unread = { folder, scripts, parameters: null };
  if (!existsSync(file))
    return { ok: false, faults: [optionFault(file, 'the action has no action.yaml'), ...faults], scripts: unread };
  const read = readDocumentFile(file);
  if (!read.ok) return { ok: false, faults: [...read.faults, ...faults], scripts: unread };
  const checked = checkDocument<ActionDocument>(read.value, 'action');
  if (!checked.ok) faults.unshift(...checked.faults);
  if (checked.rest === null) return { ok: false, faults, scripts: unread };
  checkMeaning(folder, scripts, checked.rest, faults);
  if (faults.length > 0 || !checked.ok) {
    const parameters = checked.rest.gaps.at(['parameters']) ? null : (checked.rest.value.parameters ?? {});
    return { ok: false, faults, scripts: { folder, scripts, parameters } };
  }
  const document = checked.value;
  const typicalMs = parseDuration(document.duration.typical) ?? 0;
  const longestMs = parseDuration(document.duration.longest) ?? 0;
  const lane = document.lane ?? 'inline';
  return {
    ok: true,
    value: {
      id: `${basename(dirname(folder))}/${basename(folder)}`,
      folder,
      kind: scripts.apply === undefined ? 'check' : 'change',
      title: document.title,
      description: describedBy(document.description),
      source: document.source ?? null,
      unverified: document.evidence === 'unverified',
      collect: document.collect ?? [],
      lanes: lanesOf(lane, document.lanes ?? {}),
      scripts,
      parameters: document.parameters ?? {},
      typicalMs,
      longestMs,
      risk: document.risk ?? 'low',
      protect: document.protect ?? levelOfRisk[document.risk ?? 'low'],
      protectReason: document.protectReason ?? null,
      reboot: document.reboot ?? 'never',
      interruptible: document.interruptible ?? false,
      irreversible: describedBy(document.irreversible),
      touches: document.touches ?? {},
      targets: document.targets ?? everyTarget,
    },
  };
}

/** What the format alone does not tell. */
function checkMeaning(
  folder: string,
  scripts: Action['scripts'],
  { value: document, source, gaps }: Rest<ActionDocument>,
  faults: InputFault[],
): void {
  checkScriptsFit(folder, scripts, document, source, faults);
  checkParameters(source, document.parameters ?? {}, faults);
  checkTouches({ value: document, source, gaps }, faults);
  if (!gaps.at(['protect']) && !gaps.at(['risk'])) checkProtect(document, source, faults);
  if (gaps.at(['duration'])) return;
  const { typical, longest } = document.duration;
  const longestMs = parseDuration(longest) ?? 0;
  const message = `the longest duration (${longest}) is less than the typical one (${typical})`;
  if (longestMs === 0)
    faults.push(source.fault(['duration', 'longest'], { message: 'the longest duration is nothing' }));
  else if (longestMs < (parseDuration(typical) ?? 0)) faults.push(source.fault(['duration', 'longest'], { message }));
}

/** Less protection than the risk asks for needs a reason, and a reason is for nothing else. */
function checkProtect(document: ActionDocument, source: SourceDocument, faults: InputFault[]): void {
  const { protect, protectReason, risk = 'low' } = document;
  const least = levelOfRisk[risk];
  const isLess = protect !== undefined && !isEnough(protect, least);
  if (isLess && protectReason === undefined) {
    const message = `\`risk: ${risk}\` asks for ${least}; ${protect} is less and no reason is given`;
    faults.push(source.fault(['protect'], { message, expected: `${least} or more, or \`protectReason: { en: … }\`` }));
  }
  if (isLess || protectReason === undefined) return;
  const message = `a reason is given, but no less protection than ${least}`;
  faults.push(source.fault(['protectReason'], { message, atKey: true }));
}

/** A description as a text in languages; null where there is none. */
export function describedBy(description: Description | undefined): LocalText | null {
  if (description === undefined) return null;
  return typeof description === 'string' ? { en: description } : description;
}

/** Checks declarations of parameters: limits of the right type, patterns that compile, defaults that fit. */
export function checkParameters(source: SourceDocument, parameters: ParameterDeclarations, faults: InputFault[]): void {
  const lower = new Map<string, string>();
  for (const [name, declaration] of Object.entries(parameters)) {
    for (const { key, message } of declarationFaults(declaration))
      faults.push(source.fault(['parameters', name, key], { message }));
    const same = lower.get(name.toLowerCase());
    if (same !== undefined) {
      const message = `\`${name}\` and \`${same}\` are the same name to PowerShell`;
      faults.push(source.fault(['parameters', name], { message, atKey: true }));
    }
    lower.set(name.toLowerCase(), name);
  }
}

function lanesOf(lane: Lane, lanes: { readonly [kind in ScriptKind]?: Lane }): { readonly [kind in ScriptKind]: Lane } {
  return { apply: lane, detect: lanes.detect ?? lane, verify: lanes.verify ?? lane, undo: lanes.undo ?? lane };
}

function readScripts(folder: string, faults: InputFault[]): { [kind in ScriptKind]?: string } {
  const scripts: { [kind in ScriptKind]?: string } = {};
  for (const name of readdirSync(folder).filter((each) => each.toLowerCase().endsWith('.ps1'))) {
    const kind = scriptKinds.find((each) => `${each}.ps1` === name);
    const file = join(folder, name);
    if (kind === undefined) {
      const near = closest(
        name,
        scriptKinds.map((each) => `${each}.ps1`),
      );
      const suggestion = near === null ? null : `did you mean \`${near}\`?`;
      faults.push(
        optionFault(file, 'no action has a script of this name', {
          expected: 'detect.ps1, apply.ps1, verify.ps1 or undo.ps1',
          suggestion,
        }),
      );
      continue;
    }
    const read = readBytes(file, maxScriptBytes);
    const decoded = 'fault' in read ? read : decodeText(read.bytes, file, maxScriptBytes);
    if ('fault' in decoded) faults.push(decoded.fault);
    else scripts[kind] = decoded.text.replaceAll('\r\n', '\n');
  }
  return scripts;
}

function checkScriptsFit(
  folder: string,
  scripts: { readonly [kind in ScriptKind]?: string },
  document: ActionDocument,
  source: SourceDocument,
  faults: InputFault[],
): void {
  const missing = (kind: ScriptKind, why: string) => {
    if (scripts[kind] === undefined)
      faults.push(optionFault(join(folder, `${kind}.ps1`), 'the script is missing', { expected: why }));
  };
  missing('verify', 'every action proves its result with verify.ps1');
  if (scripts.undo !== undefined && scripts.apply !== undefined) {
    const expected =
      "changes by the host kit's functions, which bring their inverse (`Invoke-KtProgram -UndoFile` for those of a program), or `irreversible` with the reason";
    faults.push(optionFault(join(folder, 'undo.ps1'), 'a script of its own for the undo is not run yet', { expected }));
  }
  if (scripts.apply !== undefined) {
    missing('detect', 'a change (it has apply.ps1) finds out with detect.ps1 whether it is needed');
    return;
  }
  for (const kind of ['detect', 'undo'] as const) {
    if (scripts[kind] === undefined) continue;
    const expected = 'verify.ps1 alone for a check, or detect.ps1, apply.ps1 and verify.ps1 for a change';
    faults.push(
      optionFault(join(folder, `${kind}.ps1`), 'a check (it has no apply.ps1) takes no such script', { expected }),
    );
  }
  if (document.protect !== undefined)
    faults.push(
      source.fault(['protect'], { message: 'a check changes nothing that asks for protection', atKey: true }),
    );
  if (document.irreversible !== undefined) {
    faults.push(
      source.fault(['irreversible'], { message: 'a check changes nothing that could be irreversible', atKey: true }),
    );
  }
}

/** A name `$parameter` in `touches` must be a declared text or list. */
function checkTouches({ value: document, source, gaps }: Rest<ActionDocument>, faults: InputFault[]): void {
  const declared = document.parameters ?? {};
  for (const [kind, names] of Object.entries(document.touches ?? {})) {
    if (!Array.isArray(names)) continue;
    for (const [index, name] of (names as readonly string[]).entries()) {
      if (!name.startsWith('$')) continue;
      const type = declared[name.slice(1)]?.type;
      if (type === 'string' || type === 'array' || gaps.words.has(name.slice(1))) continue;
      const near = closest(name.slice(1), Object.keys(declared));
      faults.push(
        source.fault(['touches', kind, index], {
          message:
            type === undefined
              ? `no parameter \`${name.slice(1)}\` is declared`
              : `\`${name}\` is neither a text nor a list`,
          expected: 'a name, or $ and the name of a parameter of this action',
          suggestion: near === null ? null : `did you mean \`$${near}\`?`,
        }),
      );
    }
  }
}
