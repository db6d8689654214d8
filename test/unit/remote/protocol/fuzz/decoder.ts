/** What the fuzz test needs to know of a decoder, and pieces that are put into its inputs. */

/** A decoder: what it does with an input may end in a value or in a Failure, and in nothing else. */
export type Decoder =
  | {
      readonly name: string;
      readonly kind: 'text';
      readonly seeds: readonly string[];
      /** Pieces that mean something to it. */
      readonly pieces: readonly string[];
      readonly decode: (text: string) => unknown;
    }
  | {
      readonly name: string;
      readonly kind: 'bytes';
      readonly seeds: readonly Uint8Array[];
      readonly decode: (bytes: Uint8Array) => unknown;
    };

/** Pieces that mean something in XML. */
export const xmlPieces = [
  '<',
  '>',
  '</',
  '/>',
  '"',
  "'",
  '&amp;',
  '&#x41;',
  '&#x110000;',
  '&x;',
  '<!--',
  '-->',
  '<?p?>',
  '<![CDATA[',
  ']]>',
  '<!DOCTYPE a>',
  'xmlns=""',
  ':',
  '=',
  ' ',
  '\r\n',
  '\0',
  '\ud800',
  '-1',
  '99999999999999999999',
];
/** Pieces that mean something in CLIXML. */
export const clixmlPieces = [
  ...xmlPieces,
  ' N="Key"',
  ' RefId="0"',
  ' RefId="x"',
  '_x0041_',
  '_x005F_',
  '<Nil />',
  '<S>',
  '</S>',
  '<MS>',
  '</MS>',
  '<MS N="m">',
  '<Obj>',
  '</Obj>',
  '<LST>',
  '</LST>',
  '<Ref RefId="0" />',
  '<TNRef RefId="0" />',
  'INF',
  'P1D',
  '2024-01-02T03:04:05Z',
  '1E+400',
];
