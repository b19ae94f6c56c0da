import { local, ofPersons, reference } from '@commonweal/kit';
import { benefit } from './benefit/benefit.table.ts';
import { coverageCell, coverageDelta } from './coverage/coverage.table.ts';
import { allowedTransition, enrollment, enrollmentEvent, subject } from './enrollment/enrollment.table.ts';
import { compatibility, cycle, program, programCriteria } from './program/program.table.ts';

/** The tables of the programs registry, with their placement. */
export const tables = [
  reference(program),
  reference(programCriteria),
  reference(compatibility),
  reference(cycle),
  reference(allowedTransition),
  ofPersons(enrollment, 'person_id'),
  ofPersons(enrollmentEvent, 'person_id'),
  ofPersons(benefit, 'person_id'),
  ofPersons(subject, 'person_id'),
  local(coverageCell),
  local(coverageDelta),
];
