import { Errors } from './errors.ts';
import type { Gone } from './gone.ts';
import type { Data } from './own.ts';
import type { Place } from './places.ts';
import type { Waiting } from './together.ts';
import type { Caller } from './types.ts';

/** One operation under way. */
export class Running {
  readonly data: Data = {};
  /** Whether a fetch at the root gave something. */
  hasData = false;
  /** Once it is over nothing is sent and nothing is written any more: the data is somebody else's. */
  isOver = false;
  readonly errors = new Errors();
  /** What subgraphs took back because of an error beneath it. */
  readonly gone: Gone[] = [];
  /** By number of the fetch, whether it has ended. */
  readonly ended: boolean[] = [];
  /** By number of the spot, the objects that are known to stand there. */
  readonly objects: (readonly Data[] | undefined)[] = [];
  /** By number of the spot, whether values were merged into several of its objects, which therefore hold the same ones. */
  readonly repeats: boolean[] = [];
  /** By number of the kin, calls that wait for others to go with. */
  readonly waiting: (Waiting[] | undefined)[] = [];
  readonly variables: Readonly<Data>;
  readonly caller: Caller;
  readonly signal: AbortSignal;

  constructor(variables: Readonly<Data>, caller: Caller, signal: AbortSignal) {
    this.variables = variables;
    this.caller = caller;
    this.signal = signal;
  }

  /** An answer was merged at its place: what was known of the objects below is out of date. */
  changed(place: Place, repeats: boolean): void {
    for (const spot of place.changed) this.objects[spot] = undefined;
    if (repeats) this.repeats[place.spot.number] = true;
  }
}

/** Runs a part of a plan. Undefined when there was nothing to wait for. Never rejects. */
export type Run = (running: Running) => Promise<void> | undefined;
