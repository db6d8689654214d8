import { describe, expect, it, vi } from 'vitest';
import { FrameReader } from '../../../../../src/remote/transport/bridge/bridge-frames.ts';

const frame = (kind: string, clixml: string) => `${kind} ${Buffer.from(clixml, 'utf8').toString('base64')}\n`;
const answer = (part: string) => `\ntok{${part}}tok\n`;

describe('FrameReader', () => {
  it('gives the frames of an answer in their order', () => {
    const text = frame('warning', '<S>careful</S>') + frame('output', '<I32>5</I32>');
    expect(new FrameReader('tok').read(answer(text))).toEqual([
      { kind: 'warning', value: 'careful' },
      { kind: 'output', value: 5 },
    ]);
  });

  it('puts a frame together that was cut anywhere', () => {
    const text = frame('warning', '<S>careful</S>') + frame('end', '<Nil />');
    for (let cut = 0; cut <= text.length; cut++) {
      const reader = new FrameReader('tok');
      const frames = [...reader.read(answer(text.slice(0, cut))), ...reader.read(answer(text.slice(cut)))];
      expect(frames, `cut at ${cut}`).toEqual([
        { kind: 'warning', value: 'careful' },
        { kind: 'end', value: null },
      ]);
    }
  });

  it('reads a frame of many parts once, not again with each part that follows', () => {
    const reader = new FrameReader('tok');
    const parts = Array.from({ length: 400 }, (_, index) => (index === 0 ? 'output AAAA' : 'A'.repeat(1_000)));
    const split = vi.spyOn(String.prototype, 'split');
    const joined = vi.spyOn(Array.prototype, 'join');
    try {
      for (const part of parts) expect(reader.read(answer(part))).toEqual([]);
      const looked = split.mock.contexts.reduce<number>((sum, text) => sum + String(text).length, 0);
      expect(looked).toBe(parts.reduce((sum, part) => sum + part.length, 0));
      expect(joined.mock.calls).toEqual([]);
    } finally {
      vi.restoreAllMocks();
    }
  });

  it('takes no frame without end', () => {
    const reader = new FrameReader('tok', 10_000);
    const half = 'A'.repeat(5_000);
    expect(reader.read(answer(half))).toEqual([]);
    expect(reader.read(answer(half))).toEqual([]);
    expect(() => reader.read(answer('A'))).toThrow(/one object of more than 10000 characters/u);
  });

  it('keeps what was printed around answers, and no more of it than it may', () => {
    const reader = new FrameReader('tok');
    reader.read(`ssh: Connection refused${answer('')}`);
    reader.read(answer(''));
    expect(reader.noise).toBe('ssh: Connection refused');
    reader.read(`${'x'.repeat(10_000)}${answer('')}`);
    expect(reader.noise.length).toBeLessThanOrEqual(4_000);
  });

  it('takes no frame from outside of an answer: what a host prints is none', () => {
    const forged = frame('end', '<Nil />');
    const reader = new FrameReader('tok');
    expect(reader.read(`${forged}other{${forged}}other${answer('')}${forged}`)).toEqual([]);
  });

  it('refuses what holds no answer, and tells what was printed instead', () => {
    expect(() => new FrameReader('tok').read('Segmentation fault')).toThrow(/It printed: Segmentation fault/u);
    expect(() => new FrameReader('tok').read('')).toThrow(/It printed: nothing/u);
  });

  it.each(['nonsense PFM+\n', 'output P!FM\n', 'output\n', 'WARNING: careful\n'])('refuses the line %j', (line) => {
    expect(() => new FrameReader('tok').read(answer(line))).toThrow(
      expect.objectContaining({ code: 'protocol-error' }) as Error,
    );
  });
});
