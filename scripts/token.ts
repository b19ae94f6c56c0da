import { existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { purposeAndParents } from '@commonweal/schema';
import { PERSONAS, type Persona } from '@commonweal/schema/reference/personas.ts';
import { type DataFolder, readScriptConfig } from './config.ts';
import { signDevToken } from './dev-issuer.ts';

const USAGE = `Usage: npm run -s token -- <persona> [--purpose <purpose> | --all-purposes]

Prints a token of the local system for a persona, valid for eight hours, and nothing else. It carries the persona's first purpose,
the one that --purpose names, or all of them.

Personas:
${Object.entries(PERSONAS)
  .map(([name, { title, purposes }]) => `  ${name.padEnd(16)} ${title}: ${purposes.join(', ')}`)
  .join('\n')}
`;

/** A wish that cannot be fulfilled; the message is a sentence. */
class Refusal extends Error {}

/** The token of a persona; null for the one that has none. Throws `Refusal`. */
async function tokenFor(data: DataFolder, name: string, wanted: { purpose?: string | undefined; all: boolean }): Promise<string | null> {
  const persona = Object.hasOwn(PERSONAS, name) ? PERSONAS[name] : undefined;
  if (!persona) throw new Refusal(`There is no persona "${name}". There are: ${Object.keys(PERSONAS).join(', ')}.`);
  const purposes = purposesOf(name, persona, wanted);
  if (persona.consumer === 'anonymous') return null;
  if (!existsSync(data.issuerKey))
    throw new Refusal('The local system has not been started yet. Run "npm start" first; it makes the key that signs tokens.');
  return signDevToken(data, { ...persona, purposes, person: persona.person && demoPerson(data) });
}

function purposesOf(name: string, persona: Persona, { purpose, all }: { purpose?: string | undefined; all: boolean }): readonly string[] {
  if (purpose === undefined) return all ? persona.purposes : persona.purposes.slice(0, 1);
  if (purposeAndParents(purpose).some((above) => persona.purposes.includes(above))) return [purpose];
  throw new Refusal(`The persona ${name} may not state the purpose "${purpose}". It has: ${persona.purposes.join(', ')}.`);
}

function demoPerson(data: DataFolder): string {
  const notSeeded = new Refusal(
    'The demo country has not been made yet, so there is no beneficiary. Run "npm start" and wait until it says that the system runs.',
  );
  try {
    const { beneficiary } = JSON.parse(readFileSync(data.demo, 'utf8')) as { beneficiary?: unknown };
    if (typeof beneficiary === 'string') return beneficiary;
  } catch {
    throw notSeeded;
  }
  throw notSeeded;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      purpose: { type: 'string' },
      'all-purposes': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return void process.stdout.write(USAGE);
  const [name, ...more] = positionals;
  if (name === undefined || more.length > 0) throw new Refusal(`Name one persona.\n\n${USAGE}`);
  const token = await tokenFor(readScriptConfig().data, name, { purpose: values.purpose, all: values['all-purposes'] });
  if (token === null) process.stderr.write('Anybody may ask without a token: leave the Authorization header out.\n');
  else process.stdout.write(`${token}\n`);
}

await main().catch((error: unknown) => {
  process.stderr.write(`commonweal: ${(error as Error).message}\n`);
  process.exitCode = 1;
});
