import type { KeptOperation } from '@commonweal/consent/operation/register.ts';
import type { Preview } from '@commonweal/gateway/access/preview.ts';
import { table } from '../table.ts';

/** The list of registered operations as a table. */
export function operationTable(operations: readonly KeptOperation[]): string {
  if (operations.length === 0) return 'No operation is registered.';
  const day = (date: Date) => date.toISOString().slice(0, 16).replace('T', ' ');
  const rows = operations.map((o) => [
    o.consumer,
    o.purpose,
    o.name,
    day(o.registeredAt),
    o.registeredBy,
    o.retiredAt === null ? 'in force' : `retired ${day(o.retiredAt)}`,
    o.id,
  ]);
  return table(['consumer', 'purpose', 'name', 'registered', 'by', 'state', 'id'], rows);
}

/** What a preview found, for a person: faults with their place in the file, fields that are refused, what it may cost. */
export function previewText(file: string, preview: Preview): string {
  const lines = preview.faults.map(({ message, at }) => `${file}${at ? `:${at.line}:${at.column}` : ''}  ${message}`);
  if (preview.refused.length > 0) lines.push('Asked for and not given:', ...preview.refused.map((c) => `  ${c}`));
  else if (preview.faults.length === 0) lines.push('All that it asks for is given.');
  if (preview.cost) {
    const { objects, most, dependsOnVariables } = preview.cost;
    lines.push(`It may answer with ${objects} objects of at most ${most}${dependsOnVariables ? '; more or fewer by its variables' : ''}.`);
  }
  return lines.join('\n');
}
