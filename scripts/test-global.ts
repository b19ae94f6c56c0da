import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { generateIfStale } from './codegen.ts';
import { startPostgres } from './postgres.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Superuser's connection to the test PostgreSQL of this run, database `postgres`. A test file makes a database of its own there. */
    adminUrl: string;
  }
}

/** Once for each run: generates stale types, and starts the one PostgreSQL that all test files share. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await generateIfStale();
  const folder = mkdtempSync(path.join(os.tmpdir(), 'commonweal-test-'));
  // Where user namespaces are forbidden, root's PostgreSQL runs as nobody, who must pass here; what lies inside is closed by itself.
  chmodSync(folder, 0o711);
  try {
    const server = await startPostgres({ dataDir: path.join(folder, 'data'), port: 0, mode: 'test' });
    project.provide('adminUrl', server.url);
    return async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}
