import { placeOf, type Source } from '../../powershell/source.ts';

/** What scripts are made of, as coverage counts it. */
export const coverageKinds = [
  'command',
  'parameter',
  'call',
  'program',
  'class',
  'com',
  'type',
  'member',
  'construct',
  'syntax',
] as const;

/** One kind of thing in a script; `call` is what a call asks for by its values, `class` a CIM class (with its properties and methods), `com` a COM class. */
export type CoverageKind = (typeof coverageKinds)[number];

/** Something in a script that the lab does not run. */
export type CoverageGap = {
  readonly kind: CoverageKind;
  readonly name: string;
  readonly line: number;
  readonly column: number;
  /** `outside`: Windows has it, the lab does not simulate it. `seven`: only PowerShell 7 has it. `unknown`: neither the lab nor its lists know it. */
  readonly why: 'outside' | 'seven' | 'unknown';
};

/** How many different things of a kind a script uses, and how many of them the lab runs. */
export type CoverageCount = { readonly runs: number; readonly of: number };

/** What of one script the lab runs. */
export type ScriptCoverage = {
  readonly file: string;
  readonly counts: Readonly<Partial<Record<CoverageKind, CoverageCount>>>;
  readonly gaps: readonly CoverageGap[];
  /** Places of which only a run can tell, such as `& $command`. */
  readonly open: readonly { readonly what: string; readonly line: number; readonly column: number }[];
};

/** These are noted only where they do not run, so there is nothing to count. */
const uncounted: ReadonlySet<CoverageKind> = new Set(['call', 'construct', 'syntax']);

/** Collects what was found in one script. */
export type Findings = {
  /** The script uses something: `true` where the lab runs it, else why it does not. */
  note(kind: CoverageKind, name: string, offset: number, verdict: true | CoverageGap['why']): void;
  /** A place of which only a run can tell. */
  leaveOpen(what: string, offset: number): void;
  finish(): ScriptCoverage;
};

/** Findings of a script; different things are counted once, whatever their case. */
export const createFindings = (source: Source, file: string): Findings => {
  const seen = new Map<CoverageKind, Map<string, boolean>>();
  const gaps: CoverageGap[] = [];
  const open: { what: string; line: number; column: number }[] = [];
  return {
    note: (kind, name, offset, verdict) => {
      const names = seen.get(kind) ?? new Map<string, boolean>();
      seen.set(kind, names);
      const key = name.toLowerCase();
      names.set(key, (names.get(key) ?? true) && verdict === true);
      if (verdict !== true) gaps.push({ kind, name, ...placeOf(source, offset), why: verdict });
    },
    leaveOpen: (what, offset) => open.push({ what, ...placeOf(source, offset) }),
    finish: () => ({
      file,
      counts: Object.fromEntries(
        coverageKinds.flatMap((kind) => {
          const names = seen.get(kind);
          if (!names || uncounted.has(kind)) return [];
          return [[kind, { runs: [...names.values()].filter(Boolean).length, of: names.size }] as const];
        }),
      ),
      gaps: gaps.toSorted((a, b) => a.line - b.line || a.column - b.column),
      open,
    }),
  };
};
