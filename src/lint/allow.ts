/** A comment that lets a rule's findings stand, with the reason. */
export type Allowance = { readonly rule: string; readonly reason: string; readonly line: number };

/** A comment that is meant to be one, whether it is well written or not. */
export const allowComment = /#\s*kintsugi-lint:(.*)$/i;
const wellWritten = /^\s*allow\s+([a-z0-9-]+)\s+--\s+(\S.*?)\s*$/i;

/** The allowances of a text (script or YAML), by line (1-based). */
export const readAllowances = (text: string): readonly Allowance[] =>
  text.split('\n').flatMap((line, index) => {
    const [, rule, reason] = wellWritten.exec(allowComment.exec(line)?.[1] ?? '') ?? [];
    return rule === undefined || reason === undefined ? [] : [{ rule: rule.toLowerCase(), reason, line: index + 1 }];
  });

/** Lines (1-based) with a comment that names no rule or no reason. */
export const malformedAllowances = (text: string): readonly number[] =>
  text.split('\n').flatMap((line, index) => {
    const comment = allowComment.exec(line)?.[1];
    return comment === undefined || wellWritten.test(comment) ? [] : [index + 1];
  });
