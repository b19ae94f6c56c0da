import { byHash, local, ofPersons, reference } from '@commonweal/kit';
import { agreement } from './agreement/agreement.table.ts';
import { accessLog, accessLogPerson, accessSeal, fieldSet } from './log/log.table.ts';
import { operationEpoch, registeredOperation } from './operation/operation.table.ts';
import {
  ceilingAction,
  ceilingPurpose,
  ceilingUse,
  consumer,
  fieldClass,
  policyEpoch,
  purpose,
  sharingPolicy,
} from './policy/policy.table.ts';
import { consentEvent, consentGrant, consentRecord, subject } from './record/record.table.ts';

/** The tables of the consent registry, with their placement. */
export const tables = [
  reference(consumer),
  reference(purpose),
  reference(agreement),
  reference(sharingPolicy),
  reference(policyEpoch),
  reference(ceilingUse),
  reference(ceilingPurpose),
  reference(ceilingAction),
  reference(fieldClass),
  reference(registeredOperation),
  reference(operationEpoch),
  ofPersons(consentRecord, 'person_id'),
  ofPersons(consentEvent, 'person_id'),
  ofPersons(consentGrant, 'person_id'),
  ofPersons(subject, 'person_id'),
  reference(fieldSet),
  byHash(accessLog, 'record_id'),
  ofPersons(accessLogPerson, 'person_id'),
  local(accessSeal),
];
