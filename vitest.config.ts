import { defineConfig } from 'vitest/config';

// `--mode executors`: registries run each query by both executors, which must not differ.
export default defineConfig(({ mode }) => ({
  test: {
    provide: { executors: mode === 'executors' ? 'both' : 'jit' },
    include: ['**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    // Vite resolves graphql to its ES module while Apollo's CommonJS takes the other one, and two copies refuse each other's schemas.
    alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }],
    globalSetup: ['scripts/test-global.ts'],
    reporters: ['default', './scripts/closing-line.ts'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    pool: 'forks',
    maxWorkers: 2,
  },
}));
