const units = [
  { unit: 'd', ms: 86_400_000 },
  { unit: 'h', ms: 3_600_000 },
  { unit: 'm', ms: 60_000 },
  { unit: 's', ms: 1_000 },
  { unit: 'ms', ms: 1 },
] as const;

const shape = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+)s)?(?:(\d+)ms)?$/;

/** Milliseconds of a duration such as `90s`, `15m`, `1h30m` or `14d`; null where the text is none (or beyond 10 years). */
export function parseDuration(text: string): number | null {
  const parts = shape.exec(text.trim());
  if (text.trim() === '' || parts === null) return null;
  const ms = units.reduce((sum, { ms: each }, index) => sum + Number(parts[index + 1] ?? 0) * each, 0);
  return ms <= 3650 * 86_400_000 ? ms : null;
}

/** The shortest exact text of a duration: `1h30m`, `0s`; the inverse of `parseDuration`. Fractions of a millisecond are rounded. */
export function formatDuration(durationMs: number): string {
  let rest = Math.max(0, Math.round(durationMs));
  let text = '';
  for (const { unit, ms } of units) {
    const count = Math.floor(rest / ms);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * ms;
  }
  return text === '' ? '0s' : text;
}
