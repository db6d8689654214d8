/** Playbooks that aliases stand for and that are not shipped yet. One that is shipped is taken out here: a test tells. */
export const toCome: readonly string[] = [
  'backup-vss/repair',
  'iis/path-repair',
  'outlook/repair',
  'service/baseline',
  'store/repair',
  'time/sync-repair',
  'windows-update/manual-kb',
  'windows-update/triage',
  'winrm/access-check',
];

/** Measures (by number) that nothing proves yet. One that is proven is taken out here: a test tells. */
export const measuresToCome: readonly number[] = [
  1, 8, 11, 12, 13, 18, 21, 23, 28, 33, 34, 35, 36, 39, 41, 55, 56, 57, 59, 60, 62, 65, 66, 67, 69, 70, 71, 72, 73, 74, 75, 76, 77, 82, 85, 88, 92, 93, 94, 98, 100, 102, 103, 106, 108, 110, 111, 112, 113, 120, 121, 123, 125, 132,
];
