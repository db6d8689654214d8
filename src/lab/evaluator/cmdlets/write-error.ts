import { defineCmdlet } from '../define.ts';
import { invocationInfoType } from '../dotnet/invocation-info.ts';
import type { CommandContext } from '../host.ts';
import { frameOf } from '../registry-of.ts';
import { isBoxed } from '../types-of.ts';
import { errorCategories as categoryNames, type Invocation } from '../value.ts';

/** The error is that of the function that calls Write-Error, so that its place is where that was called. */
const invocationOf = (context: CommandContext): { invocation?: Invocation } => {
  const own = frameOf(context).scope.find('myinvocation')?.value;
  const invocation =
    isBoxed(own) && own.kind === 'instance' && own.type.name === invocationInfoType.name
      ? (own.state as Invocation)
      : undefined;
  // That of the whole script has no place: there it is where Write-Error stands.
  return invocation?.position ? { invocation } : {};
};

/** Write-Error. */
export const writeError = defineCmdlet({
  name: 'Write-Error',
  module: 'Microsoft.PowerShell.Utility',
  className: 'Microsoft.PowerShell.Commands.WriteErrorCommand',
  defaultParameterSet: 'NoException',
  parameters: {
    Message: {
      type: 'string',
      aliases: ['Msg'],
      allowNull: true,
      allowEmpty: true,
      sets: { NoException: { position: 0, mandatory: true, pipeline: 'value' }, WithException: {} },
    },
    Exception: { type: 'System.Exception', sets: { WithException: { mandatory: true } } },
    ErrorRecord: { type: 'System.Management.Automation.ErrorRecord', sets: { ErrorRecord: { mandatory: true } } },
    Category: { type: 'System.Management.Automation.ErrorCategory', sets: ['NoException', 'WithException'] },
    ErrorId: { type: 'string', sets: ['NoException', 'WithException'] },
    TargetObject: { type: 'object', sets: ['NoException', 'WithException'], allowNull: true },
    RecommendedAction: { type: 'string' },
    CategoryActivity: { type: 'string', aliases: ['Activity'] },
    CategoryReason: { type: 'string', aliases: ['Reason'] },
    CategoryTargetName: { type: 'string', aliases: ['TargetName'] },
    CategoryTargetType: { type: 'string', aliases: ['TargetType'] },
  },
  process(context, bound) {
    const given = bound.get('ErrorRecord');
    if (isBoxed(given) && given.kind === 'error') {
      context.writeError({ ...given });
      return;
    }
    const thrown = bound.get('Exception');
    const isException = isBoxed(thrown) && thrown.kind === 'exception';
    const exceptionType = 'Microsoft.PowerShell.Commands.WriteErrorException';
    const type = isException ? thrown.type : exceptionType;
    const category = bound.get('Category');
    const name = isBoxed(category) && category.kind === 'enum' ? category.value : 0;
    const message = bound.text('Message') ?? (isException ? thrown.message : '');
    const record = {
      kind: 'error' as const,
      exception: isException
        ? thrown
        : { kind: 'exception' as const, type: exceptionType, message, hresult: 0, properties: {} },
      id: bound.text('ErrorId') ?? type,
      category: categoryNames[name] ?? 'NotSpecified',
      activity: bound.text('CategoryActivity') ?? 'Write-Error',
      reason: bound.text('CategoryReason') ?? '',
      targetName: bound.text('CategoryTargetName') ?? '',
      targetType: bound.text('CategoryTargetType') ?? '',
      target: bound.get('TargetObject') ?? null,
      ...((isException && bound.has('Message')) || bound.has('RecommendedAction') ? { details: message } : {}),
      ...(bound.has('RecommendedAction') ? { recommendedAction: bound.text('RecommendedAction') ?? '' } : {}),
      ...invocationOf(context),
    };
    // Inside a function its name becomes the second half of the id.
    const caller = frameOf(context).call.invocation?.commandName ?? '';
    context.writeError(caller === '' ? record : { ...record, id: `${record.id},${caller}` });
  },
});
