import type { Difference } from './machine/snapshot.ts';

/** One kind of difference that may remain after a complete rollback, and why. */
type Allowance = { readonly name: string; readonly why: string; readonly path: RegExp };

/**
 * The closed list of what may differ between a host before a run and after its rollback. Everything else means that the host is not as it
 * was. Records of event logs are compared apart: Windows writes them itself.
 */
export const allowedDifferences: readonly Allowance[] = [
  {
    name: 'our-folder',
    why: 'ledger, captures and results of the run stay as its proof until commit',
    path: /^file:C:\\ProgramData\\Kintsugi(\\|$)/i,
  },
  {
    name: 'set-aside',
    why: 'what Windows built anew meanwhile is set aside under our suffix until commit',
    path: /^file:.*\.kintsugi-rejected-[^\\]+(\\|$)/i,
  },
  {
    name: 'restore-point',
    why: 'the restore point that protected the run stays',
    path: /^restore:point:\d+$/,
  },
  {
    name: 'shadow-copy',
    why: 'the shadow copy that protected the run stays until commit',
    path: /^shadow:\{/,
  },
  {
    name: 'web-logs',
    why: 'a web server logs each request, and keeps a copy of each configuration it had',
    path: /^file:C:\\inetpub\\(logs|history)(\\|$)/i,
  },
  {
    name: 'servicing-logs',
    why: 'Windows appends to its own logs whenever somebody asks it',
    path: /^file:C:\\Windows\\(Logs\\CBS\\CBS\.log|Logs\\DISM\\dism\.log|SoftwareDistribution\\ReportingEvents\.log)$/i,
  },
];

/** Differences that the closed list does not cover. */
export const unexpectedDifferences = (differences: readonly Difference[]): readonly Difference[] =>
  differences.filter(({ path }) => !allowedDifferences.some((allowance) => allowance.path.test(path)));
