import type { Catalog } from './catalog.ts';
import { CEILINGS } from './ceilings.ts';
import {
  ACCESS_CLASSES,
  ACCESS_USES,
  type AccessClass,
  type AccessUse,
  type ConsumerKind,
  consentBit,
  purposeAndParents,
} from './classes.ts';
import { allowed } from './decider.ts';
import type { SharingPolicy } from './policy.ts';

/** What a check needs to know of a policy that is to be published. */
export type CheckedPolicy = Pick<
  SharingPolicy,
  'purpose' | 'grants' | 'fieldsOnly' | 'actions' | 'consentClasses' | 'disclosure' | 'selfOnly'
>;

/**
 * Why a sharing policy may not be published, a sentence each; empty when it may. The decider would cut what is above the ceiling anyway:
 * this tells whoever writes the policy, and keeps a policy from reading as more than it gives.
 */
export function checkPolicy(catalog: Catalog, policy: CheckedPolicy, consumer: { readonly kind: ConsumerKind } | undefined): string[] {
  const ceiling = consumer && Object.hasOwn(CEILINGS, consumer.kind) ? CEILINGS[consumer.kind] : undefined;
  if (!consumer || !ceiling) return ['The consumer is not known.'];
  const faults: string[] = [];
  if (purposeAndParents(policy.purpose).length === 0) faults.push(`${policy.purpose} is no purpose.`);
  else if (!(ceiling.purposes as readonly string[]).includes(policy.purpose))
    faults.push(`${policy.purpose} is no purpose of a consumer of kind ${consumer.kind}.`);
  for (const [name, uses] of Object.entries(policy.grants)) {
    if (!isClass(name)) faults.push(`${name} is no access class.`);
    else for (const use of uses ?? []) faults.push(...grantFaults(policy, catalog, consumer.kind, name, use));
  }
  for (const [name, coordinates] of Object.entries(policy.fieldsOnly)) {
    for (const c of coordinates ?? [])
      if (catalog.fields.get(c)?.accessClass !== name) faults.push(`${c} is no field of the class ${name}.`);
  }
  for (const action of policy.actions)
    if (!ceiling.actions.includes(action)) faults.push(`${action} is above the ceiling of ${consumer.kind}.`);
  for (const name of policy.consentClasses) {
    if (!isClass(name)) faults.push(`${String(name)} is no access class.`);
    else if (consentBit(name) === 0) faults.push(`No consent can open the class ${name}.`);
  }
  if (ceiling.disclosure === 'HIDE' && policy.disclosure !== 'HIDE')
    faults.push(`What a consumer of kind ${consumer.kind} may not see is hidden from it.`);
  return faults;
}

const isClass = (name: string): name is AccessClass => (ACCESS_CLASSES as readonly string[]).includes(name);

function grantFaults(policy: CheckedPolicy, catalog: Catalog, kind: ConsumerKind, accessClass: AccessClass, use: AccessUse): string[] {
  if (!ACCESS_USES.includes(use)) return [`${use} is no use.`];
  if (!CEILINGS[kind].uses[accessClass]?.includes(use)) return [`${accessClass} ${use} is above the ceiling of ${kind}.`];
  const narrowed = policy.fieldsOnly[accessClass] ?? [];
  const above = narrowed.filter((c) => {
    const field = catalog.fields.get(c);
    return field !== undefined && field.accessClass === accessClass && !allowed(CEILINGS[kind], policy, field, use);
  });
  return above.map((c) => `${c} is above the ceiling of ${kind}.`);
}
