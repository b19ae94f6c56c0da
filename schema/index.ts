/** The contract: what exists, and who may see it. Imported by the gateway and by the subgraphs; imports neither. */
export * from './access/audit.ts';
export * from './access/bits.ts';
export * from './access/catalog.ts';
export * from './access/ceilings.ts';
export * from './access/check-policy.ts';
export * from './access/classes.ts';
export * from './access/decider.ts';
export * from './access/errors.ts';
export * from './access/hop.ts';
export * from './access/operations.ts';
export * from './access/policy.ts';
export * from './access/principal.ts';
export * from './access/reference.ts';
export * from './access/registrar.ts';
export * from './access/rights.ts';
export * from './access/rows.ts';
export * from './subgraphs.ts';
