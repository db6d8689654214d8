import { bodyOf } from '../compile/body.ts';
import type { ScriptFunction } from '../scope.ts';
import type { ScriptBlock } from '../script-block.ts';
import type { Session } from '../session.ts';

/** The script block of a function: its text is what stands between the braces, to the letter. */
export const functionBlock = (definition: ScriptFunction, session: Session): ScriptBlock => {
  const { source, node } = bodyOf(definition.body);
  return {
    kind: 'scriptblock',
    text: source.text.slice(node.start, node.end).replace(/^\{|\}$/g, ''),
    body: definition.body,
    home: session,
  };
};
