import { defineEnum } from '../define.ts';

/** StringComparison. */
export const stringComparisonEnum = defineEnum('System.StringComparison', {
  CurrentCulture: 0,
  CurrentCultureIgnoreCase: 1,
  InvariantCulture: 2,
  InvariantCultureIgnoreCase: 3,
  Ordinal: 4,
  OrdinalIgnoreCase: 5,
});

/** StringSplitOptions. */
export const stringSplitOptionsEnum = defineEnum(
  'System.StringSplitOptions',
  { None: 0, RemoveEmptyEntries: 1 },
  { flags: true },
);
