import type { KeyObject } from 'node:crypto';
import type { Pool } from '@commonweal/kit';
import type { Catalog, OperationSource, Registrar } from '@commonweal/schema';
import { LogIntake } from '../log/intake.ts';
import { type SealFault, SealWatch } from '../log/seal-watch.ts';
import { readOperations } from '../operation/snapshot.ts';
import { readPolicies } from './snapshot.ts';

/** What a registrar is made with. */
export interface RegistrarOptions {
  /** The whole graph's: the access log names the classes of the fields that were given. */
  readonly catalog: Catalog;
  /** Private Ed25519 key that signs the seals of the access log. */
  readonly sealKey: KeyObject;
  /** Milliseconds between two batches of the sealer; 0: this process does not seal. 1000 when left out. */
  readonly sealEvery?: number;
  /** The oldest that a record without a seal may be before nothing more is accepted, in milliseconds. 60,000 when left out. */
  readonly lagLimit?: number;
  readonly onFault?: SealFault;
}

/** The registrar of the process that owns the tables. */
export interface ConsentRegistrar extends Registrar, OperationSource {
  /** Seals what is not sealed yet; returns the number of records. */
  sealNow(): Promise<number>;
  /** Stops sealing; the pool stays open. */
  stop(): Promise<void>;
}

/** The oldest that a record without a seal may be unless settings say otherwise, in milliseconds. */
export const LAG_LIMIT = 60_000;

/** Makes the registrar over a pool of the registry's app role, and starts sealing. */
export function createRegistrar(pool: Pool, options: RegistrarOptions): ConsentRegistrar {
  const intake = new LogIntake(pool, options.catalog);
  const watch = new SealWatch(pool, {
    key: options.sealKey,
    every: options.sealEvery ?? 1000,
    limit: options.lagLimit ?? LAG_LIMIT,
    onFault: options.onFault ?? (() => {}),
  });
  return {
    policies: (knownEpoch) => readPolicies(pool, knownEpoch),
    operations: (knownEpoch) => readOperations(pool, knownEpoch),
    async audit(records) {
      await watch.assertSealed();
      await intake.add(records);
    },
    sealNow: () => watch.sealNow(),
    stop: () => watch.stop(),
  };
}
