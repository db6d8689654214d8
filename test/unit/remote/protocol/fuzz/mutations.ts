import * as fc from 'fast-check';

/** One change of an input. Places are taken modulo what there is. */
type Edit = {
  readonly kind: 'insert' | 'delete' | 'replace' | 'repeat' | 'cut';
  readonly at: number;
  readonly length: number;
  readonly from: number;
  readonly piece: number;
};

const edit: fc.Arbitrary<Edit> = fc.record({
  kind: fc.constantFrom('insert', 'delete', 'replace', 'repeat', 'cut'),
  at: fc.nat(),
  length: fc.integer({ min: 1, max: 40 }),
  from: fc.nat(),
  piece: fc.nat(),
});

/** Something that is sliced and put together again. */
type Cuttable<Input> = Input & { readonly length: number; slice(from: number, to?: number): Input };

function apply<Input>(
  input: Cuttable<Input>,
  { kind, at: place, length, from: source, piece }: Edit,
  pieces: readonly Input[],
  join: (parts: readonly Input[]) => Cuttable<Input>,
): Cuttable<Input> {
  const at = place % (input.length + 1);
  const from = source % (input.length + 1);
  const inserted = pieces[piece % pieces.length];
  const [head, tail] = [input.slice(0, at), input.slice(at)];
  switch (kind) {
    case 'insert':
      return inserted === undefined ? input : join([head, inserted, tail]);
    case 'replace':
      return inserted === undefined ? input : join([head, inserted, input.slice(at + length)]);
    case 'delete':
      return join([head, input.slice(at + length)]);
    case 'repeat':
      return join([head, input.slice(from, from + length), tail]);
    case 'cut':
      return join([head]);
  }
}

function mutated<Input>(
  seeds: readonly Input[],
  pieces: readonly Input[],
  join: (parts: readonly Input[]) => Cuttable<Input>,
): fc.Arbitrary<Input> {
  return fc
    .tuple(fc.constantFrom(...seeds), fc.array(edit, { maxLength: 6 }))
    .map(([seed, edits]) => edits.reduce((input, each) => apply(input, each, pieces, join), join([seed])));
}

const joinText = (parts: readonly string[]): string => parts.join('');
const joinBytes = (parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

/** Any UTF-16 text. */
const anyText = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 100 })
  .map((units) => String.fromCharCode(...units));

/** Texts that are nearly valid, and some that are nothing. `pieces` are put in where they may do harm. */
export const nearlyText = (seeds: readonly string[], pieces: readonly string[]): fc.Arbitrary<string> =>
  fc.oneof({ weight: 9, arbitrary: mutated(seeds, pieces, joinText) }, anyText);

/** Bytes that are nearly valid, and some that are nothing. */
export const nearlyBytes = (seeds: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> => {
  const pieces = [0, 1, 2, 127, 128, 255].map((byte) => Uint8Array.of(byte));
  const numbers = [Uint8Array.of(255, 255, 255, 255), Uint8Array.of(0, 0, 0, 0), Uint8Array.of(0, 0, 0, 128)];
  return fc.oneof(
    { weight: 9, arbitrary: mutated(seeds, [...pieces, ...numbers], joinBytes) },
    fc.uint8Array({ maxLength: 200 }),
  );
};
