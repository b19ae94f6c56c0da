import type { Read } from '@commonweal/schema';
import type { Context } from '../graph/context.ts';

/**
 * What the value of an input object reads: the conditions and orders that are really given, at every depth, choices of enums included.
 * A field that is given as null counts as given.
 */
export function readsOf(context: Context, inputType: string, value: unknown): Read[] {
  if (Array.isArray(value)) return value.flatMap((v) => readsOf(context, inputType, v));
  const fields = context.catalog.inputs.get(inputType);
  if (!fields) return typeof value === 'string' ? [...(context.catalog.enumValues.get(`${inputType}.${value}`)?.reads ?? [])] : [];
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([name, v]) => {
    const field = fields.get(name);
    return v === undefined || !field ? [] : [...field.reads, ...readsOf(context, field.type, v)];
  });
}
