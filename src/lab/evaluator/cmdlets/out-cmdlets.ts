import { defineCmdlet } from '../define.ts';
import type { FormatDocument } from '../format/format-document.ts';
import { documentLines, emptyDocument } from '../format/format-document.ts';
import type { Formatting } from '../format/show-value.ts';
import { showValue } from '../format/show-value.ts';
import type { CmdletDefinition } from '../host.ts';
import { formattedDocument } from './format-cmdlets.ts';

/** Characters in a line where no host says otherwise. */
const usualWidth = 120;

type Shown = { readonly documents: FormatDocument[]; raw: Formatting | undefined };

const outString = defineCmdlet({
  name: 'Out-String',
  className: 'Microsoft.PowerShell.Commands.OutStringCommand',
  module: 'Microsoft.PowerShell.Utility',
  parameters: {
    InputObject: { type: 'object', pipeline: 'value', allowNull: true },
    Stream: { type: 'switch' },
    Width: { type: 'int', validateRange: [2, 2147483647] },
  },
  createState: (): Shown => ({ documents: [], raw: undefined }),
  *process(context, bound) {
    const state = context.state as Shown;
    const input = context.expectsInput ? context.input : bound.get('InputObject');
    const formatted = formattedDocument(input);
    if (formatted === null) return;
    if (formatted) {
      state.documents.push(formatted);
      state.raw = undefined;
      return;
    }
    if (!state.raw) {
      state.raw = { document: emptyDocument(), properties: undefined };
      state.documents.push(state.raw.document);
    }
    yield* showValue(state.raw, input, { shape: undefined, specs: [], autoSize: false }, context);
  },
  end(context, bound) {
    const width = bound.number('Width') ?? usualWidth;
    const lines = (context.state as Shown).documents.flatMap((document) => documentLines(document, width));
    if (bound.flag('Stream')) for (const line of lines) context.write(line);
    else context.write(lines.map((line) => `${line}\r\n`).join(''));
  },
});

const toHost = (name: string, className: string, choice: string, aliases: readonly string[] = []): CmdletDefinition =>
  defineCmdlet({
    name,
    aliases,
    className,
    module: 'Microsoft.PowerShell.Core',
    parameters: {
      InputObject: { type: 'object', pipeline: 'value', allowNull: true },
      [choice]: { type: 'switch' },
    },
    outside: [choice],
    process: () => undefined,
  });

/** Out-String; Out-Default and Out-Host write to the host, where the lab keeps nothing. */
export const outCmdlets: readonly CmdletDefinition[] = [
  outString,
  toHost('Out-Default', 'Microsoft.PowerShell.Commands.OutDefaultCommand', 'Transcript'),
  toHost('Out-Host', 'Microsoft.PowerShell.Commands.OutHostCommand', 'Paging', ['oh']),
];
