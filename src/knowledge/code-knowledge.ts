import { fileURLToPath } from 'node:url';
import { checkDocument } from '../input/document/check-document.ts';
import { readDocumentFile } from '../input/document/read-file.ts';
import { badInput } from '../input/document/report-faults.ts';
import type { SchemaName } from '../input/document/schemas.ts';
import type { Area, CodePartsDocument } from './code-parts.generated.ts';
import type { ErrorCode, ErrorCodesDocument } from './error-codes.generated.ts';

/** An NTSTATUS value with the Win32 error that Windows makes of it. */
export type NtStatus = CodePartsDocument['ntStatuses'][number];

/** A phase or an operation of Windows setup. */
export type SetupPart = CodePartsDocument['phases'][string];

/** What is known of error codes, made for looking up. Numbers are unsigned, of 32 bits. */
export type CodeKnowledge = {
  readonly byValue: ReadonlyMap<number, ErrorCode>;
  /** By symbol in capitals: names, aliases, and the names of NTSTATUS values. */
  readonly byName: ReadonlyMap<string, number>;
  /** What can be a symbol: words that begin as one of the known ones, case aside. */
  readonly symbols: RegExp;
  readonly ntStatuses: ReadonlyMap<number, NtStatus>;
  readonly facilities: ReadonlyMap<number, string>;
  readonly ntStatusFacilities: ReadonlyMap<number, string>;
  readonly phases: ReadonlyMap<number, SetupPart>;
  readonly operations: ReadonlyMap<number, SetupPart>;
  /** What to look at, by extend code. */
  readonly extendCodes: ReadonlyMap<number, { readonly en: string; readonly ja: string }>;
  /** The number of a component's layer, the lowest is 0, by its name in small letters. */
  readonly layers: ReadonlyMap<string, number>;
  readonly areas: ReadonlyMap<string, Area & { readonly clue: RegExp }>;
};

let known: CodeKnowledge | null = null;

/** What is known of error codes, from `error-codes.yaml` and `code-parts.yaml` beside this file; read once. @throws Failure `bad-input` where a file is not valid */
export function codeKnowledge(): CodeKnowledge {
  known ??= arrange(
    readOwn<ErrorCodesDocument>('error-codes.yaml', 'error-codes'),
    readOwn<CodePartsDocument>('code-parts.yaml', 'code-parts'),
  );
  return known;
}

function readOwn<T>(name: string, schema: SchemaName): T {
  const read = readDocumentFile(fileURLToPath(new URL(name, import.meta.url)));
  if (!read.ok) throw badInput(read.faults);
  const checked = checkDocument<T>(read.value, schema);
  if (!checked.ok) throw badInput(checked.faults);
  return checked.value;
}

const byNumber = <T>(table: Readonly<Record<string, T>>, radix: 10 | 16): ReadonlyMap<number, T> =>
  new Map(Object.entries(table).map(([number, value]) => [Number.parseInt(number, radix), value]));

function arrange({ codes }: ErrorCodesDocument, parts: CodePartsDocument): CodeKnowledge {
  const byName = new Map<string, number>();
  for (const { status, name } of parts.ntStatuses) byName.set(name, Number(status));
  for (const { code, name, aliases = [] } of codes)
    for (const each of [name, ...aliases]) if (/^[A-Z][A-Z0-9_]+$/.test(each)) byName.set(each, Number(code));
  const beginnings = new Set([...byName.keys()].map((name) => name.slice(0, name.indexOf('_') + 1)));
  return {
    byValue: new Map(codes.map((each) => [Number(each.code), each])),
    byName,
    symbols: new RegExp(`(?<![0-9a-z_])(?:${[...beginnings].join('|')})[0-9a-z_]+`, 'gi'),
    ntStatuses: new Map(parts.ntStatuses.map((each) => [Number(each.status), each])),
    facilities: byNumber(parts.facilities, 10),
    ntStatusFacilities: byNumber(parts.ntStatusFacilities, 10),
    phases: byNumber(parts.phases, 16),
    operations: byNumber(parts.operations, 16),
    extendCodes: new Map(
      parts.extendCodes.flatMap(({ codes: each, look }) => each.map((code) => [Number(code), look])),
    ),
    layers: new Map(parts.layers.flatMap((names, layer) => names.map((name) => [name.toLowerCase(), layer]))),
    areas: new Map(
      Object.entries(parts.areas).map(([name, area]) => [
        name,
        { ...area, clue: new RegExp(area.clues.join('|'), 'i') },
      ]),
    ),
  };
}
