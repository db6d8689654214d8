const escapes: { readonly [character: string]: string } = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A piece of HTML that needs no more escaping. */
export type Markup = { readonly kind: 'markup'; readonly text: string };

/** What may stand in an `html` template: texts are escaped, pieces and lists of pieces are taken as they are. */
export type MarkupPart = string | number | Markup | readonly Markup[] | null;

const partText = (part: MarkupPart): string => {
  if (part === null) return '';
  if (typeof part === 'number') return String(part);
  if (typeof part === 'string') return part.replace(/[&<>"']/g, (character) => escapes[character] ?? character);
  if ('text' in part) return part.text;
  return part.map((piece) => piece.text).join('');
};

/** Template tag for HTML: every text that comes in is escaped. */
export function html(strings: TemplateStringsArray, ...parts: readonly MarkupPart[]): Markup {
  const text = strings.reduce((whole, string, index) => whole + partText(parts[index - 1] ?? null) + string);
  return { kind: 'markup', text };
}

/** Takes a text as HTML (our own style sheet); never for text from outside. */
export function rawMarkup(text: string): Markup {
  return { kind: 'markup', text };
}
