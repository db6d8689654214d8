import { defineConfig } from 'vitest/config';

const project = (name: string, options: object = {}) => ({
  test: { name, include: [`test/${name}/**/*.test.ts`], testTimeout: 60_000, hookTimeout: 60_000, ...options },
});

export default defineConfig({
  test: {
    projects: [
      project('unit'),
      project('architecture'),
      project('contract'),
      project('integration', { testTimeout: 180_000 }),
      project('e2e', { testTimeout: 300_000, fileParallelism: false }),
    ],
  },
});
