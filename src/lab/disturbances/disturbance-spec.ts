/**
 * When something happens, by exactly one of these: with the n-th change that a script makes, with the n-th HTTP request that comes (those of
 * logins count), or so many minutes of the host's own time after it was made.
 */
export type Moment = { readonly change?: number; readonly request?: number; readonly minutes?: number };

/** Something that happens to a host while it is worked on. */
export type DisturbanceSpec =
  | { readonly kind: 'connection-cut'; readonly at: Moment }
  | { readonly kind: 'restart'; readonly at: Moment }
  | { readonly kind: 'no-return'; readonly at: Moment }
  | { readonly kind: 'disk-filled'; readonly at: Moment; readonly freeMB?: number }
  | { readonly kind: 'slow'; readonly ms: number }
  /** The n-th call (default the first) of a cmdlet or program does not come to an end by itself. */
  | { readonly kind: 'command-hangs'; readonly command: string; readonly call?: number }
  /** So many times a session is refused because the host's quota for the account is used up. */
  | { readonly kind: 'session-refused'; readonly times: number };
