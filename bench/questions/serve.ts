/** A system under test, a process of its own. Started by `child.ts`; the first message says which system. */
import type { Hot } from '../profile.ts';
import { serveParent } from './child.ts';
import { startHandwritten } from './handwritten.ts';
import { startOpenSystem } from './open.ts';
import { startProfile } from './profile.ts';
import { type RunningSystem, type SystemOptions, startSystem } from './system.ts';

/** The systems that are compared. */
export type Mode = 'product' | 'without audit' | 'allow-all' | 'handwritten' | 'handwritten with attempt';

/** What can be asked of a system under test. */
export type ServeQuestion =
  | ({ readonly kind: 'start'; readonly mode: Mode; readonly adminUrl: string; readonly isWatched?: boolean } & Omit<
      SystemOptions,
      'audit'
    >)
  /** CPU seconds of the process so far. */
  | { readonly kind: 'cpu' }
  /** Fetches and statements since the last time. */
  | { readonly kind: 'watched' }
  | { readonly kind: 'profile' }
  | { readonly kind: 'profiled' };

/** What it replies, by the kind of question. */
export interface ServeReply {
  readonly url?: string;
  readonly cpu?: number;
  readonly fetches?: readonly string[];
  readonly statements?: readonly string[];
  readonly hot?: Hot;
}

let profile: (() => Promise<Hot>) | undefined;
const fetches: string[] = [];
const statements: string[] = [];

async function start(question: Extract<ServeQuestion, { kind: 'start' }>): Promise<RunningSystem> {
  const { mode, adminUrl, secret, isWatched } = question;
  const watch = isWatched
    ? { onFetch: (name: string) => void fetches.push(name), onStatement: (text: string) => void statements.push(text) }
    : {};
  if (mode === 'product' || mode === 'without audit') return startSystem({ ...question, ...watch, audit: mode === 'product' });
  if (mode === 'allow-all') return startOpenSystem({ ...question, audit: false });
  return startHandwritten({ adminUrl, secret, notes: mode === 'handwritten with attempt' });
}

serveParent<ServeQuestion, ServeReply>(async (question) => {
  if (question.kind === 'start') return { url: (await start(question)).url };
  if (question.kind === 'watched') return { fetches: fetches.splice(0), statements: statements.splice(0) };
  if (question.kind === 'profile') {
    profile = await startProfile();
    return {};
  }
  if (question.kind === 'profiled') return { hot: await profile?.() };
  const { user, system } = process.cpuUsage();
  return { cpu: (user + system) / 1e6 };
});
