import { customType } from 'drizzle-orm/pg-core';

/** A path of labels (`KE.23.02`), PostgreSQL's ltree. */
export const ltree = customType<{ data: string }>({ dataType: () => 'ltree' });
/** Raw bytes. */
export const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' });
