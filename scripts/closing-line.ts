import { writeSync } from 'node:fs';
import type { Reporter, SerializedError, TestModule } from 'vitest/node';

/** Vitest reporter that prints `N passed, N failed` (and `, N skipped` if any) as the very last line, for people and programs that read only that. */
export default class ClosingLine implements Reporter {
  #line: string | undefined;

  onInit(): void {
    // At exit, because Vitest itself still prints after the last event of a reporter.
    process.once('exit', () => {
      if (this.#line === undefined) process.exitCode ||= 1;
      writeSync(1, `${this.#line ?? '0 passed, 1 failed'}\n`);
    });
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const count = { passed: 0, failed: unhandled.length, skipped: 0 };
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        // Pending at the end of the run means that the run broke off before it.
        count[state === 'pending' ? 'failed' : state]++;
      }
      // A file that does not load and a beforeAll that throws belong to no test, but must not look like success.
      const broken = [module, ...module.children.allSuites()].filter((suite) => suite.errors().length > 0);
      count.failed += broken.length;
    }
    if (modules.length === 0) count.failed ||= 1;
    if (count.failed > 0) process.exitCode = 1;
    this.#line = `${count.passed} passed, ${count.failed} failed${count.skipped > 0 ? `, ${count.skipped} skipped` : ''}`;
  }
}
