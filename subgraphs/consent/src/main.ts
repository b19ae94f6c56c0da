import { openPool } from '@commonweal/kit';
import { readSupergraph } from '@commonweal/kit/config.ts';
import { RECEIVERS, runProcess } from '@commonweal/kit/main.ts';
import { type AuditRecord, buildCatalog } from '@commonweal/schema';
import { parse } from 'graphql';
import { readConsentConfig } from './config.ts';
import { consent } from './index.ts';
import { createRegistrar } from './policy/registrar.ts';

await runProcess(consent, RECEIVERS.consent, async (config) => {
  const pool = openPool(config.databaseUrl, 'consent', 4);
  const registrar = createRegistrar(pool, { catalog: buildCatalog(parse(readSupergraph())), ...readConsentConfig() });
  return {
    registrar,
    internal: {
      policies: ({ knownEpoch }: { knownEpoch: number | null }) => registrar.policies(knownEpoch),
      operations: ({ knownEpoch }: { knownEpoch: number | null }) => registrar.operations(knownEpoch),
      audit: (records: readonly AuditRecord[]) => registrar.audit(records),
    },
    async stop() {
      await registrar.stop();
      await pool.end({ timeout: 5 });
    },
  };
});
