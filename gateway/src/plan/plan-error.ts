/**
 * Why an operation has no plan. `invalid`: it does not fit the schema; `unsupported`: it asks for what the engine does not do; `too-large`: planning it would
 * cost too much; `impossible`: the subgraphs cannot answer it, which is a fault of the supergraph or of the planner and not of the client.
 */
export type PlanErrorKind = 'invalid' | 'unsupported' | 'too-large' | 'impossible';

/** An operation that cannot be planned. */
export class PlanError extends Error {
  override readonly name = 'PlanError';
  readonly kind: PlanErrorKind;

  constructor(kind: PlanErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}
