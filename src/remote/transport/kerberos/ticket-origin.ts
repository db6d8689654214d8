/** Where the ticket that all others are bought with comes from. */
export type TicketOrigin =
  /** A credential cache that somebody else keeps; null means the one of KRB5CCNAME. It is read, never written. */
  | { readonly kind: 'cache'; readonly file: string | null }
  | { readonly kind: 'keytab'; readonly file: string; readonly principal: string }
  | { readonly kind: 'password'; readonly principal: string; readonly password: () => Promise<string> | string };
