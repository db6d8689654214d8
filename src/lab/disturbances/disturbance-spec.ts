/** When something happens: with the n-th change that a script makes, or with the n-th HTTP request that comes (those of logins count). */
export type Moment = { readonly change: number } | { readonly request: number };

/** Something that happens to a host while it is worked on. */
export type DisturbanceSpec =
  | { readonly kind: 'connection-cut'; readonly at: Moment }
  | { readonly kind: 'restart'; readonly at: Moment }
  | { readonly kind: 'no-return'; readonly at: Moment }
  | { readonly kind: 'disk-filled'; readonly at: Moment; readonly freeMB?: number }
  | { readonly kind: 'slow'; readonly ms: number };
