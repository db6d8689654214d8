/** One request to a host and its answer, SOAP in clear text, as it was before sealing and after unsealing. */
export type TapeExchange = {
  readonly request: string;
  /** Absent where the connection broke before the answer. */
  readonly response?: string;
};

/** A recorded session with a host. */
export type Tape = { readonly messages: readonly TapeExchange[] };
