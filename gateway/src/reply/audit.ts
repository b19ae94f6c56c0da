import { randomUUID } from 'node:crypto';
import type { AuditRecord, Decision, FetchReport, Principal, Registrar } from '@commonweal/schema';
import type { Metrics, Outcome } from '../graph.metrics.ts';
import { operationLabel } from '../http/labels.ts';

/** Records that are written in one go at the most. */
const BATCH = 500;

/** Hands records to the consent registry. Resolves when a record is on disk; rejects when that cannot be had in time. */
export type WriteAudit = (record: AuditRecord) => Promise<void>;

interface Waiting {
  readonly record: AuditRecord;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Group commit: one write is under way at a time, and what arrives meanwhile travels together in the next. */
export function auditWriter(registrar: Registrar, waitMs: number, metrics: Metrics): WriteAudit {
  let waiting: Waiting[] = [];
  let writing = false;

  async function flush(): Promise<void> {
    writing = true;
    while (waiting.length > 0) {
      const batch = waiting.slice(0, BATCH);
      waiting = waiting.slice(BATCH);
      try {
        await inTime(waitMs, registrar.audit(batch.map((w) => w.record)));
        for (const w of batch) w.resolve();
      } catch (error) {
        for (const w of batch) w.reject(error);
      }
    }
    writing = false;
  }

  return async (record) => {
    const began = performance.now();
    const written = new Promise<void>((resolve, reject) => waiting.push({ record, resolve, reject }));
    if (!writing) void flush();
    try {
      // Those that wait behind a slow write wait no longer than one that is written at once.
      await inTime(waitMs, written);
      metrics.audit('OK', (performance.now() - began) / 1000);
    } catch (error) {
      metrics.audit('FAILED', (performance.now() - began) / 1000);
      throw error;
    }
  };
}

async function inTime<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`the audit record was not written within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** What is known of an operation when its answer is ready. */
export interface Audited {
  readonly at: Date;
  readonly requestId: string;
  readonly principal: Principal;
  readonly decision: Decision | null;
  readonly operationName: string | null;
  /** SHA-256 of the operation's text, base64url. */
  readonly operationHash: string;
  readonly reports: readonly FetchReport[];
  readonly codes: readonly string[];
  readonly denied: readonly string[];
  readonly outcome: Outcome;
}

/** The record of one operation. No values: who, what for, which operation, whose rows, which fields, how it ended. */
export function auditRecord(a: Audited): AuditRecord {
  const errors: Record<string, number> = {};
  for (const code of a.codes) errors[code] = (errors[code] ?? 0) + 1;
  const alternatives = a.decision?.alternatives ?? [];
  const bases = [...new Set(alternatives.map((x) => x.lawfulBasis))].sort();
  return {
    id: randomUUID(),
    at: a.at.toISOString(),
    requestId: a.requestId,
    consumer: a.principal.consumer,
    user: a.principal.user,
    onBehalfOf: a.principal.person,
    purpose: a.principal.purpose,
    lawfulBasis: bases[0] ?? null,
    agreements: [...new Set(alternatives.flatMap((x) => (x.agreement === null ? [] : [x.agreement])))].sort(),
    // A client may write anything into a name, a number of somebody or a megabyte: the log of looks holds no values.
    operationName: a.operationName === null ? null : operationLabel(a.operationName),
    operationHash: a.operationHash,
    epoch: a.decision?.epoch ?? 0,
    digest: a.decision?.digest ?? '',
    reports: a.reports,
    errors,
    denied: a.denied,
    outcome: a.outcome,
  };
}
