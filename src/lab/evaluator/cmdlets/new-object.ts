import { classOf } from '../classes/script-class.ts';
import { isTask } from '../compile/code.ts';
import { toText } from '../conversion/to-text.ts';
import { defineCmdlet, PowerShellError } from '../define.ts';
import { exception } from '../make.ts';
import { construct } from '../members/construct.ts';
import { membersOf } from '../members/definitions.ts';
import { setMember } from '../members/set-member.ts';
import { isLibraryType } from '../members/unsimulated.ts';
import { frameOf } from '../registry-of.ts';
import { resolveTypeText } from '../type-names.ts';
import { isBoxed } from '../types-of.ts';
import type { Value } from '../value.ts';

/** New-Object. */
export const newObjectCmdlet = defineCmdlet({
  name: 'New-Object',
  className: 'Microsoft.PowerShell.Commands.NewObjectCommand',
  module: 'Microsoft.PowerShell.Utility',
  defaultParameterSet: 'Net',
  parameters: {
    TypeName: { type: 'string', position: 0, mandatory: true, sets: ['Net'] },
    ArgumentList: {
      type: 'object[]',
      position: 1,
      aliases: ['Args'],
      sets: ['Net'],
      allowNull: true,
      allowEmpty: true,
    },
    ComObject: { type: 'string', position: 0, mandatory: true, sets: ['Com'] },
    Strict: { type: 'switch', sets: ['Com'] },
    Property: { type: 'System.Collections.IDictionary' },
  },
  *end(context, bound) {
    const frame = frameOf(context);
    const progId = bound.text('ComObject');
    const typeName = bound.text('TypeName') ?? '';
    let made: Value;
    if (progId !== undefined) {
      const make = frame.session.registry.comObjects.get(progId.toLowerCase());
      if (!make) return context.unsupported(`the COM class ${progId}`);
      const result = make(context);
      made = isTask(result) ? yield* result : result;
    } else {
      const type = resolveTypeText(frame.session.registry, typeName);
      if (type === undefined && isLibraryType(typeName)) return context.unsupported(`the type ${typeName}`);
      if (type === undefined) {
        return context.fail({
          id: 'TypeNotFound',
          message: `Cannot find type [${typeName}]: verify that the assembly containing this type is loaded.`,
          category: 'InvalidType',
          exception: 'System.Management.Automation.PSArgumentException',
        });
      }
      try {
        const result = construct(type, bound.list('ArgumentList'), frame);
        made = isTask(result) ? yield* result : result;
      } catch (error) {
        if (error instanceof PowerShellError && error.record.id === 'MethodCountCouldNotFindBest')
          context.fail({
            id: 'CannotFindAppropriateCtor',
            message: `A constructor was not found. Cannot find an appropriate constructor for type ${typeName}.`,
            category: 'ObjectNotFound',
            exception: 'System.Management.Automation.PSArgumentException',
          });
        // What the constructor of a class threw comes bare out of it.
        const thrown =
          error instanceof PowerShellError && classOf(frame.session.registry.types.get(type.toLowerCase()));
        if (thrown && error.record.exception.type !== 'System.Management.Automation.MethodException') {
          const message = `Exception calling ".ctor" with "${bound.list('ArgumentList').length}" argument(s): "${error.message}"`;
          context.fail({
            id: 'ConstructorInvokedThrowException',
            message,
            category: 'InvalidOperation',
            exception: exception('System.Management.Automation.MethodInvocationException', message, {
              inner: error.record.exception,
            }),
          });
        }
        if (!(error instanceof PowerShellError) || !error.record.exception.type.endsWith('MethodInvocationException'))
          throw error;
        context.fail({
          id: 'ConstructorInvokedThrowException',
          message: error.message,
          category: 'InvalidOperation',
          exception: error.record.exception,
        });
      }
    }
    const properties = bound.get('Property');
    if (isBoxed(properties) && properties.kind === 'hashtable') {
      for (const [key, value] of properties.entries()) {
        const name = toText(key, frame.session);
        if (isBoxed(made) && made.kind === 'custom')
          membersOf(made, true)?.set(name.toLowerCase(), { kind: 'note', name, value });
        else setMember(made, name, value, frame);
      }
    }
    context.write(made);
  },
});
