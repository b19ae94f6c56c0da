import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Principal, personaPrincipal } from '@commonweal/schema';

/** One of the reference questions: for whom it is, and what it is asked with. */
export interface Question {
  readonly name: string;
  readonly text: string;
  readonly variables: Readonly<Record<string, unknown>> | undefined;
  readonly principal: Principal;
}

const folder = fileURLToPath(new URL('../../e2e/questions/', import.meta.url));

/** The reference questions, with the placeholders of their variables as they stand: the fakes answer to anything. */
export const QUESTIONS: readonly Question[] = readdirSync(folder)
  .filter((file) => file.endsWith('.graphql'))
  .map((file) => {
    const text = readFileSync(folder + file, 'utf8');
    const said = (what: string) => new RegExp(`^# ${what}: ([\\w.-]+)`, 'm').exec(text)?.[1];
    const variables = folder + file.replace(/\.graphql$/, '.json');
    return {
      name: file.replace(/\.graphql$/, ''),
      text,
      variables: existsSync(variables) ? JSON.parse(readFileSync(variables, 'utf8')) : undefined,
      principal: personaPrincipal(said('For') ?? 'anonymous', { purpose: said('Purpose'), person: '40000000-0000-4000-8000-000000000001' }),
    };
  });
