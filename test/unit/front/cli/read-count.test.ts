import { describe, expect, it } from 'vitest';
import { readCount } from '../../../../src/front/cli/read-count.ts';

const port = { least: 1, most: 65_535 };

describe('a whole number of an option', () => {
  it('is read, or has its default', () => {
    expect(readCount('--port', '15985', port, null)).toBe(15985);
    expect(readCount('--port', null, port, null)).toBeNull();
    expect([readCount('--port', '1', port, 7), readCount('--port', '65535', port, 7)]).toEqual([1, 65535]);
  });

  it.each(['0', '65536', '-1', '1.5', '1e3', 'x', '', ' 1', '٣', '12345678901'])('%j is told as a fault', (given) =>
    expect(() => readCount('--port', given, port, null)).toThrow(
      `Option --port takes a whole number from 1 to 65535, but ${JSON.stringify(given)} was given.`,
    ),
  );
});
