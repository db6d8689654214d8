/** Values in host calls and their answers (MS-PSRP 2.2.3.1 to 2.2.3.3, 2.2.3.26 and the ones beside them). */
import { type PsObject, type PsValue, psChar, psDictionary, psList, psProperty } from '../clixml/values.ts';
import { flagMember, intMember, listMember, numberOf, payload, textMember } from './fields.ts';
import type { HostCall } from './host-calls.ts';
import type { Pair } from './host-info.ts';

/** Coordinates: columns and rows from 0. */
export const buildCoordinates = ([x, y]: Pair): PsObject => payload({ x, y });
/** Reads coordinates. */
export const readCoordinates = (value: PsValue): Pair => [intMember(value, 'x'), intMember(value, 'y')];
/** A size in characters. */
export const buildSize = ([width, height]: Pair): PsObject => payload({ width, height });
/** Reads a size. */
export const readSize = (value: PsValue): Pair => [intMember(value, 'width'), intMember(value, 'height')];

/** Answer to ReadKey. */
export function buildKeyInfo(key: {
  readonly virtualKeyCode: number;
  readonly character: string;
  readonly controlKeyState: number;
  readonly keyDown: boolean;
}): PsObject {
  return payload({
    virtualKeyCode: key.virtualKeyCode,
    character: psChar(key.character.charCodeAt(0) || 0),
    controlKeyState: key.controlKeyState,
    keyDown: key.keyDown,
  });
}

/** A choice of PromptForChoice; `&` stands before the letter to press. */
type Choice = { readonly label: string; readonly helpMessage: string };

/** The question of PromptForChoice or PromptForChoiceMultipleSelection; -1 for no default. */
export type ChoicePrompt = {
  readonly caption: string;
  readonly message: string;
  readonly choices: readonly Choice[];
  readonly defaultChoices: readonly number[];
};

/** Reads the parameters of PromptForChoice (26) or PromptForChoiceMultipleSelection (56). */
export function readChoicePrompt(call: HostCall): ChoicePrompt {
  const [caption = null, message = null, choices = null, chosen = null] = call.parameters;
  const number = numberOf(chosen ?? undefined);
  return {
    caption: typeof caption === 'string' ? caption : '',
    message: typeof message === 'string' ? message : '',
    choices: listMember(payload({ choices }), 'choices').map((choice) => ({
      label: textMember(choice, 'label') ?? '',
      helpMessage: textMember(choice, 'helpMessage') ?? '',
    })),
    defaultChoices:
      number === undefined ? listMember(payload({ chosen }), 'chosen').map((item) => numberOf(item) ?? -1) : [number],
  };
}

/** Builds the parameters of PromptForChoice. */
export function buildChoicePrompt(prompt: ChoicePrompt): readonly PsValue[] {
  const choices = prompt.choices.map(({ label, helpMessage }) => payload({ label, helpMessage }));
  return [prompt.caption, prompt.message, psList(choices, choiceListTypeNames), prompt.defaultChoices[0] ?? -1];
}

const choiceListTypeNames = [
  'System.Collections.ObjectModel.Collection`1[[System.Management.Automation.Host.ChoiceDescription, System.Management.Automation, Version=3.0.0.0, Culture=neutral, PublicKeyToken=31bf3856ad364e35]]',
  'System.Object',
];

/** A field of Prompt. */
export type PromptField = {
  readonly name: string;
  readonly label: string;
  readonly typeName: string;
  readonly helpMessage: string;
  readonly isMandatory: boolean;
};

/** Reads the parameters of Prompt (23). */
export function readFieldPrompt(call: HostCall): {
  readonly caption: string;
  readonly message: string;
  readonly fields: readonly PromptField[];
} {
  const [caption = null, message = null, fields = null] = call.parameters;
  return {
    caption: typeof caption === 'string' ? caption : '',
    message: typeof message === 'string' ? message : '',
    fields: listMember(payload({ fields }), 'fields').map((field) => ({
      name: textMember(field, 'name') ?? '',
      label: textMember(field, 'label') ?? '',
      typeName: textMember(field, 'parameterTypeFullName') ?? textMember(field, 'parameterTypeName') ?? '',
      helpMessage: textMember(field, 'helpMessage') ?? '',
      isMandatory: flagMember(field, 'isMandatory'),
    })),
  };
}

/** Builds the answer to Prompt: values by the fields' names. */
export function buildPromptAnswer(values: Readonly<Record<string, PsValue>>): PsObject {
  return psDictionary(Object.entries(values));
}

/** Reads the answer to Prompt; undefined for a field that is not in it. */
export const readPromptAnswer = (answer: PsValue, field: string): PsValue | undefined => {
  const entries = typeof answer === 'object' && answer !== null && 'base' in answer ? answer.base : null;
  if (entries?.kind !== 'dictionary') return psProperty(answer, field);
  return entries.entries.find(([key]) => key === field)?.[1];
};
