import { type DocumentNode, type FieldNode, Kind, type NameNode, type SelectionNode, type SelectionSetNode } from 'graphql';
import { PlanError } from '../plan-error.ts';
import type { Requirement } from '../steps.ts';
import type { VirtualFields } from './required-arguments.ts';
import { contradict, type Use, usesIn } from './required-arguments.uses.ts';
import type { RequiredBy } from './required-fields.ts';

/** What is to be asked of entities of one subgraph, by the planner's own text for it. */
export interface Asked {
  readonly subgraph: string;
  readonly requires: readonly Requirement[];
  readonly document: DocumentNode;
}

/** A part of an entity fetch whose representations do not contradict themselves. */
export interface Part {
  /** Variable of its representations. */
  readonly variable: string;
  /** Response key of its `_entities`. */
  readonly key: string;
  readonly requires: readonly Requirement[];
}

/** An entity fetch in its parts, nearly always one. */
export interface Parted {
  readonly document: DocumentNode;
  readonly parts: readonly Part[];
}

const ENTITIES = '_entities';

interface Group {
  readonly fields: Set<FieldNode>;
  readonly uses: Use[];
}

/**
 * Parts what is asked so that no object needs two values under one name: what requires `price(currency: "USD")` and what requires `price(currency: "EUR")` of
 * one product are asked with a representation each.
 */
export function entityParts(asked: Asked, virtual: VirtualFields, required: RequiredBy, nextVariable: () => string): Parted {
  const { definition, field, variable } = entitiesField(asked.document);
  const all = usesIn(asked.requires, virtual);
  const isContradictory = all.some((a) => all.some((b) => contradict(a, b)));
  const groups = isContradictory ? groupsOf(asked, field.selectionSet, virtual, required) : null;
  const fields: FieldNode[] = [];
  const parts = (groups ?? [null]).map((group, index): Part => {
    const part: Part = {
      variable: nextVariable(),
      key: index === 0 ? ENTITIES : `${ENTITIES}_${index + 1}`,
      requires: group ? requirementsFor(asked.requires, virtual, group.uses, '') : asked.requires,
    };
    fields.push({
      ...field,
      alias: index === 0 ? undefined : named(part.key),
      arguments: field.arguments?.map((a) => ({ ...a, value: { kind: Kind.VARIABLE, name: named(part.variable) } })),
      selectionSet: group ? selectionsFor(field.selectionSet, group.fields) : field.selectionSet,
    });
    return part;
  });
  const variableDefinitions = (definition.variableDefinitions ?? []).flatMap((v) =>
    v.variable.name.value === variable ? parts.map((p) => ({ ...v, variable: { ...v.variable, name: named(p.variable) } })) : [v],
  );
  const selectionSet: SelectionSetNode = { kind: Kind.SELECTION_SET, selections: fields };
  return { parts, document: { kind: Kind.DOCUMENT, definitions: [{ ...definition, variableDefinitions, selectionSet }] } };
}

const named = (value: string): NameNode => ({ kind: Kind.NAME, value });

function entitiesField(document: DocumentNode) {
  const definition = document.definitions.find((d) => d.kind === Kind.OPERATION_DEFINITION);
  const field = definition?.selectionSet.selections.find((s) => s.kind === Kind.FIELD && s.name.value === ENTITIES);
  const value = field?.kind === Kind.FIELD ? field.arguments?.[0]?.value : undefined;
  if (!definition || field?.kind !== Kind.FIELD || !field.selectionSet || value?.kind !== Kind.VARIABLE) {
    throw new PlanError('impossible', 'The planner made an entity fetch without entities.');
  }
  return { definition, field: { ...field, selectionSet: field.selectionSet }, variable: value.name.value };
}

function groupsOf(asked: Asked, selectionSet: SelectionSetNode, virtual: VirtualFields, required: RequiredBy): readonly Group[] {
  const groups: Group[] = [];
  for (const [type, field] of fieldsIn(selectionSet, null)) {
    const uses = type === null ? [] : usesIn(required(asked.subgraph, type, field.name.value), virtual);
    if (uses.some((a) => uses.some((b) => contradict(a, b)))) {
      throw new PlanError(
        'impossible',
        `${type}.${field.name.value} of "${asked.subgraph}" requires one field with different arguments at once.`,
      );
    }
    groupFor(uses, groups).fields.add(field);
  }
  // What no field is known to need belongs somewhere all the same: nothing that the planner asks for is left out.
  for (const use of usesIn(asked.requires, virtual)) if (!groups.some((g) => g.uses.some((u) => isSame(u, use)))) groupFor([use], groups);
  return groups;
}

function groupFor(uses: readonly Use[], groups: Group[]): Group {
  const fitting = groups.find((g) => !g.uses.some((a) => uses.some((b) => contradict(a, b))));
  const group = fitting ?? { fields: new Set(), uses: [] };
  if (!fitting) groups.push(group);
  group.uses.push(...uses);
  return group;
}

const isSame = (a: Use, b: Use): boolean => a.place === b.place && a.virtual === b.virtual;

function* fieldsIn(set: SelectionSetNode, type: string | null): Generator<readonly [string | null, FieldNode]> {
  for (const selection of set.selections) {
    if (selection.kind === Kind.INLINE_FRAGMENT) yield* fieldsIn(selection.selectionSet, selection.typeCondition?.name.value ?? type);
    else if (selection.kind === Kind.FIELD && selection.name.value !== '__typename') yield [type, selection];
  }
}

function selectionsFor(set: SelectionSetNode, fields: ReadonlySet<FieldNode>): SelectionSetNode {
  return {
    ...set,
    selections: set.selections.flatMap((selection): readonly SelectionNode[] => {
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        const selectionSet = selectionsFor(selection.selectionSet, fields);
        return selectionSet.selections.length > 0 ? [{ ...selection, selectionSet }] : [];
      }
      return selection.kind !== Kind.FIELD || selection.name.value === '__typename' || fields.has(selection) ? [selection] : [];
    }),
  };
}

function requirementsFor(
  requirements: readonly Requirement[],
  virtual: VirtualFields,
  uses: readonly Use[],
  place: string,
): readonly Requirement[] {
  return requirements.flatMap((requirement): readonly Requirement[] => {
    if (requirement.kind === 'fragment') {
      const selections = requirementsFor(requirement.selections, virtual, uses, place);
      return selections.length > 0 ? [{ ...requirement, selections }] : [];
    }
    const name = virtual.get(requirement.key)?.name;
    if (name !== undefined && !uses.some((u) => u.place === place && u.virtual === requirement.key)) return [];
    if (!requirement.selections) return [requirement];
    const selections = requirementsFor(requirement.selections, virtual, uses, `${place}/${name ?? requirement.key}`);
    return selections.length > 0 ? [{ ...requirement, selections }] : [];
  });
}
