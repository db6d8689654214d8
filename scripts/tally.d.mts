/** One test as vitest's JSON reporter tells it. */
type TestResult = { readonly fullName: string; readonly status: string };

/** One file of tests as vitest's JSON reporter tells it. */
type FileResult = {
  readonly name: string;
  readonly status: string;
  readonly message: string;
  readonly assertionResults: readonly TestResult[];
};

/** What a run of all tests comes to: lines to print, the last one `N passed, N failed`, and whether all is well. */
export function tally(
  report: { readonly testResults: readonly FileResult[] } | undefined,
  status: number,
  allowed: readonly { readonly title: string }[],
  playbooks?: { readonly xml: string | undefined; readonly status: number },
): { readonly lines: readonly string[]; readonly ok: boolean };
