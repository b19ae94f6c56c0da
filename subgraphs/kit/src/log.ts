/** Where notes of a registry go. Never values of beneficiaries. */
export interface Log {
  info(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** What the log may know of a fault: its kind and place, never its text, which may hold values. */
export function faultOf(error: unknown): Record<string, unknown> {
  const e = error as { name?: string; code?: string; constraint_name?: string; stack?: string; routine?: string };
  const stack = e.stack
    ?.split('\n')
    .filter((l) => l.trim().startsWith('at '))
    .slice(0, 4)
    .map((l) => l.trim());
  return { fault: e.name, code: e.code, constraint: e.constraint_name, routine: e.routine, stack };
}
