import { expect, test } from 'vitest';
import { diagnoseSpecs } from '../diagnose-specs.ts';
import { corpusOf, type LabelledHost } from './corpus.ts';

/** Kept, so that a change shows; another one is drawn each time beside it. */
const seeds = [20261128, Date.now() % 1_000_000];

const share = (hits: readonly boolean[]): number => hits.filter(Boolean).length / Math.max(1, hits.length);

test.each(seeds)(
  'the corpus of seed %i is diagnosed rightly',
  async (seed) => {
    const corpus = corpusOf(seed, 20);
    const told = await diagnoseSpecs(new Map(corpus.map(({ name, spec }) => [name, spec])));
    const found = corpus.map((host) => ({
      host,
      ids: (told.get(host.name)?.diagnosis.causes ?? []).map(({ id }) => id),
    }));
    const faulty = found.filter(({ host }) => host.labels.length > 0);
    const first = faulty.map(({ host, ids }) => host.labels.flat().includes(ids[0] ?? ''));
    const three = faulty.flatMap(({ host, ids }) =>
      host.labels.map((names) => names.some((name) => ids.slice(0, 3).includes(name))),
    );
    const proposed = found.filter(
      ({ host }) =>
        host.labels.length === 0 && told.get(host.name)?.diagnosis.causes.some(({ playbook }) => playbook !== null),
    );
    const tookMs = (name: string): number => told.get(name)?.tookMs ?? 0;
    const slowest = Math.max(...corpus.map(({ name }) => tookMs(name)));
    const wrong = ({ host, ids }: { host: LabelledHost; ids: readonly string[] }): string =>
      `${host.name} ${JSON.stringify(host.spec)}: ${JSON.stringify(host.labels)} found ${JSON.stringify(ids)}`;
    const misses = [
      ...faulty.filter(({ host, ids }) =>
        host.labels.some((names) => !names.some((name) => ids.slice(0, 3).includes(name))),
      ),
      ...faulty.filter((_, index) => first[index] === false),
      ...proposed,
    ];
    process.stdout.write(
      `diagnose, seed ${seed}: ${corpus.length} hosts, first place ${(share(first) * 100).toFixed(1)} %, first three ${(share(three) * 100).toFixed(1)} %, playbooks for healthy hosts ${proposed.length}, slowest ${(slowest / 1000).toFixed(1)} s\n${[...new Set(misses)].map((each) => `  ${wrong(each)}\n`).join('')}`,
    );
    const slow = corpus.filter(({ name, labels }) => labels.length < 2 && tookMs(name) > 20_000);
    expect(slow.map((each) => each.name)).toEqual([]);
    expect(proposed.map(wrong)).toEqual([]);
    expect(share(first)).toBeGreaterThanOrEqual(0.9);
    expect(share(three)).toBeGreaterThanOrEqual(0.98);
  },
  600_000,
);
