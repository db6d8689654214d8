/** What somebody asked for: a bound on a figure, and who named it. */
type Aim = { readonly atLeast: number } | { readonly atMost: number };

/** One line of the benchmark. */
export type Figure = {
  readonly name: string;
  readonly value: number;
  /** `MB/s`, `ms`, `requests`, … */
  readonly unit: string;
  readonly aim?: Aim;
  /** What else is worth telling: size, best round. */
  readonly detail?: string;
};

/** A part of the benchmark: the file of a section exports one as `section`. */
export type Section = {
  readonly title: string;
  /** Measures, one figure after the other. */
  readonly figures: () => AsyncIterable<Figure> | Iterable<Figure>;
};
