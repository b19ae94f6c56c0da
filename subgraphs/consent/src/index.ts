import type { SubgraphDefinition } from '@commonweal/kit';
import { readSdl } from '@commonweal/kit/config.ts';
import { agreementResolvers } from './agreement/agreement.resolvers.ts';
import { onEvents } from './events.ts';
import { logResolvers } from './log/log.resolvers.ts';
import { policyResolvers } from './policy/policy.resolvers.ts';
import { recordResolvers } from './record/record.resolvers.ts';

export { sealKeyFrom, sealKeyInFile } from './log/seal-key.ts';
export { type ConsentRegistrar, createRegistrar, type RegistrarOptions } from './policy/registrar.ts';
export { tables } from './tables.ts';

const modules = [agreementResolvers, policyResolvers, recordResolvers, logResolvers];

/** The consent registry: processing agreements, consents, sharing policies and the access log. */
export const consent: SubgraphDefinition = {
  name: 'consent',
  sdl: readSdl('consent'),
  resolvers: { ...Object.assign({}, ...modules), Query: Object.assign({}, ...modules.map((m) => m.Query)) },
  onEvents,
};
