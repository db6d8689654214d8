import { type CodeKnowledge, codeKnowledge } from '../../knowledge/code-knowledge.ts';
import { LineDecoder, type TextEncoding } from './decode-lines.ts';
import type { BothLanguages, ExplainedCode, Explanation } from './explanation.ts';
import { readExtendCode } from './extend-code.ts';
import { readWholeCode } from './find-codes.ts';
import { areasOf, openQuestion, rankAreas, rankCauses, rankCodes, rankPlaybooks } from './rank.ts';
import { findKnown, hexOf, takeApart } from './take-apart.ts';
import { CodeTally, type Sightings } from './tally.ts';

/** What to explain with. */
export type ExplainOptions = {
  /** The id of a playbook by a name of the error codes, or null where it is not shipped; none is named where this is left out. */
  readonly playbookOf?: (name: string) => string | null;
  /** What is known of codes; that of Kintsugi where it is left out. */
  readonly knowledge?: CodeKnowledge;
};

/** Explains every code in a text: a number, a message, a screenful. */
export function explainText(text: string, options: ExplainOptions = {}): Explanation {
  const knowledge = options.knowledge ?? codeKnowledge();
  const tally = new CodeTally(knowledge);
  for (const [index, line] of text.split(/\r?\n/).entries()) tally.add({ line: index + 1, text: line });
  return toExplanation(tally, { kind: 'text', name: null }, 'utf-8', options);
}

/**
 * Explains every code in a stream of bytes: UTF-8, UTF-16 (either order), code page 932. What is held does not grow with the stream: a piece
 * of a line, a count and three lines of each code, 500 codes at most.
 * @param chunks bytes as they come; each is done with when the next is asked for
 */
export async function explainStream(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  source: { readonly kind: 'file' | 'stdin'; readonly name: string | null },
  options: ExplainOptions = {},
): Promise<Explanation> {
  const tally = new CodeTally(options.knowledge ?? codeKnowledge());
  const decoder = new LineDecoder();
  for await (const chunk of chunks) for (const line of decoder.push(chunk)) tally.add(line);
  for (const line of decoder.end()) tally.add(line);
  return toExplanation(tally, source, decoder.encoding, options);
}

function toExplanation(
  tally: CodeTally,
  source: Pick<Explanation['source'], 'kind' | 'name'>,
  encoding: TextEncoding,
  options: ExplainOptions,
): Explanation {
  const knowledge = options.knowledge ?? codeKnowledge();
  if (tally.sightings.length === 0 && tally.onlyLine !== null) {
    const whole = readWholeCode(tally.onlyLine, knowledge);
    if (whole !== null) tally.addWhole(whole);
  }
  const spoken = rankAreas(tally.clues, tally.kind);
  const explain = (seen: Sightings): ExplainedCode => explainCode(seen, spoken, knowledge, options.playbookOf);
  return {
    kintsugi: 'explanation/v1',
    source: { ...source, lines: tally.lines, encoding, log: tally.kind },
    areas: spoken.flatMap((name) => {
      const area = knowledge.areas.get(name);
      return area === undefined ? [] : [{ name, title: area.title, lines: tally.clues.get(name) ?? 0 }];
    }),
    codes: rankCodes(tally.sightings, knowledge).map(explain),
    more: tally.more,
  };
}

function explainCode(
  seen: Sightings,
  spoken: readonly string[],
  knowledge: CodeKnowledge,
  playbookOf: ExplainOptions['playbookOf'],
): ExplainedCode {
  const { value, raw, extend, count, first, last, lines, component, written } = seen;
  const entry = value === null ? null : (findKnown(value, knowledge)?.entry ?? null);
  const setup = extend === null ? null : readExtendCode(extend, knowledge);
  // An extend code says that Windows setup speaks.
  const about = setup === null ? spoken : ['setup', ...spoken.filter((name) => name !== 'setup')];
  const areas = entry === null ? about.slice(0, 1) : areasOf(entry, about);
  const names = entry === null ? [] : rankPlaybooks(entry, about, knowledge);
  return {
    code: value === null ? null : hexOf(value),
    written,
    name: entry?.name ?? null,
    known: entry !== null || setup !== null,
    unverified: entry?.evidence === 'unverified',
    meaning: entry?.meaning ?? null,
    parts: raw === null ? null : takeApart(raw, knowledge),
    outer: entry?.outer === true,
    ask: entry === null ? null : openQuestion(entry, about),
    setup,
    causes: entry === null ? [] : rankCauses(entry, about).map(({ en, ja }) => ({ en, ja })),
    playbooks: [...new Set(names.flatMap((name) => playbookOf?.(name) ?? []))],
    look: [
      ...(setup?.look ? [setup.look] : []),
      ...areas.slice(0, 2).flatMap((name): readonly BothLanguages[] => knowledge.areas.get(name)?.look ?? []),
    ],
    seen: { count, first, last, lines, component },
  };
}
