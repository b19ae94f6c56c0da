import os from 'node:os';
import { parseArgs } from 'node:util';
import { suspendConsumer } from '@commonweal/consent/policy/publish.ts';
import postgres from 'postgres';
import { type RunCommand, runAsProcess, wrongArguments } from './command.ts';
import { readScriptConfig } from './config.ts';
import { openDatabase } from './database.ts';
import { StartupProblem } from './startup-problem.ts';
import { table } from './table.ts';

const USAGE = `Usage: npm run consumers -- list
       npm run consumers -- suspend <code> [--why <reason>] [--by <who>]
       npm run consumers -- admit <code> [--why <reason>] [--by <who>]

Who may ask at all. What is changed here holds within a second, in all gateways and registries.

  list     all consumers, and the number of sharing policies that hold for each now
  suspend  cuts a consumer off, whatever its tokens and policies say: for instance when its tokens were stolen
  admit    lets it in again, under the policies that hold then

  --why <reason>        kept with the change
  --by <who>            who changes it [the user of this computer]
  --database-url <url>  administrator's url of the database [DATABASE_URL, else the local system's]

Exit code 1 when there is no such consumer, 2 when it could not be tried.
`;
const see = 'See npm run consumers -- --help.';

/** Does one command; false when there is no such consumer. Throws `StartupProblem` when it could not be tried. */
export const runConsumers: RunCommand = async (args, env, say) => {
  const { verb, code, values } = readCommand(args);
  if (verb === 'help') {
    say(USAGE.trimEnd());
    return true;
  }
  const database = await openDatabase(readScriptConfig(env), values['database-url']);
  const sql = postgres(database.urls.consent.migratorUrl, { max: 1, onnotice: () => {}, connection: { search_path: 'consent,public' } });
  try {
    if (verb === 'list') {
      say(await consumerTable(sql));
      return true;
    }
    const by = `by ${values.by ?? `cli:${os.userInfo().username}`}`;
    const done = await suspendConsumer(sql, code, verb === 'suspend', values.why ? `${by}: ${values.why}` : by);
    if (done === 'NO_SUCH_CONSUMER') say(`There is no consumer ${code}. npm run consumers -- list names them.`);
    else if (verb === 'suspend') say(done === 'CHANGED' ? `${code} is cut off.` : `${code} was cut off already.`);
    else say(done === 'CHANGED' ? `${code} is let in again.` : `${code} was not cut off.`);
    return done !== 'NO_SUCH_CONSUMER';
  } finally {
    await sql.end({ timeout: 5 });
    await database.close();
  }
};

async function consumerTable(sql: postgres.Sql): Promise<string> {
  const rows = await sql<{ code: string; name: string; kind: string; suspended: boolean; policies: number }[]>`
    select c.consumer_id as code, c.name, c.kind, c.suspended, count(p.*)::int as policies
    from consumer c left join sharing_policy p
      on p.consumer_id = c.consumer_id and p.status = 'PUBLISHED' and p.valid_from <= now() and (p.valid_until is null or p.valid_until > now())
    group by 1 order by 1`;
  if (rows.length === 0) return 'There is no consumer yet.';
  return table(
    ['code', 'name', 'kind', 'policies', 'state'],
    rows.map((r) => [r.code, r.name, r.kind, String(r.policies), r.suspended ? 'suspended' : 'admitted']),
  );
}

function readCommand(args: readonly string[]) {
  const { values, positionals } = parsed(args);
  const [verb, code = '', ...more] = positionals;
  if (values.help) return { verb: 'help', code, values } as const;
  if (more.length > 0) throw new StartupProblem(`"${more[0]}" is one argument too many.`, see);
  if (verb === 'list' && code === '') return { verb, code, values } as const;
  if (verb !== 'suspend' && verb !== 'admit') throw new StartupProblem('Say list, suspend or admit.', see);
  if (code === '') throw new StartupProblem('The code of the consumer is missing.', see);
  return { verb, code, values } as const;
}

function parsed(args: readonly string[]) {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { why: text, by: text, 'database-url': text, help: { type: 'boolean', default: false } },
    });
  } catch (error) {
    throw wrongArguments(error, see);
  }
}

if (import.meta.main) await runAsProcess(runConsumers);
