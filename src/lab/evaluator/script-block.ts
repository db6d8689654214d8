/** A `{ … }` value: its syntax and what it was bound to. Run it with `CommandContext.invoke`. */
export type ScriptBlock = {
  readonly kind: 'scriptblock';
  /** The text between the braces (what `ToString()` gives). */
  readonly text: string;
  /** The evaluator's compiled form; opaque to everybody else. */
  readonly body: CompiledBody;
  /** The session the block belongs to; opaque. */
  readonly home: unknown;
  /** Variables captured by GetNewClosure. */
  readonly captured?: Map<string, unknown>;
};

/** Opaque compiled script: made by the compiler only. */
export type CompiledBody = { readonly kind: 'compiled-body' };
