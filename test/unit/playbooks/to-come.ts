/** Playbooks that aliases stand for and that are not shipped yet. One that is shipped is taken out here: a test tells. */
export const toCome: readonly string[] = ['iis/path-repair'];

/** Measures (by number) that nothing proves yet. One that is proven is taken out here: a test tells. */
export const measuresToCome: readonly number[] = [
  13, 34, 36, 72, 73, 74, 75, 76, 77, 82, 92, 94, 98, 108, 113, 120, 121, 125, 132,
];
