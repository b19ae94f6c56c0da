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
  /** By the clock of `performance`, as all times here. */
  readonly since: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Group commit: one write is under way at a time, and what arrives meanwhile travels together in the next. */
export function auditWriter(registrar: Registrar, waitMs: number, metrics: Metrics): WriteAudit {
  let waiting: Waiting[] = [];
  let underWay: { readonly batch: readonly Waiting[]; readonly since: number; readonly giveUp: (error: Error) => void } | null = null;
  let timer: NodeJS.Timeout | null = null;
  let isDue = false;

  async function flush(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, BATCH);
      waiting = waiting.slice(BATCH);
      const { promise: givenUp, reject: giveUp } = Promise.withResolvers<never>();
      underWay = { batch, since: performance.now(), giveUp };
      try {
        await Promise.race([registrar.audit(batch.map((w) => w.record)), givenUp]);
        for (const w of batch) w.resolve();
      } catch (error) {
        for (const w of batch) w.reject(error);
      }
    }
    underWay = null;
  }

  /** Not before the answers that arrived together have been dealt with: their records go together, so that one commit is for all of them. */
  function begin(): void {
    if (underWay || isDue) return;
    isDue = true;
    setImmediate(() => {
      isDue = false;
      void flush();
    });
  }

  /** One timer watches over all that waits: a timer for each would cost more than the rest of this. Whoever waits behind a slow write waits no longer than in it. */
  function watch(): void {
    const pending = [...(underWay?.batch ?? []), ...waiting];
    if (timer || pending.length === 0) return;
    const now = performance.now();
    const next = Math.min(pending.find((w) => w.since + waitMs > now)?.since ?? Infinity, underWay?.since ?? Infinity);
    timer = setTimeout(look, Math.max(1, next + waitMs - now)).unref();
  }

  function look(): void {
    timer = null;
    const late = performance.now() - waitMs;
    const error = new Error(`the audit record was not written within ${waitMs} ms`);
    // What is rejected here is written all the same, when it can be: what it tells of was done.
    for (const w of [...(underWay?.batch ?? []), ...waiting]) if (w.since <= late) w.reject(error);
    if (underWay && underWay.since <= late) underWay.giveUp(error);
    watch();
  }

  return async (record) => {
    const since = performance.now();
    const written = new Promise<void>((resolve, reject) => waiting.push({ record, since, resolve, reject }));
    begin();
    if (!timer) watch();
    try {
      await written;
      metrics.audit('OK', (performance.now() - since) / 1000);
    } catch (error) {
      metrics.audit('FAILED', (performance.now() - since) / 1000);
      throw error;
    }
  };
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

type Grounds = Pick<AuditRecord, 'lawfulBasis' | 'agreements'>;
const NO_GROUNDS: Grounds = { lawfulBasis: null, agreements: [] };
const grounds = new WeakMap<Decision, Grounds>();

/** What a decision rests on. Decisions are remembered for a second, and serve many requests. */
function groundsOf(decision: Decision): Grounds {
  const known = grounds.get(decision);
  if (known) return known;
  const { alternatives } = decision;
  const found = {
    lawfulBasis: [...new Set(alternatives.map((x) => x.lawfulBasis))].sort()[0] ?? null,
    agreements: [...new Set(alternatives.flatMap((x) => (x.agreement === null ? [] : [x.agreement])))].sort(),
  };
  grounds.set(decision, found);
  return found;
}

/** The record of one operation. No values: who, what for, which operation, whose rows, which fields, how it ended. */
export function auditRecord(a: Audited): AuditRecord {
  const errors: Record<string, number> = {};
  for (const code of a.codes) errors[code] = (errors[code] ?? 0) + 1;
  const { lawfulBasis, agreements } = a.decision ? groundsOf(a.decision) : NO_GROUNDS;
  return {
    id: randomUUID(),
    at: a.at.toISOString(),
    requestId: a.requestId,
    consumer: a.principal.consumer,
    user: a.principal.user,
    onBehalfOf: a.principal.person,
    purpose: a.principal.purpose,
    lawfulBasis,
    agreements,
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
