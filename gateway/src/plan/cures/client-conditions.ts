import { type DocumentNode, type FieldNode, type FragmentDefinitionNode, Kind, type SelectionSetNode } from 'graphql';
import { type Conditions, within } from './conditions.ts';

interface Asked {
  readonly field: FieldNode;
  readonly conditions: Conditions;
}

/** Tells under which sets of conditions a client asks for a key at a place (response keys, `@` for lists), whatever the types are. None: it does not ask for it. */
export type ClientConditions = (at: readonly string[], key: string) => readonly Conditions[];

/** Reads the conditions of an operation that is alone in its document. */
export function clientConditions(document: DocumentNode): ClientConditions {
  const fragments = new Map(document.definitions.filter((d) => d.kind === Kind.FRAGMENT_DEFINITION).map((d) => [d.name.value, d]));
  const operation = document.definitions.find((d) => d.kind === Kind.OPERATION_DEFINITION);
  return (at, key) => {
    if (!operation) return [];
    let found = fieldsIn(operation.selectionSet, new Map(), fragments);
    for (const step of at) {
      if (step === '@') continue;
      found = called(step, found).flatMap(({ field, conditions }) =>
        field.selectionSet ? fieldsIn(field.selectionSet, conditions, fragments) : [],
      );
    }
    return called(key, found).map((asked) => asked.conditions);
  };
}

const called = (key: string, asked: readonly Asked[]) => asked.filter(({ field }) => (field.alias ?? field.name).value === key);

function fieldsIn(set: SelectionSetNode, above: Conditions, fragments: ReadonlyMap<string, FragmentDefinitionNode>): readonly Asked[] {
  return set.selections.flatMap((selection): readonly Asked[] => {
    const conditions = within(above, selection);
    if (!conditions) return [];
    if (selection.kind === Kind.FIELD) return [{ field: selection, conditions }];
    const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
    return fragment ? fieldsIn(fragment.selectionSet, conditions, fragments) : [];
  });
}
