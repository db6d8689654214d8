import { Failure } from '../../kernel/failure.ts';
import { codeKnowledge } from '../../knowledge/code-knowledge.ts';
import { explainText } from '../explain/explain.ts';
import type { Complaint } from './judge-causes.ts';

/** What people say of a fault: error codes, as `0x80070002`, and messages, as they paste them. */
export type Told = { readonly codes: readonly string[]; readonly symptoms: readonly string[] };

/**
 * Reads what people say of a fault: the codes and areas that `explain` finds in it.
 * @throws Failure `bad-input` for a text that is no code, or a symptom that says nothing that is known
 */
export function readComplaint({ codes, symptoms }: Told): Complaint {
  const read = symptoms.map((symptom) => ({ symptom, ...explainText(symptom) }));
  for (const { symptom, codes: found, areas } of read)
    if (found.length + areas.length === 0)
      throw new Failure(
        'bad-input',
        `--symptom: ${JSON.stringify(symptom)} names no error code and nothing that is known. Expected: the message as Windows shows it, or words for ${knownAreas()}.`,
      );
  const found = read.flatMap((one) => one.codes.flatMap(({ code }) => code ?? []));
  return {
    codes: [...new Set([...codes.map(readCode), ...found])],
    areas: [...new Set(read.flatMap((one) => one.areas.map(({ name }) => name)))],
  };
}

const knownAreas = (): string => [...codeKnowledge().areas.values()].map(({ title }) => title.en).join(', ');

function readCode(text: string): string {
  if (/^0x[0-9a-f]{8}$/i.test(text)) return `0x${text.slice(2).toUpperCase()}`;
  throw new Failure(
    'bad-input',
    `--code: ${JSON.stringify(text)} is no error code. Expected: eight hexadecimal digits, as 0x80070002.`,
  );
}
