import { randomUUID } from 'node:crypto';
import { driverAddress } from '@commonweal/kit';
import { foldName, identifierHash } from '@commonweal/persons';
import { hopKey } from '@commonweal/schema';
import Fastify from 'fastify';
import postgres from 'postgres';
import type { RunningSystem } from './system.ts';

/** What the peer is started with. */
export interface HandwrittenOptions {
  /** Superuser's connection: no row-level security. */
  readonly adminUrl: string;
  /** The deployment's secret, base64: numbers are found through a hash that is keyed with it. */
  readonly secret: string;
  /** Whether each verification leaves a row, as the product's does. */
  readonly notes: boolean;
}

interface Body {
  readonly variables: {
    readonly identifier: { readonly type: string; readonly value: string };
    readonly birthDate: string;
    readonly surname: string;
    readonly program: string;
  };
}

interface Found {
  readonly active: boolean;
  readonly waives: boolean;
  readonly until: string | null;
}

/**
 * The verification as somebody would write it by hand, for the one question and nothing else: one handler, one joined and prepared statement over the
 * tables of two registries. No token, no access control, no limit of attempts, no record of who asked. The floor that the product is measured against.
 */
export async function startHandwritten(options: HandwrittenOptions): Promise<RunningSystem> {
  const address = driverAddress(options.adminUrl);
  const sql = postgres(address.url, { ...address.options, max: 16, onnotice: () => {} });
  const key = hopKey(Buffer.from(options.secret, 'base64'), 'identifier-hash');
  const http = Fastify({ logger: false });
  http.post('/graphql', async (request) => {
    const { identifier, birthDate, surname, program } = (request.body as Body).variables;
    const asked = { hash: identifierHash(key, identifier.type, identifier.value), birthDate, surname: foldName(surname), program };
    const reference = randomUUID();
    const [found] = options.notes ? await findAndNote(sql, asked, reference) : await find(sql, asked);
    const until = found?.waives ? found.until : null;
    return {
      data: {
        verifyBeneficiary: {
          status: found?.active ? 'ACTIVE' : 'NOT_ACTIVE',
          entitled: found?.waives ? until !== null : null,
          entitledUntil: until,
          reference,
          verifiedAt: new Date().toISOString(),
        },
      },
    };
  });
  return {
    url: await http.listen({ host: '127.0.0.1', port: 0 }),
    async stop() {
      await http.close();
      await sql.end({ timeout: 5 });
    },
  };
}

interface Asked {
  readonly hash: Buffer;
  readonly birthDate: string;
  readonly surname: string;
  readonly program: string;
}

const find = (sql: postgres.Sql, { hash, birthDate, surname, program }: Asked) => sql<Found[]>`
  select
    exists (select from programs.enrollment e where e.person_id = p.person_id and e.program_id = g.program_id and e.status = 'ENROLLED') as active,
    g.type = 'FEE_WAIVER' as waives,
    (select max(b.valid_until)::text from programs.benefit b
     join programs.enrollment e on e.person_id = b.person_id and e.enrollment_id = b.enrollment_id and e.status = 'ENROLLED'
     where b.person_id = p.person_id and b.program_id = g.program_id and b.status in ('APPROVED', 'ISSUED')
       and current_date between b.valid_from and b.valid_until) as until
  from persons.identifier_key k
  join persons.person p on p.person_id = k.person_id and p.status = 'ACTIVE' and p.birth_date = ${birthDate}::text::date and p.surname_key = ${surname}
  join programs.program g on g.code = ${program}
  where k.value_hash = ${hash}`;

const findAndNote = (sql: postgres.Sql, asked: Asked, reference: string) => sql<Found[]>`
  with found as (${find(sql, asked)}), noted as (
    insert into persons.verification (subject_hash, reference, consumer_id, program_code, confirmed)
    select ${asked.hash}, ${reference}, 'clinic', ${asked.program}, exists (select from found)
  ) select * from found`;
