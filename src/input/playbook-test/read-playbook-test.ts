import { dirname, resolve } from 'node:path';
import { closest } from '../../kernel/suggestion.ts';
import type { ActionScripts } from '../action/action.ts';
import type { ActionLibrary } from '../action/action-library.ts';
import { checkDocument } from '../document/check-document.ts';
import { hidingMore, type InputFault } from '../document/fault.ts';
import { checkValue } from '../document/parameter-check.ts';
import { readDocumentFile } from '../document/read-file.ts';
import type { Rest } from '../document/sound-rest.ts';
import type { DocumentPath, SourceDocument } from '../document/source-document.ts';
import { checkDisturbances } from '../lab/check-disturbances.ts';
import { checkHosts, type TryHost } from '../lab/check-hosts.ts';
import { findPlaybook, type PlaybookPlaces } from '../playbook/find-playbook.ts';
import { type LoadedPlaybook, type PlaybookReading, readPlaybook } from '../playbook/read-playbook.ts';
import type { Case, PlaybookTestDocument } from './playbook-test.generated.ts';

/** A test of a playbook, checked: its cases, and the playbook with its actions. */
export type PlaybookTest = {
  readonly file: string;
  readonly cases: readonly Case[];
  readonly loaded: LoadedPlaybook;
  /** The line and column (1-based) of something in the file. */
  readonly placeOf: (path: DocumentPath) => TestPlace;
};

/** Where something stands in a test file. */
export type TestPlace = { readonly file: string; readonly line: number | null; readonly column: number | null };

/** Where a test's playbook is looked for, and what tells whether its hosts can be made. */
export type TestFilePlaces = PlaybookPlaces & { readonly tryHost: TryHost };

/** What reading a test gives; the scripts of the playbook's actions also where something is faulty, as far as they are known. */
export type PlaybookTestReading =
  | { readonly ok: true; readonly value: PlaybookTest }
  | { readonly ok: false; readonly faults: readonly InputFault[]; readonly scripts: readonly ActionScripts[] };

/** Reads and checks a test file and the playbook that it is for; every fault at once. */
export function readPlaybookTest(file: string, places: TestFilePlaces, library: ActionLibrary): PlaybookTestReading {
  const read = readDocumentFile(file);
  if (!read.ok) return { ...read, scripts: [] };
  const source = read.value;
  const checked = checkDocument<PlaybookTestDocument>(source, 'playbook-test');
  if (!checked.ok && checked.rest === null) return { ok: false, faults: checked.faults, scripts: [] };
  const { rest } = checked;
  const loaded = loadPlaybook(source, places, library);
  const faults = [
    ...(checked.ok ? [] : checked.faults),
    // What cases say of a playbook that is faulty is not looked at.
    ...(loaded.ok ? [] : hidingMore(loaded.faults)),
    ...(rest === null ? [] : checkCases(rest, places.tryHost, loaded.ok ? loaded.value : null)),
  ];
  if (faults.length > 0 || !checked.ok || !loaded.ok) {
    const scripts = loaded.ok ? [...loaded.value.actions.values()] : loaded.scripts;
    return { ok: false, faults, scripts };
  }
  const placeOf = (path: DocumentPath): TestPlace => {
    const { line, column } = source.fault(path, { message: '', atKey: typeof path.at(-1) === 'string' });
    return { file, line, column };
  };
  return { ok: true, value: { file, cases: checked.value.cases, loaded: loaded.value, placeOf } };
}

function checkCases(
  rest: Rest<PlaybookTestDocument>,
  tryHost: TryHost,
  loaded: LoadedPlaybook | null,
): readonly InputFault[] {
  const { value, source } = rest;
  return [
    ...repeatedNames(rest),
    ...value.cases.flatMap((each, index) => {
      const path = ['cases', index];
      return [
        ...checkExpectation(rest, each, path),
        ...checkHosts(rest, each.hosts, [...path, 'hosts'], tryHost),
        ...checkDisturbances(source, each.hosts, [...path, 'hosts']),
        ...(loaded === null ? [] : checkCase(source, each, path, loaded)),
      ];
    }),
  ];
}

/** The playbook that the file is for. */
function loadPlaybook(source: SourceDocument, places: PlaybookPlaces, library: ActionLibrary): PlaybookReading {
  const { value } = source;
  const named = typeof value === 'object' && value !== null && 'playbook' in value ? value.playbook : undefined;
  // That it is no text has been told.
  if (named !== undefined && typeof named !== 'string') return { ok: false, faults: [], scripts: [] };
  const found = findPlaybook(nameOfPlaybook(source.file, named), places);
  if (found.ok) return readPlaybook(found.value, library);
  const [first] = found.faults;
  const { message, expected, suggestion } = first ?? { message: 'there is no playbook', expected: null };
  const words = { message, expected, suggestion: suggestion ?? null };
  return { ok: false, faults: [source.fault(named === undefined ? [] : ['playbook'], words)], scripts: [] };
}

/** An id, or the path of a file: that which is named, seen from the test, or the one beside it. */
function nameOfPlaybook(file: string, named: string | undefined): string {
  if (named === undefined) return file.replace(/\.test(\.ya?ml)$/, '$1');
  return /\.ya?ml$/.test(named) ? resolve(dirname(file), named) : named;
}

function repeatedNames({ value: { cases }, source, gaps }: Rest<PlaybookTestDocument>): InputFault[] {
  return cases.flatMap(({ name }, index) =>
    cases.findIndex((other) => other.name === name) === index || gaps.isFilled(['cases', index, 'name'])
      ? []
      : [
          source.fault(['cases', index, 'name'], {
            message: `there is a case of this name already`,
            expected: 'a name of its own',
          }),
        ],
  );
}

/** A case must be able to fail: without `failAt` it says how the run ends; with it, what has changed is judged in another way. */
function checkExpectation(
  { source, gaps }: Rest<PlaybookTestDocument>,
  { failAt, expect: given }: Case,
  path: DocumentPath,
): InputFault[] {
  const expect = given ?? {};
  const isLost = gaps.at([...path, 'failAt']) || gaps.at([...path, 'expect', 'end']);
  if (failAt === undefined && expect.end === undefined && !isLost)
    return [
      source.fault(given === undefined ? path : [...path, 'expect'], {
        message: 'the case does not say how the run ends, so it would pass whatever happens',
        expected: '`end` in `expect`, as expect: { end: repaired }',
      }),
    ];
  const all = (expect.changed ?? []).findIndex((pattern) => /^\*+$/.test(pattern));
  if (all >= 0)
    return [
      source.fault([...path, 'expect', 'changed', all], {
        message: 'this pattern fits whatever has changed, so it says nothing',
        expected: 'names of what changes, with `*` for parts of them',
      }),
    ];
  if (failAt !== undefined && expect.changed !== undefined)
    return [
      source.fault([...path, 'expect', 'changed'], {
        message: '`changed` is not looked at where the case is made to fail everywhere',
        expected: 'nothing: each of these runs must leave the host as before, but for what its report lists',
        atKey: true,
      }),
    ];
  return [];
}

/** Names of steps, checks and parameters must be those of the playbook, and values must fit. */
function checkCase(
  source: SourceDocument,
  { parameters = {}, expect = {} }: Case,
  path: DocumentPath,
  { playbook }: LoadedPlaybook,
): InputFault[] {
  const stepIds = playbook.stages.flatMap(({ steps }) => steps.map(({ id }) => id));
  const checkIds = playbook.preflight.map(({ uses }) => uses);
  const known = (what: string, given: object | undefined, key: string, names: readonly string[]): InputFault[] =>
    Object.keys(given ?? {}).flatMap((name) => {
      if (names.includes(name)) return [];
      const near = closest(name, names);
      const words = {
        message: `the playbook has no ${what} \`${name}\``,
        expected: names.length === 0 ? 'none' : `one of ${names.join(', ')}`,
        suggestion: near === null ? null : `did you mean \`${near}\`?`,
        atKey: true,
      };
      return [source.fault([...path, ...(key === 'parameters' ? [] : ['expect']), key, name], words)];
    });
  const values = Object.entries(parameters).flatMap(([name, value]) => {
    const declaration = playbook.parameters[name];
    if (declaration === undefined) return [];
    return checkValue(declaration, value).map(({ at, ...words }) =>
      source.fault([...path, 'parameters', name, ...at], words),
    );
  });
  return [
    ...known('parameter', parameters, 'parameters', Object.keys(playbook.parameters)),
    ...values,
    ...known('step', expect.steps, 'steps', stepIds),
    ...known('step', expect.findings, 'findings', ['goal', ...stepIds]),
    ...known('preflight check', expect.checks, 'checks', checkIds),
  ];
}
