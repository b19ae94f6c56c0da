import type { AccessUse, Catalog, Decision, Hop, Principal, Rights } from '@commonweal/schema';
import type { Bounded } from '../bounded.ts';
import type { RowSession } from '../db/session.ts';
import type { Notice } from '../events/notices.ts';
import type { References } from '../refs.ts';
import type { Sealer } from '../seal.ts';
import type { Report } from './report.ts';

/** A public fact and until when it may be told without looking again, in milliseconds of the clock. */
export interface Fact {
  readonly value: object | null;
  readonly until: number;
}

/** What a resolver works with: made anew for each request to a registry, shared with nobody. */
export interface Context {
  readonly requestId: string;
  readonly principal: Principal;
  readonly catalog: Catalog;
  readonly decision: Decision;
  readonly rights: Rights;
  /** Statements of this request, under the row settings of the decision. */
  readonly db: RowSession;
  readonly refs: References;
  readonly cursors: Sealer;
  /** For what travels sealed from one registry to the next. */
  readonly tickets: Sealer;
  /** Key for hashes of identifiers. */
  readonly identifierKey: Buffer;
  readonly report: Report;
  /** Loaders of this request, made on first use. */
  readonly loaders: Map<string, unknown>;
  /** What is worked out once for a decision, by its digest: texts of statements. Shared by all requests of this registry; nothing of a person stands in it. */
  readonly shapes: Bounded<string, object>;
  /** Public facts, the same for everybody, for a while: areas. Shared by all requests of this registry. */
  readonly facts: Bounded<string, Fact>;
  readonly operation: Hop['operation'];
  /** Told when an event was written, so that it travels at once. */
  readonly nudge: () => void;
  /** Tells another registry what it can do without. */
  readonly notify: (notice: Notice) => void;
}

/** Whether the caller may put a coordinate to a use in some row. Which rows is SQL. */
export const may = (context: Context, coordinate: string, use: AccessUse): boolean => context.rights.use(coordinate, use);
