import { existsSync, writeFileSync } from 'node:fs';
import type { GatewayConfig } from '@commonweal/gateway/config.ts';
import postgres from 'postgres';
import type { ScriptConfig } from './config.ts';
import type { Progress } from './progress.ts';
import { isSeeded, type SeedProgress, seed } from './seed/seed.ts';
import type { Launch } from './up.system.ts';

// The same country on every laptop, so that what one reads of it holds for all.
const COUNTRY = 1;

/** Makes the demo country in registries that are empty; notes in the data folder whom the demo speaks of. Not in production. */
export async function prepareCountry(
  { data, households }: ScriptConfig,
  config: GatewayConfig,
  urls: Launch['urls'],
  progress: Progress,
): Promise<void> {
  if (config.environment === 'production') return;
  if (await isSeeded(urls.persons.migratorUrl)) {
    if (!existsSync(data.demo)) note(data.demo, { beneficiary: await somebody(urls) });
    return;
  }
  const { examples } = await progress.step(`A country of ${households} households, made up once`, (tell) =>
    seed({ urls, secret: config.secret, households, seed: COUNTRY, onProgress: (p) => tell(how(p)) }),
  );
  const { uin, ...rest } = examples;
  note(data.demo, { ...rest, nationalId: uin });
}

const note = (file: string, demo: object) => writeFileSync(file, JSON.stringify(demo, null, 2));

const how = ({ phase, done, of, persons }: SeedProgress): string =>
  phase === 'rows'
    ? `${done} of ${of} households, ${persons} persons`
    : `${phase === 'indexes' ? 'indexes' : 'statistics'}, ${done} of ${of}`;

/** A beneficiary of a country that was made elsewhere: somebody who is enrolled, always the same. */
async function somebody(urls: Launch['urls']): Promise<string | undefined> {
  const sql = postgres(urls.programs.migratorUrl, { max: 1, onnotice: () => {}, connection: { search_path: 'programs,public' } });
  try {
    const [found] = await sql<
      { person_id: string }[]
    >`select person_id from enrollment where status = 'ENROLLED' order by person_id limit 1`;
    return found?.person_id;
  } finally {
    await sql.end();
  }
}
