type Path = readonly (string | number)[];

interface Place {
  readonly below: Map<string | number, Place>;
  isTold: boolean;
}

/** Places at which something is told to have failed. */
export interface Places {
  /** Whether a place lies above or below one of them: then what is missing there has been told already. */
  cover(path: Path | undefined): boolean;
}

/** The places of errors. An error without one covers everything. */
export function placesOf(errors: readonly { readonly path?: Path | undefined }[]): Places {
  const top: Place = { below: new Map(), isTold: false };
  for (const { path } of errors) {
    let place = top;
    for (const step of path ?? []) {
      const next = place.below.get(step) ?? { below: new Map(), isTold: false };
      place.below.set(step, next);
      place = next;
    }
    place.isTold = true;
  }
  return {
    cover(path) {
      if (errors.length === 0) return false;
      let place = top;
      for (const step of path ?? []) {
        if (place.isTold) return true;
        const next = place.below.get(step);
        if (!next) return false;
        place = next;
      }
      return true;
    },
  };
}
