import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A process of ours that answers one message after the other. */
export interface Child<Question, Reply> {
  readonly pid: number;
  ask(question: Question): Promise<Reply>;
  stop(): Promise<void>;
}

/** Starts a file of this folder as a process of its own. */
export function startChild<Question, Reply>(file: string): Child<Question, Reply> {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), [], {
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    pid: child.pid ?? 0,
    async ask(question) {
      const reply = new Promise<{ reply: Reply } | { fault: string }>((resolve) =>
        child.once('message', (message) => resolve(message as never)),
      );
      child.send(question as object);
      const gone = exited.then(() => ({ fault: `${file} has ended` }));
      const told = await Promise.race([reply, gone]);
      if ('fault' in told) throw new Error(told.fault);
      return told.reply;
    },
    async stop() {
      child.kill('SIGTERM');
      await exited;
    },
  };
}

/** In such a process: answers the parent's messages, and ends with the parent. */
export function serveParent<Question, Reply>(answer: (question: Question) => Promise<Reply>): void {
  process.on('message', (question) => {
    answer(question as Question).then(
      (reply) => process.send?.({ reply }),
      (error: unknown) => process.send?.({ fault: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    );
  });
  process.once('disconnect', () => process.exit(0));
}
