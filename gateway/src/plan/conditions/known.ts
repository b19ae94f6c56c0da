import { type FieldNode, type FragmentDefinitionNode, Kind, type SelectionNode, type SelectionSetNode } from 'graphql';
import type { Fragments } from '../fragments.ts';
import { type Conditions, isAsked } from './conditions.ts';

/** What is asked of an object of which nothing is left to ask: whether it is there. */
export const TYPENAME: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

/**
 * A document as it is where its conditions have certain values: what they leave out is not there, and no selection has a condition. A field that is asked for
 * with nothing in it asks for its `__typename`, as whether there is an object has to be known.
 */
export class Known {
  readonly #fragments: Fragments;
  readonly #conditions: Conditions;
  readonly #kept = new Map<string, FragmentDefinitionNode | null>();

  constructor(fragments: Fragments, conditions: Conditions) {
    this.#fragments = fragments;
    this.#conditions = conditions;
  }

  /**
   * The fields of a root type, out of their fragments, in the order in which they stand: that of mutations matters, and the planner puts fields of fragments
   * together. Null where it cannot be told which they are: such an answer is an error, and nothing may be done before it.
   */
  root(set: SelectionSetNode): readonly FieldNode[] | null {
    const fields: FieldNode[] = [];
    for (const selection of set.selections) {
      const isWanted = isAsked(selection, this.#conditions);
      if (isWanted === null) return null;
      if (!isWanted) continue;
      if (selection.kind === Kind.FIELD) {
        fields.push(this.#field(selection));
        continue;
      }
      const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : this.#fragments.get(selection.name.value);
      const inner = fragment ? this.root(fragment.selectionSet) : [];
      if (!inner) return null;
      fields.push(...inner);
    }
    return fields;
  }

  /** A fragment of the document; undefined where nothing is left of it. */
  fragment(name: string): FragmentDefinitionNode | undefined {
    let kept = this.#kept.get(name);
    if (kept === undefined) {
      const fragment = this.#fragments.get(name);
      const selectionSet = fragment && this.#set(fragment.selectionSet);
      kept = selectionSet ? { ...fragment, selectionSet } : null;
      this.#kept.set(name, kept);
    }
    return kept ?? undefined;
  }

  #set(set: SelectionSetNode): SelectionSetNode | null {
    const selections = set.selections.flatMap((selection): readonly SelectionNode[] => {
      // What cannot be told is an error where it stands, and needs no data.
      if (isAsked(selection, this.#conditions) !== true) return [];
      if (selection.kind === Kind.FIELD) return [this.#field(selection)];
      const bare = { ...selection, directives: withoutConditions(selection) };
      if (selection.kind === Kind.FRAGMENT_SPREAD) return this.fragment(selection.name.value) ? [bare] : [];
      const selectionSet = this.#set(selection.selectionSet);
      return selectionSet ? [{ ...bare, selectionSet } as SelectionNode] : [];
    });
    return selections.length > 0 ? { ...set, selections } : null;
  }

  #field(field: FieldNode): FieldNode {
    const directives = withoutConditions(field);
    if (!field.selectionSet) return { ...field, directives };
    const selectionSet = this.#set(field.selectionSet) ?? { ...field.selectionSet, selections: [TYPENAME] };
    return { ...field, directives, selectionSet };
  }
}

const withoutConditions = ({ directives }: SelectionNode) =>
  directives?.filter((d) => d.name.value !== 'skip' && d.name.value !== 'include');
