import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { settingsTable } from '@commonweal/gateway/config.settings.ts';
import { SETTINGS } from '@commonweal/gateway/config.ts';
import { ROOT } from './config.ts';

/** The README with its generated parts as they should be now: the table of settings is the code's own. */
export function freshReadme(text: string): string {
  return between(text, 'settings', settingsTable(SETTINGS));
}

function between(text: string, part: string, content: string): string {
  const [begin, end] = [`<!-- ${part}: begin -->`, `<!-- ${part}: end -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`README.md has no part "${part}": it must hold ${begin} and ${end}.`);
  return `${text.slice(0, from + begin.length)}\n${content}\n${text.slice(to)}`;
}

// `--check` says whether it is fresh, without writing.
const file = path.join(ROOT, 'README.md');
const now = readFileSync(file, 'utf8');
const fresh = freshReadme(now);
if (process.argv.includes('--check')) {
  if (now !== fresh) {
    console.error('README.md: the table of settings is stale. Run `npm run readme` and commit it.');
    process.exitCode = 1;
  }
} else writeFileSync(file, fresh);
