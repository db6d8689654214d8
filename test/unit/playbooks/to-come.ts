/** Playbooks that aliases stand for and that are not shipped yet. One that is shipped is taken out here: a test tells. */
export const toCome: readonly string[] = ['clean-boot/isolate', 'iis/path-repair'];

/** Measures (by number) that nothing proves yet. One that is proven is taken out here: a test tells. */
export const measuresToCome: readonly number[] = [27, 29, 30, 36, 40, 42, 78, 81, 82, 83, 98, 129, 130, 131, 132, 135];
