import { joinResolvers, type SubgraphDefinition } from '@commonweal/kit';
import { readSdl } from '@commonweal/kit/config.ts';
import { benefitResolvers } from './benefit/benefit.resolvers.ts';
import { coverageResolvers } from './coverage/coverage.resolvers.ts';
import { startFolding } from './coverage/folding.ts';
import { onEvents } from './enrollment/enrollment.events.ts';
import { enrollmentResolvers } from './enrollment/enrollment.resolvers.ts';
import { programResolvers } from './program/program.resolvers.ts';
import { verificationResolvers } from './verification/verification.resolvers.ts';

export { fold, startFolding } from './coverage/folding.ts';
export { tables } from './tables.ts';

/** The registry of programs, enrollments and benefits. */
export const programs: SubgraphDefinition = {
  name: 'programs',
  sdl: readSdl('programs'),
  resolvers: joinResolvers(programResolvers, enrollmentResolvers, benefitResolvers, coverageResolvers, verificationResolvers),
  onEvents,
  background: (pool) => startFolding(pool),
};
