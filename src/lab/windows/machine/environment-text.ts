/** A text with the values of `%name%`, where there are such. */
export const expandText = (text: string, valueOf: (name: string) => string | undefined): string =>
  text.replace(/%([^%]+)%/g, (whole, name: string) => valueOf(name) ?? whole);
