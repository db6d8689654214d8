import { type Loaded, optionFault } from '../input/document/fault.ts';

/**
 * Splits hosts into batches. `batch`: a count (`5`), a share of all hosts (`20%`, at least one host), or a list of both
 * (`1,5,25%`), whose last part holds for all further batches; null puts all hosts into one batch.
 */
export function splitBatches(hosts: readonly string[], batch: string | null): Loaded<readonly (readonly string[])[]> {
  if (batch === null) return { ok: true, value: hosts.length === 0 ? [] : [hosts] };
  const sizes = batch.split(',').map((part) => sizeOf(part.trim(), hosts.length));
  if (sizes.includes(null)) {
    const expected = 'a count (5), a share (20%), or a list of both (1,5,25%)';
    return { ok: false, faults: [optionFault('--batch', `\`${batch}\` is no size of a batch`, { expected })] };
  }
  const batches: (readonly string[])[] = [];
  for (let start = 0; start < hosts.length; ) {
    const size = sizes[Math.min(batches.length, sizes.length - 1)] ?? 1;
    batches.push(hosts.slice(start, start + size));
    start += size;
  }
  return { ok: true, value: batches };
}

function sizeOf(part: string, hosts: number): number | null {
  const [, digits = '', percent = ''] = /^([1-9]\d{0,5})(%?)$/.exec(part) ?? [];
  const number = Number(digits);
  if (digits === '' || (percent !== '' && number > 100)) return null;
  return percent === '' ? number : Math.max(1, Math.ceil((hosts * number) / 100));
}
