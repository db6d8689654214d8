import { toText } from '../conversion/to-text.ts';
import { defineEnum, defineType } from '../define.ts';
import type { CallContext, Task } from '../host.ts';
import { enumValue, newObject } from '../make.ts';
import { frameOf } from '../registry-of.ts';
import type { Value } from '../value.ts';
import { createScriptBlock } from './reflection.ts';

/** PSLanguageMode. */
export const languageModeEnum = defineEnum('System.Management.Automation.PSLanguageMode', {
  FullLanguage: 0,
  RestrictedLanguage: 1,
  NoLanguage: 2,
  ConstrainedLanguage: 3,
});

function* expand(text: string, context: CallContext): Task<Value> {
  const [value] = yield* context.invoke(createScriptBlock(`@"\n${text}\n"@`, context), []);
  return toText(value, frameOf(context).session);
}

/** `$ExecutionContext.InvokeCommand`. */
export const commandIntrinsicsType = defineType<null>({
  name: 'System.Management.Automation.CommandInvocationIntrinsics',
  methods: {
    ExpandString: (_state, [text], context) => expand(context.text(text), context),
    NewScriptBlock: (_state, [text], context) => createScriptBlock(context.text(text), context),
    *InvokeScript(_state, args, context) {
      return yield* context.invoke(createScriptBlock(context.text(args[0]), context), args.slice(1));
    },
  },
});

const variablesType = defineType<null>({
  name: 'System.Management.Automation.PSVariableIntrinsics',
  methods: {
    GetValue: (_state, [name, otherwise], context) => context.getVariable(context.text(name)) ?? otherwise ?? null,
    Set: (_state, [name, value], context) => {
      context.setVariable(context.text(name), value);
      return undefined;
    },
  },
});

/** `$ExecutionContext.SessionState`. */
export const sessionStateType = defineType<null>({
  name: 'System.Management.Automation.SessionState',
  properties: {
    LanguageMode: { get: () => enumValue(languageModeEnum, 'FullLanguage') },
    PSVariable: { get: () => newObject(variablesType, null) },
  },
});

/** `$ExecutionContext`. */
export const executionContextType = defineType<null>({
  name: 'System.Management.Automation.EngineIntrinsics',
  properties: {
    InvokeCommand: { get: () => newObject(commandIntrinsicsType, null) },
    SessionState: { get: () => newObject(sessionStateType, null) },
  },
});

/** The types behind `$ExecutionContext`. */
export const executionContextTypes = [commandIntrinsicsType, variablesType, sessionStateType, executionContextType];
