/** Edit distance of two texts; a swap of neighbours counts as one edit (optimal string alignment). */
export function editDistance(a: string, b: string): number {
  let older: number[] = [];
  let old = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      let cost = Math.min(old[column]! + 1, current[column - 1]! + 1, old[column - 1]! + (same ? 0 : 1));
      const swapped = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (row > 1 && column > 1 && swapped) cost = Math.min(cost, older[column - 2]! + 1);
      current.push(cost);
    }
    older = old;
    old = current;
  }
  return old[b.length]!;
}

/** The candidates that were probably meant (at most a third of the letters differ, case aside), nearest first; `most` of them. */
export function nearest(word: string, candidates: Iterable<string>, most: number): readonly string[] {
  const wanted = word.toLowerCase();
  const near: { candidate: string; distance: number }[] = [];
  for (const candidate of candidates) {
    const length = Math.max(word.length, candidate.length);
    // In names of one or two letters every edit makes another name.
    const limit = length < 3 ? 0 : Math.max(1, Math.floor(length / 3));
    if (Math.abs(word.length - candidate.length) > limit) continue;
    const distance = editDistance(wanted, candidate.toLowerCase());
    if (distance <= limit) near.push({ candidate, distance });
  }
  return near
    .toSorted((a, b) => a.distance - b.distance)
    .slice(0, most)
    .map(({ candidate }) => candidate);
}

/** The candidate that was most probably meant, or null where none is near. */
export function closest(word: string, candidates: Iterable<string>): string | null {
  return nearest(word, candidates, 1)[0] ?? null;
}
