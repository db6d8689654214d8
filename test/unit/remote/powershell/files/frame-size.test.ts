import { expect, it } from 'vitest';
import { FrameSize } from '../../../../../src/remote/powershell/files/frame-size.ts';
import type { ShellInfo } from '../../../../../src/remote/powershell/remote-shell.ts';

const info: ShellInfo = { host: 'h', shellId: 's', transport: 'winrm', mechanism: 'ntlm', sealed: true };

it('a frame fills an envelope and stays within it, in base64 of base64', () => {
  for (const envelopeBytes of [153_600, 512_000, 8_192_000]) {
    const { mostPacked, next } = new FrameSize({ ...info, envelopeBytes });
    expect(next).toBe(mostPacked);
    expect((mostPacked * 16) / 9).toBeLessThan(envelopeBytes - 10_000);
    expect((mostPacked * 16) / 9).toBeGreaterThan(envelopeBytes * 0.9);
  }
});

it('takes more of a file that packs well, and less again when it packs worse', () => {
  const size = new FrameSize({ ...info, envelopeBytes: 512_000 });
  const first = size.next;
  size.learn(first, first / 10);
  expect(size.next).toBeGreaterThan(first * 8);
  size.learn(size.next, size.next);
  expect(size.next).toBeLessThan(first);
  size.learn(first, 1);
  expect(size.next).toBe(8 * 1024 * 1024);
});
