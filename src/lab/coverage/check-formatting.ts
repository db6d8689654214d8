import type { Command, ExpressionCommand } from '../../powershell/syntax-tree.ts';
import type { CmdletDefinition } from '../evaluator/host.ts';
import type { Registry } from '../evaluator/registry.ts';
import type { Findings } from './findings.ts';

/** Cmdlets that give objects which show as a table or a list, whatever they are asked for. */
const objectGivers: ReadonlySet<string> = new Set(
  `Get-Service Get-Process Get-ChildItem Get-Item Get-ItemProperty Get-CimInstance Get-WmiObject Get-WinEvent Get-EventLog Get-HotFix
  Get-Acl Get-PSDrive Get-Command Get-Member`
    .toLowerCase()
    .split(/\s+/),
);

/** Functions of Windows (CDXML) give CIM instances. */
const givesObjects = (cmdlet: CmdletDefinition): boolean =>
  objectGivers.has(cmdlet.name.toLowerCase()) || (cmdlet.commandType === 'Function' && /^Get-/i.test(cmdlet.name));

/** Cmdlets that give text. */
const textGivers = /^(Get-Content|Out-String|ConvertTo-(Json|Csv|Html)|(Join|Split|Convert)-Path|Get-Date)$/i;

/**
 * Checks what is to become text: the lab shows plain values so, and has no formatting of objects.
 * @param before what stands before it in the pipeline
 * @param to what makes text of it: `Out-String`, `Out-File`, `>`
 */
export const checkFormatting = (
  before: Command | ExpressionCommand,
  to: string,
  at: number,
  { registry, findings }: { readonly registry: Registry; readonly findings: Findings },
): void => {
  const open = (): void => findings.leaveOpen(`what ${to} is given: of objects the lab makes no text`, at);
  if (before.kind === 'expressionCommand') {
    const { expression } = before;
    if (!/^(string|expandable|number|hash)$/.test(expression.kind)) open();
    return;
  }
  const name = before.name.kind === 'string' ? before.name.value.toLowerCase() : '';
  const cmdlet = registry.cmdlets.get((registry.aliases.get(name) ?? name).toLowerCase());
  if (cmdlet && givesObjects(cmdlet)) findings.note('call', `${to} of what ${cmdlet.name} gives`, at, 'outside');
  else if (!(cmdlet ? textGivers.test(cmdlet.name) : registry.resolveProgram(name))) open();
};
