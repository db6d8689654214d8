/** Playbooks that aliases stand for and that are not shipped yet. One that is shipped is taken out here: a test tells. */
export const toCome: readonly string[] = [
  'backup-vss/repair',
  'clean-boot/isolate',
  'evidence/support-bundle',
  'iis/path-repair',
  'outlook/repair',
  'store/repair',
  'windows-update/manual-kb',
  'windows-update/triage',
];

/** Measures (by number) that nothing proves yet. One that is proven is taken out here: a test tells. */
export const measuresToCome: readonly number[] = [
  1, 3, 5, 8, 9, 11, 12, 13, 14, 18, 27, 28, 29, 30, 36, 39, 40, 41, 42, 55, 56, 59, 60, 65, 66, 67, 69, 70, 71, 72, 73,
  74, 75, 76, 77, 78, 81, 82, 83, 85, 92, 93, 94, 95, 98, 99, 100, 102, 103, 106, 108, 110, 114, 120, 121, 124, 125,
  129, 130, 131, 132, 135,
];
