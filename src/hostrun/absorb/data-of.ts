import type { HostEventBody } from '../../journal/event.ts';

/** Kind of an event of a host run. */
export type HostEventKind = HostEventBody['kind'];

/** What an event of this kind says. */
export type DataOf<K extends HostEventKind> = Extract<HostEventBody, { readonly kind: K }>['data'];
