import type { KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ConfigProblem } from '@commonweal/kit/config.ts';
import { sealKeyFrom } from './log/seal-key.ts';
import { LAG_LIMIT } from './policy/registrar.ts';

/** Settings of the consent registry besides those of every registry, from the environment. */
export interface ConsentConfig {
  readonly sealKey: KeyObject;
  /** The oldest that an access record without a seal may be, in milliseconds. */
  readonly lagLimit: number;
}

/** Reads the settings. Throws ConfigProblem. */
export function readConsentConfig(environment: Readonly<Record<string, string | undefined>> = process.env): ConsentConfig {
  const file = environment.COMMONWEAL_SEAL_KEY_FILE;
  if (!file)
    throw new ConfigProblem(
      'COMMONWEAL_SEAL_KEY_FILE is not set. It must be the path of an Ed25519 private key in PEM (`openssl genpkey -algorithm ed25519`).',
    );
  const seconds = Number(environment.COMMONWEAL_SEAL_LAG_SECONDS ?? LAG_LIMIT / 1000);
  if (!(seconds >= 5 && seconds <= 3600)) throw new ConfigProblem('COMMONWEAL_SEAL_LAG_SECONDS must be between 5 and 3600.');
  try {
    return Object.freeze({ sealKey: sealKeyFrom(readFileSync(file, 'utf8')), lagLimit: seconds * 1000 });
  } catch (error) {
    throw new ConfigProblem(`COMMONWEAL_SEAL_KEY_FILE cannot be used: ${(error as Error).message}`);
  }
}
