import { afterEach, describe, expect, it, vi } from 'vitest';
import { childEnvironment, sshEnvironment } from '../../../../src/remote/transport/child-environment.ts';

afterEach(() => vi.unstubAllEnvs());

describe('The environment of a child program', () => {
  it.each([
    ['KT_PASSWORD'],
    ['KT_OPS'],
    ['DATABASE_URL'],
    ['AWS_ACCESS_KEY_ID'],
    ['GITHUB_PAT'],
    ['NODE_OPTIONS'],
    ['HTTPS_PROXY'],
    ['PATHS'],
    ['LC_1'],
    ['KRB5_PASSWORD'],
  ])('is without %s, whatever its name says', (name) => {
    vi.stubEnv(name, 'canary');
    expect(Object.values(childEnvironment())).not.toContain('canary');
  });

  it.each([
    ['PATH'],
    ['Path'],
    ['SYSTEMROOT'],
    ['ProgramFiles(x86)'],
    ['LC_CTYPE'],
    ['KRB5CCNAME'],
    ['PSModulePath'],
    ['PROCESSOR_ARCHITECTURE'],
  ])('has %s, in capitals or not', (name) => {
    vi.stubEnv(name, 'needed');
    expect(childEnvironment()[name]).toBe('needed');
  });

  it('has what is set beside it', () => {
    vi.stubEnv('PATH', '/bin');
    expect(childEnvironment({ NO_COLOR: '1', PATH: '/other' })).toMatchObject({ NO_COLOR: '1', PATH: '/other' });
  });

  it('has the way to the agent of keys only where ssh is started', () => {
    vi.stubEnv('SSH_AUTH_SOCK', '/run/agent');
    expect(childEnvironment()).not.toHaveProperty('SSH_AUTH_SOCK');
    expect(sshEnvironment()).toEqual({ SSH_AUTH_SOCK: '/run/agent' });
    vi.stubEnv('SSH_AUTH_SOCK', undefined);
    expect(sshEnvironment()).toEqual({});
  });
});
