import { describe, expect, it } from 'vitest';
import type { CliServices } from '../../../../../src/front/cli/services.ts';
import { runWith } from '../fake-services.ts';

describe('jea export', () => {
  const given: unknown[] = [];
  const exportEndpoint: CliServices['exportEndpoint'] = async (request, folder) => {
    given.push({ ...request, folder });
    return {
      name: request.name,
      group: request.group,
      playbooks: request.playbooks,
      actions: ['a/one', 'b/two'],
      content: '0123456789abcdef'.repeat(4),
      files: new Map([
        ['Kintsugi/Kintsugi.psm1', 'text'],
        ['jea.ps1', 'text'],
      ]),
    };
  };

  it('hands over playbooks, folder, name and group, with defaults', async () => {
    await runWith(['jea', 'export', 'a', 'b'], { exportEndpoint });
    await runWith('jea export a --out o --name Own --group S-1-5-32-545'.split(' '), { exportEndpoint });
    expect(given.splice(0)).toEqual([
      { playbooks: ['a', 'b'], name: 'Kintsugi', group: 'S-1-5-32-544', folder: 'kintsugi-endpoint' },
      { playbooks: ['a'], name: 'Own', group: 'S-1-5-32-545', folder: 'o' },
    ]);
  });

  it('shows what was written, what it allows and how it is installed', async () => {
    const { code, out } = await runWith('jea export a --name Own'.split(' '), { exportEndpoint });
    expect(code).toBe(0);
    expect(out).toMatch(
      /^Endpoint Own \(content 0123456789abcdef\): kintsugi-endpoint\n {2}Kintsugi\/Kintsugi\.psm1\n/,
    );
    expect(out).toMatch(/nothing else:\n {2}a\/one\n {2}b\/two\n/);
    expect(out).toContain('-File jea.ps1 -Name Own\n');
    expect(out).toMatch(/Register-PSSessionConfiguration -Name Own -Path Own\.pssc/);
    expect(out).toMatch(/\n {2}configurationName: Own$/);
    const japanese = await runWith('jea export a --lang ja'.split(' '), { exportEndpoint });
    expect(japanese.out).toContain('次のアクションだけを許可します');
  });

  it('prints JSON with the names of the files', async () => {
    const { out } = await runWith('jea export a --json'.split(' '), { exportEndpoint });
    expect(JSON.parse(out)).toMatchObject({
      name: 'Kintsugi',
      folder: 'kintsugi-endpoint',
      actions: ['a/one', 'b/two'],
      files: ['Kintsugi/Kintsugi.psm1', 'jea.ps1'],
    });
  });

  it('takes the word export and at least one playbook', async () => {
    expect(await runWith(['jea', 'import', 'a'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('jea export'),
    });
    expect((await runWith(['jea', 'export'])).code).toBe(2);
  });
});
