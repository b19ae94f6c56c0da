/** One thing that goes wrong. It holds for an object and a field wherever it is asked for, so that it hits two executors alike whatever they bundle into one call. */
export type Fault = FieldFault | ObjectFault | SubgraphFault;

/** A field of one object, in one subgraph. */
export interface FieldFault {
  /**
   * `null`: null, also where it must not be, and no word of it. `throw`: as a server does it, null up to where it may be, and an error with a path.
   * `pathless`: the same, but the error has no path. `beside`: an error although the value is there. `value`: another value, of a wrong type.
   */
  readonly kind: 'null' | 'throw' | 'pathless' | 'beside' | 'value';
  readonly subgraph: string;
  readonly type: string;
  readonly id: string;
  readonly field: string;
  readonly value?: unknown;
  /** The value is of another kind, or is one that some servers accept: what comes of it is not the same everywhere. */
  readonly isOdd?: boolean;
}

/** One object, in one subgraph. */
export interface ObjectFault {
  /** `gone`: `_entities` has null for it. `lost`: null and an error. `typename`: it calls itself something else. */
  readonly kind: 'gone' | 'lost' | 'typename';
  readonly subgraph: string;
  readonly type: string;
  readonly id: string;
  readonly value?: unknown;
}

/** All of a subgraph. */
export interface SubgraphFault {
  /** `down`: no answer. `nothing`: null and an error. `silent`: null and no error. `short` and `long`: one entity too few, too many. */
  readonly kind: 'down' | 'nothing' | 'silent' | 'short' | 'long';
  readonly subgraph: string;
}

/** Faults as one finds them while answering. */
export class Faults {
  readonly all: readonly Fault[];
  readonly #byPlace = new Map<string, Fault>();

  constructor(all: readonly Fault[]) {
    this.all = all;
    for (const fault of all) this.#byPlace.set(keyOf(fault), fault);
  }

  ofField(subgraph: string, type: string, id: string, field: string): FieldFault | undefined {
    if (this.#byPlace.size === 0) return undefined;
    return this.#byPlace.get(`${subgraph}|${type}|${id}|${field}`) as FieldFault | undefined;
  }

  ofEntity(subgraph: string, type: string, id: string): ObjectFault | undefined {
    return this.#byPlace.get(`${subgraph}|${type}|${id}|`) as ObjectFault | undefined;
  }

  ofTypename(subgraph: string, type: string, id: string): ObjectFault | undefined {
    return this.#byPlace.get(`${subgraph}|${type}|${id}|__typename`) as ObjectFault | undefined;
  }

  ofSubgraph(subgraph: string): SubgraphFault | undefined {
    return this.#byPlace.get(subgraph) as SubgraphFault | undefined;
  }
}

function keyOf(fault: Fault): string {
  if ('field' in fault) return `${fault.subgraph}|${fault.type}|${fault.id}|${fault.field}`;
  if ('type' in fault) return `${fault.subgraph}|${fault.type}|${fault.id}|${fault.kind === 'typename' ? '__typename' : ''}`;
  return fault.subgraph;
}

/** The message of the error that a fault leads to, if it leads to one. */
export function messageOf(fault: Fault): string {
  if ('field' in fault) return `fault: ${fault.subgraph} ${fault.type} ${fault.id} ${fault.field}`;
  if ('type' in fault) return `fault: ${fault.subgraph} ${fault.type} ${fault.id}`;
  return `fault: ${fault.subgraph}`;
}

/** A fault in one line. */
export function describe(fault: Fault): string {
  const place =
    'field' in fault ? `${fault.type} "${fault.id}" .${fault.field}` : 'type' in fault ? `${fault.type} "${fault.id}"` : 'the subgraph';
  return `${fault.kind} at ${place} in ${fault.subgraph}${'value' in fault && fault.value !== undefined ? `: ${JSON.stringify(fault.value)}` : ''}`;
}
