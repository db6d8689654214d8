/** Playbooks that aliases stand for and that are not shipped yet. One that is shipped is taken out here: a test tells. */
export const toCome: readonly string[] = ['clean-boot/isolate', 'iis/path-repair', 'windows-update/triage'];

/** Measures (by number) that nothing proves yet. One that is proven is taken out here: a test tells. */
export const measuresToCome: readonly number[] = [
  1, 13, 27, 29, 30, 34, 36, 40, 42, 72, 73, 74, 75, 76, 77, 78, 81, 82, 83, 92, 94, 98, 102, 103, 108, 110, 113, 120,
  121, 125, 129, 130, 131, 132, 135,
];
