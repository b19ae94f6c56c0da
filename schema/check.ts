import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { composeFolders, generatedFiles } from './compose.ts';
import { lintComposition, lintSubgraphs } from './lint.ts';

/** Composes the subgraphs, looks at them by the rules, and compares the committed files with what composing gives now. Exits 1 with all that is wrong. */
const composition = composeFolders();
const faults = [...lintSubgraphs(composition.subgraphs), ...lintComposition(composition)];
for (const [path, text] of generatedFiles(composition)) {
  let committed = '';
  try {
    committed = readFileSync(join(import.meta.dirname, path), 'utf8');
  } catch {
    // A file that is not there is as stale as one that differs.
  }
  if (committed !== text)
    faults.push({
      rule: 'stale',
      where: `schema/${path}`,
      message:
        'does not fit the SDL any more: run `npm run compose` and commit the difference, which is the change that a reviewer looks at',
    });
}
for (const f of faults) console.error(`${f.rule}: ${f.where}: ${f.message}`);
console.log(
  faults.length === 0
    ? 'The schema composes, keeps the rules, and the generated files are fresh.'
    : `${faults.length} faults in the schema.`,
);
process.exitCode = faults.length === 0 ? 0 : 1;
