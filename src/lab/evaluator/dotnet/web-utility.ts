import { defineType } from '../define.ts';

const named: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0' };

const decodeHtml = (text: string): string =>
  text.replace(/&(#x[0-9a-f]+|#\d+|\w+);/gi, (whole, name: string) => {
    if (/^#x/i.test(name)) return String.fromCodePoint(Number.parseInt(name.slice(2), 16));
    return name.startsWith('#') ? String.fromCodePoint(Number(name.slice(1))) : (entities[name] ?? whole);
  });

const encodeUrl = (text: string): string =>
  encodeURIComponent(text)
    .replaceAll('%20', '+')
    .replace(/[~']/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

/** System.Net.WebUtility. */
export const webUtilityType = defineType({
  name: 'System.Net.WebUtility',
  statics: {
    methods: {
      HtmlEncode: ([text], context) =>
        context.text(text).replace(/[&<>"'\u00a0-\u00ff]/g, (c) => named[c] ?? `&#${c.charCodeAt(0)};`),
      HtmlDecode: ([text], context) => decodeHtml(context.text(text)),
      UrlEncode: ([text], context) => encodeUrl(context.text(text)),
      UrlDecode: ([text], context) => decodeURIComponent(context.text(text).replaceAll('+', ' ')),
    },
  },
});

/** System.Security.SecurityElement. */
export const securityElementType = defineType({
  name: 'System.Security.SecurityElement',
  statics: {
    methods: {
      Escape: ([text], context) =>
        text === null || text === undefined
          ? null
          : context.text(text).replace(/[&<>"']/g, (c) => (c === "'" ? '&apos;' : (named[c] ?? c))),
    },
  },
});
