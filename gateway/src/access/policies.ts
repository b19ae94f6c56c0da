import type { PolicySnapshot, Registrar } from '@commonweal/schema';
import type { Log } from '../reply/log.ts';
import { Watch, type WatchSettings } from './watch.ts';

/** The gateway's copy of the sharing policies. */
export type PolicyWatch = Watch<PolicySnapshot>;

/** Watches the sharing policies. */
export const policyWatch = (registrar: Registrar, settings: WatchSettings, log: Log): PolicyWatch =>
  new Watch('the sharing policies', (epoch) => registrar.policies(epoch), settings, log);
