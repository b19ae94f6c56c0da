import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Question } from './src/question.ts';

/** Where the example queries are: `name.graphql`, with `name.json` beside it for its variables. */
export const QUESTIONS_FOLDER = path.resolve(import.meta.dirname, '../../gateway/e2e/questions');

/** The example queries of a folder, by file name. Throws when one of them lacks its comment. */
export function readQuestions(folder = QUESTIONS_FOLDER): Question[] {
  const variablesOf = new Map(
    globSync('*.json', { cwd: folder }).map((file) => [path.parse(file).name, readFileSync(path.join(folder, file), 'utf8').trim()]),
  );
  return globSync('*.graphql', { cwd: folder })
    .toSorted()
    .map((file) => parseQuestion(file, readFileSync(path.join(folder, file), 'utf8'), variablesOf.get(path.parse(file).name) ?? ''));
}

/** Reads one: a comment that begins with the question and ends with `For:` and perhaps `Purpose:`, then one operation. */
function parseQuestion(file: string, text: string, variables: string): Question {
  const [, comment = '', operation = ''] = /^((?:#.*\n)+)([\s\S]*)$/.exec(text) ?? [];
  const lines = comment
    .trimEnd()
    .split('\n')
    .map((line) => line.replace(/^# ?/, ''));
  const named = (label: string) => lines.find((line) => line.startsWith(`${label}: `))?.slice(label.length + 2);
  const [title = '', ...about] = lines.filter((line) => line !== '' && !/^(For|Purpose): /.test(line));
  const name = /^(?:query|mutation) (\w+)/.exec(operation)?.[1];
  const personas = named('For')?.split(', ') ?? [];
  if (!name || title === '' || personas.length === 0)
    throw new Error(`${file}: begin it with a comment that asks the question and says "# For: <personas>", then one named operation.`);
  const shown = [title, ...about]
    .flatMap(wrap)
    .map((line) => `# ${line}\n`)
    .join('');
  return {
    name,
    title,
    about: about.join(' '),
    personas,
    purpose: named('Purpose') ?? null,
    query: shown + operation.trimEnd(),
    variables,
  };
}

const COLUMNS = 50;

/** A line as several, so that it can be read in a narrow editor. */
function wrap(line: string): string[] {
  const lines: string[] = [];
  for (const word of line.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= COLUMNS) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
