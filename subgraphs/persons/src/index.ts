import type { Resolvers, SubgraphDefinition } from '@commonweal/kit';
import { readSdl } from '@commonweal/kit/config.ts';
import { areaResolvers } from './area/area.resolvers.ts';
import { eventHandlers } from './events.ts';
import { householdChangeResolvers } from './household/changes.resolvers.ts';
import { householdResolvers } from './household/household.resolvers.ts';
import { nodeResolvers } from './node/node.resolvers.ts';
import { personResolvers } from './person/person.resolvers.ts';
import { registrationResolvers } from './person/registration.resolvers.ts';
import { verificationResolvers } from './verification/verification.resolvers.ts';

const modules: readonly Resolvers[] = [
  areaResolvers,
  personResolvers,
  registrationResolvers,
  householdResolvers,
  householdChangeResolvers,
  verificationResolvers,
  nodeResolvers,
];

/** The resolvers of all modules, type by type. */
const merged: Record<string, Record<string, unknown>> = {};
for (const module of modules) for (const [type, fields] of Object.entries(module)) merged[type] = { ...merged[type], ...fields };

/** The persons registry: persons, their numbers, households and who lived in them when, areas, verification. */
export const persons: SubgraphDefinition = { name: 'persons', sdl: readSdl('persons'), resolvers: merged, onEvents: eventHandlers };
export { identifierHash, lastFour } from './person/identifiers.ts';
export { foldName, foldNumber } from './person/names.ts';
