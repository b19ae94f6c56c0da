import { type GraphQLSchema, isInterfaceType, isObjectType } from 'graphql';
import type { Caller } from './caller.ts';

const DISCLOSURE = {
  HIDE: 'What may not be seen does not exist.',
  DENY: 'What may not be seen is null, with an error.',
} as const;

/** Says who the reader is at the moment, and what becomes of what they may not see. */
export function Banner({ caller, schema }: { caller: Caller; schema: GraphQLSchema | null }) {
  const { title, organization, purpose, lawfulBasis, disclosure } = caller;
  return (
    <p className="banner" role="status">
      <strong>{title}</strong>
      {organization && <span>{organization}</span>}
      {purpose && <code>{purpose}</code>}
      {lawfulBasis && <span>on the basis of {lawfulBasis.toLowerCase().replaceAll('_', ' ')}</span>}
      {disclosure && (
        <span>
          <b className={`mode ${disclosure.toLowerCase()}`}>{disclosure}</b> {DISCLOSURE[disclosure]}
        </span>
      )}
      <span className="count">{schema ? `${countFields(schema)} fields may be known` : 'Asking which fields may be known …'}</span>
    </p>
  );
}

function countFields(schema: GraphQLSchema): number {
  const types = Object.values(schema.getTypeMap()).filter((t) => !t.name.startsWith('__'));
  return types.reduce((sum, t) => sum + (isObjectType(t) || isInterfaceType(t) ? Object.keys(t.getFields()).length : 0), 0);
}
