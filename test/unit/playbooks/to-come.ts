/** Playbooks that aliases stand for and that are not shipped yet. One that is shipped is taken out here: a test tells. */
export const toCome: readonly string[] = [
  'clean-boot/isolate',
  'evidence/support-bundle',
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
  1, 3, 5, 9, 11, 12, 13, 14, 18, 21, 23, 27, 28, 29, 30, 33, 34, 35, 36, 39, 40, 42, 55, 57, 59, 60, 62, 65, 66, 67,
  69, 70, 71, 72, 73, 74, 75, 76, 77, 78, 81, 82, 83, 88, 92, 94, 95, 98, 99, 100, 102, 103, 106, 108, 110, 111, 112,
  113, 114, 120, 121, 123, 124, 125, 129, 130, 131, 132, 135,
];
