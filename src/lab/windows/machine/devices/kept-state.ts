/** A part of a machine whose state lasts: it is in snapshots, and a copied state brings it back. */
export type KeptState = {
  /** What a snapshot shows: path and canonical text of each thing. */
  readonly entries: () => Iterable<readonly [path: string, text: string]>;
  /** Remembers the state; the function that is given back restores it. */
  readonly save: () => () => void;
};
