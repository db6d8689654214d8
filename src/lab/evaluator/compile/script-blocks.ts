import type { Source } from '../../../powershell/source.ts';
import type { ScriptBody } from '../../../powershell/syntax-tree.ts';
import type { Frame } from '../frame.ts';
import type { CompiledBody, ScriptBlock } from '../script-block.ts';

/** The value of `{ … }`. */
export const makeScriptBlock = (source: Source, node: ScriptBody, body: CompiledBody, frame: Frame): ScriptBlock => ({
  kind: 'scriptblock',
  text: source.text.slice(
    node.start + (source.text[node.start] === '{' ? 1 : 0),
    node.end - (source.text[node.end - 1] === '}' && source.text[node.start] === '{' ? 1 : 0),
  ),
  body,
  home: frame.session,
});
