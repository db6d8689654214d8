import type { Difference } from './machine/snapshot.ts';

/** One kind of difference that may remain after a complete rollback, and why: what was there before is never lost. */
type Allowance = {
  readonly name: string;
  readonly why: string;
  readonly path: RegExp;
  readonly allows: 'added' | 'added-or-grown' | 'added-or-gone' | 'gone';
};

/**
 * The closed list of what may differ between a host before a run and after its rollback. Everything else means that the host is not as it
 * was. Records of event logs are compared apart: Windows writes them itself.
 */
export const allowedDifferences: readonly Allowance[] = [
  {
    name: 'our-folder',
    why: 'ledger, captures and results of the run stay as its proof until commit',
    path: /^file:C:\\ProgramData\\Kintsugi(\\|$)/i,
    allows: 'added-or-grown',
  },
  {
    name: 'set-aside',
    why: 'what Windows built anew meanwhile is set aside under our suffix until commit',
    path: /^file:.*\.kintsugi-rejected-[^\\]+(\\|$)/i,
    allows: 'added',
  },
  {
    name: 'restore-point',
    why: 'the restore point that protected the run stays',
    path: /^restore:point:\d+$/,
    allows: 'added',
  },
  {
    name: 'shadow-copy',
    why: 'the shadow copy that protected the run stays until commit',
    path: /^shadow:\{/,
    allows: 'added',
  },
  {
    name: 'web-logs',
    why: 'a web server logs each request',
    path: /^file:C:\\inetpub\\logs(\\|$)/i,
    allows: 'added-or-grown',
  },
  {
    name: 'web-history',
    why: 'a web server keeps copies of the last ten configurations it had',
    path: /^file:C:\\inetpub\\history(\\|$)/i,
    allows: 'added-or-gone',
  },
  {
    name: 'update-content',
    why: 'an update server fetches the files of approved updates by itself as soon as it knows that they are missing',
    path: /^file:.*\\WsusContent\\/i,
    allows: 'added-or-grown',
  },
  {
    name: 'failed-writer',
    why: 'that a VSS writer has failed is in the memory of its process, and nobody wants it back',
    path: /^vss-writer:/,
    allows: 'gone',
  },
  {
    name: 'servicing-logs',
    why: 'Windows appends to its own logs whenever somebody asks it',
    path: /^file:C:\\Windows\\(Logs\\CBS\\CBS\.log|Logs\\DISM\\dism\.log|SoftwareDistribution\\ReportingEvents\.log|INF\\setupapi\.dev\.log)$/i,
    allows: 'added-or-grown',
  },
];

/** Size of a file in the text of a snapshot; folders have none. */
const sizeOf = (text: string): number | undefined => {
  const size = /"sizeBytes":(\d+)/.exec(text)?.[1];
  return size === undefined ? undefined : Number(size);
};

/** Whether a log has become longer: a file of the same kind, rights and attributes that is not smaller than before. */
const isGrown = (before: string, after: string): boolean => {
  const rest = (text: string): string => text.replace(/"(?:sizeBytes|modified|sha256)":(?:\d+|"[^"]*"),?/g, '');
  const [was, is] = [sizeOf(before), sizeOf(after)];
  return was !== undefined && is !== undefined && is >= was && rest(before) === rest(after);
};

const isAllowed = ({ path, before, after }: Difference): boolean =>
  allowedDifferences.some((allowance) => {
    if (!allowance.path.test(path)) return false;
    if (before === undefined) return allowance.allows !== 'gone';
    if (after === undefined) return allowance.allows === 'added-or-gone' || allowance.allows === 'gone';
    return allowance.allows === 'added-or-grown' && isGrown(before, after);
  });

/** Differences that the closed list does not cover. */
export const unexpectedDifferences = (differences: readonly Difference[]): readonly Difference[] =>
  differences.filter((difference) => !isAllowed(difference));
