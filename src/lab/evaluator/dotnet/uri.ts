import { isNumber } from '../conversion/convert-scalars.ts';
import { defineType, netError } from '../define.ts';
import { spend } from '../limit.ts';
import { newObject, stateOf } from '../make.ts';
import type { TypeDefinition } from '../type-definition.ts';
import type { Value } from '../value.ts';

/** State of a Uri: the text as written and its parts where it is absolute. */
export type UriState = { readonly original: string; readonly url: URL | undefined };

const read = (text: string): UriState => ({ original: text, url: URL.canParse(text) ? new URL(text) : undefined });

const absolute = (state: UriState): URL => {
  if (state.url) return state.url;
  throw netError('System.InvalidOperationException', 'This operation is not supported for a relative URI.');
};

/** The path as programs take it: that of a file with its drive or server, in backslashes. */
const localPath = ({ protocol, host, pathname }: URL): string => {
  const path = decodeURIComponent(pathname);
  if (protocol !== 'file:') return path;
  if (host !== '') return `\\\\${host}${path.replaceAll('/', '\\')}`;
  return /^\/[A-Za-z]:/.test(path) ? path.slice(1).replaceAll('/', '\\') : path;
};

const defaultPorts: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443, 'ftp:': 21 };

/** System.Uri. */
export const uriType: TypeDefinition<UriState> = defineType<UriState>({
  name: 'System.Uri',
  aliases: ['uri'],
  properties: {
    OriginalString: { get: (state) => state.original },
    IsAbsoluteUri: { get: (state) => state.url !== undefined },
    AbsoluteUri: { get: (state) => absolute(state).href },
    Scheme: { get: (state) => absolute(state).protocol.slice(0, -1) },
    Host: { get: (state) => absolute(state).hostname },
    Authority: { get: (state) => absolute(state).host },
    Port: { get: (state) => Number(absolute(state).port || (defaultPorts[absolute(state).protocol] ?? -1)) },
    AbsolutePath: { get: (state) => absolute(state).pathname },
    PathAndQuery: { get: (state) => absolute(state).pathname + absolute(state).search },
    LocalPath: { get: (state) => localPath(absolute(state)) },
    Query: { get: (state) => absolute(state).search },
    Fragment: { get: (state) => absolute(state).hash },
    Segments: { get: (state) => absolute(state).pathname.match(/[^/]*\/|[^/]+$/g) ?? [] },
  },
  toText: (state) => (state.url ? decodeURI(state.url.href) : state.original),
  keyText: (state) => state.url?.href ?? state.original,
  construct: (context, args) => makeUri(context.text(args[0])),
  convertFrom: (value, context): Value =>
    stateOf(value, uriType) !== undefined
      ? value
      : typeof value === 'string' || isNumber(value)
        ? newObject(uriType, read(context.text(value)))
        : undefined,
  statics: {
    methods: {
      EscapeDataString(args, context) {
        const text = context.text(args[0]);
        spend(text.length);
        return encodeURIComponent(text).replace(
          /[!'()*]/g,
          (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
        );
      },
      UnescapeDataString: (args, context) => decodeURIComponent(context.text(args[0])),
      IsWellFormedUriString: (args, context) => URL.canParse(context.text(args[0])),
    },
  },
});

function makeUri(text: string): Value {
  const state = read(text);
  if (state.url) return newObject(uriType, state);
  throw netError('System.UriFormatException', 'Invalid URI: The format of the URI could not be determined.');
}
