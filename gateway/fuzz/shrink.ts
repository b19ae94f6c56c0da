import type { ASTNode, DocumentNode } from 'graphql';
import { Kind, parse, print, validate, visit } from 'graphql';
import { Bench, type Case, type Outcome, type Spoil } from './case.ts';

/** Makes a case smaller for as long as it stays as wrong as it was, and no longer than that many milliseconds. */
export async function shrink(outcome: Outcome, milliseconds: number, spoil?: Spoil): Promise<Outcome> {
  const until = performance.now() + milliseconds;
  let best = outcome;
  for (let before = ''; before !== JSON.stringify(best.case) && performance.now() < until; ) {
    before = JSON.stringify(best.case);
    best = await shrinkRequest(best, until, spoil);
    best = await shrinkSubgraphs(best, until, spoil);
  }
  return best;
}

/** A difference that is still there without any fault is the same, whatever it is called then. */
const isAsWrong = (a: Outcome, b: Outcome) =>
  a.verdict.kind === b.verdict.kind &&
  (a.verdict.class === b.verdict.class || (a.verdict.kind === 'different' && a.case.faults.length === 0));

/** Drops faults, variables and parts of the query. */
async function shrinkRequest(from: Outcome, until: number, spoil?: Spoil): Promise<Outcome> {
  const bench = await Bench.of(from.case.subgraphs, spoil);
  if (!bench) return from;
  let best = from;
  const keep = async (item: Case): Promise<boolean> => {
    if (performance.now() > until || validate(bench.schema, parse(item.query)).length > 0) return false;
    const outcome = await attempt(() => bench.run(item));
    if (!outcome || !isAsWrong(outcome, from)) return false;
    best = outcome;
    return true;
  };
  for (const fault of from.case.faults) await keep({ ...best.case, faults: best.case.faults.filter((f) => f !== fault) });
  for (let i = 0; ; ) {
    const smaller = cutQuery(best.case.query, i);
    if (smaller === undefined || performance.now() > until) break;
    if (!(smaller !== null && (await keep({ ...best.case, query: smaller, variables: usedVariables(smaller, best.case.variables) })))) i++;
  }
  await bench.stock.stop();
  return best;
}

/** Drops subgraphs, types, fields and directives. */
async function shrinkSubgraphs(from: Outcome, until: number, spoil?: Spoil): Promise<Outcome> {
  let best = from;
  const keep = async (item: Case): Promise<boolean> => {
    if (performance.now() > until) return false;
    const bench = await attempt(() => Bench.of(item.subgraphs, spoil));
    if (!bench) return false;
    const isValid = validate(bench.schema, parse(item.query)).length === 0;
    const outcome = isValid ? await attempt(() => bench.run(item)) : undefined;
    await bench.stock.stop();
    if (!outcome || !isAsWrong(outcome, from)) return false;
    best = outcome;
    return true;
  };
  for (const isKept of [isNamedIn(from.case.query), () => true]) {
    await keep({ ...best.case, subgraphs: best.case.subgraphs.map((s) => ({ ...s, sdl: withoutUnused(s.sdl, isKept, best.case.query) })) });
  }
  for (const { name } of from.case.subgraphs) await keep({ ...best.case, subgraphs: best.case.subgraphs.filter((s) => s.name !== name) });
  for (const { name } of best.case.subgraphs) {
    for (let i = 0; ; ) {
      const subgraphs = best.case.subgraphs;
      const smaller = cutSdl(subgraphs.find((s) => s.name === name)?.sdl ?? '', i);
      if (smaller === undefined || performance.now() > until) break;
      const cut = subgraphs.map((s) => (s.name === name && smaller !== null ? { ...s, sdl: smaller } : s));
      if (smaller === null || !(await keep({ ...best.case, subgraphs: cut }))) i++;
    }
  }
  return best;
}

/** A case that cannot be run at all is no smaller one. */
async function attempt<T>(make: () => Promise<T>): Promise<T | undefined> {
  try {
    return await make();
  } catch {
    return undefined;
  }
}

const DROPPED_IN_QUERIES = new Set<string>([Kind.FIELD, Kind.INLINE_FRAGMENT, Kind.FRAGMENT_SPREAD, Kind.DIRECTIVE, Kind.ARGUMENT]);

/** The query with its part of that number dropped, or put in a plainer way; null when that leaves nothing, undefined when there is no such part. */
function cutQuery(text: string, number: number): string | null | undefined {
  const document = parse(text, { noLocation: true });
  let count = 0;
  let isFound = false;
  const cut = (drop: () => ASTNode | null | undefined): ASTNode | null | undefined => {
    if (isFound || count++ !== number) return undefined;
    isFound = true;
    return drop();
  };
  const smaller = visit(document, {
    enter(node) {
      if (!DROPPED_IN_QUERIES.has(node.kind)) return undefined;
      const dropped = cut(() => null);
      if (dropped !== undefined) return dropped;
      if (node.kind === Kind.FIELD && node.alias) return cut(() => ({ ...node, alias: undefined }));
      return undefined;
    },
  });
  const unwrapped = isFound ? smaller : unwrap(document, number - count);
  if (!unwrapped) return undefined;
  const printed = prune(unwrapped);
  return printed && isReadable(printed) ? printed : null;
}

/** The document with the inline fragment or spread of that number replaced by what is in it. */
function unwrap(document: DocumentNode, number: number): DocumentNode | undefined {
  let count = 0;
  let isFound = false;
  const fragments = new Map(document.definitions.filter((d) => d.kind === Kind.FRAGMENT_DEFINITION).map((d) => [d.name.value, d]));
  const done = visit(document, {
    SelectionSet(set) {
      for (const [i, node] of set.selections.entries()) {
        const inner =
          node.kind === Kind.INLINE_FRAGMENT
            ? node.selectionSet
            : node.kind === Kind.FRAGMENT_SPREAD
              ? fragments.get(node.name.value)?.selectionSet
              : undefined;
        if (!inner || isFound || count++ !== number) continue;
        isFound = true;
        return { ...set, selections: [...set.selections.slice(0, i), ...inner.selections, ...set.selections.slice(i + 1)] };
      }
      return undefined;
    },
  });
  return isFound ? done : undefined;
}

/** Without empty selections, unused fragments and unused variables. */
function prune(document: DocumentNode): string {
  let text = print(document);
  for (let before = ''; before !== text; ) {
    before = text;
    if (!isReadable(text)) return text;
    const parsed = parse(text, { noLocation: true });
    const spreads = new Set<string>();
    const variables = new Set<string>();
    visit(parsed, {
      FragmentSpread: (node) => void spreads.add(node.name.value),
      VariableDefinition: () => false,
      Variable: (node) => void variables.add(node.name.value),
    });
    text = print(
      visit(parsed, {
        FragmentDefinition: (node) => (spreads.has(node.name.value) ? undefined : null),
        VariableDefinition: (node) => (variables.has(node.variable.name.value) ? undefined : null),
      }),
    );
  }
  return text;
}

function isReadable(text: string): boolean {
  try {
    parse(text);
    return true;
  } catch {
    return false;
  }
}

function usedVariables(query: string, variables: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => new RegExp(`\\$${name}\\b`).test(query)));
}

const DROPPED_IN_SDL = new Set<string>([
  Kind.OBJECT_TYPE_DEFINITION,
  Kind.INTERFACE_TYPE_DEFINITION,
  Kind.UNION_TYPE_DEFINITION,
  Kind.ENUM_TYPE_DEFINITION,
  Kind.INPUT_OBJECT_TYPE_DEFINITION,
  Kind.SCALAR_TYPE_DEFINITION,
  Kind.FIELD_DEFINITION,
  Kind.INPUT_VALUE_DEFINITION,
  Kind.ENUM_VALUE_DEFINITION,
]);

/** The SDL with its part of that number dropped; null when that leaves nothing that can be read, undefined when there is no such part. */
function cutSdl(text: string, number: number): string | null | undefined {
  if (text === '') return undefined;
  let count = 0;
  let isFound = false;
  const smaller = visit(parse(text, { noLocation: true }), {
    enter(node, key, _parent, path) {
      const isNamedPart =
        node.kind === Kind.NAMED_TYPE && typeof key === 'number' && (path.at(-2) === 'interfaces' || path.at(-2) === 'types');
      const isDirective = node.kind === Kind.DIRECTIVE && node.name.value !== 'link';
      if (
        isFound ||
        !(DROPPED_IN_SDL.has(node.kind) || isNamedPart || isDirective || node.kind === Kind.NON_NULL_TYPE || node.kind === Kind.LIST_TYPE)
      )
        return undefined;
      if (count++ !== number) return undefined;
      isFound = true;
      if (node.kind === Kind.NON_NULL_TYPE || node.kind === Kind.LIST_TYPE) return node.type;
      return null;
    },
  });
  if (!isFound) return undefined;
  const printed = print(smaller).replaceAll(/(type|interface) (\w+)([^{}\n]*)\n\n/g, '\n\n');
  return isReadable(printed) ? printed : null;
}

const isNamedIn = (query: string) => (name: string, sdl: string) =>
  new RegExp(`\\b${name}\\b`).test(`${query} ${sdl.match(/fields: "[^\n]*/g)?.join(' ') ?? ''}`);

/** The SDL without fields that neither the query nor a directive names, and without types that nothing names then. */
function withoutUnused(sdl: string, isKept: (field: string, sdl: string) => boolean, query: string): string {
  let text = print(
    visit(parse(sdl, { noLocation: true }), {
      FieldDefinition: (node) => (isKept(node.name.value, sdl) ? undefined : null),
      ObjectTypeDefinition: { leave: (node) => (node.fields?.length === 0 ? null : undefined) },
      InterfaceTypeDefinition: { leave: (node) => (node.fields?.length === 0 ? null : undefined) },
    }),
  );
  for (let before = ''; before !== text; ) {
    before = text;
    const isUsed = (name: string) =>
      ['Query', 'Mutation'].includes(name) ||
      new RegExp(`\\b${name}\\b`).test(query) ||
      (text.match(new RegExp(`\\b${name}\\b`, 'g'))?.length ?? 0) > 1;
    text = print(
      visit(parse(text, { noLocation: true }), {
        enter: (node) =>
          node.kind.endsWith('TypeDefinition') && 'name' in node && node.name?.kind === Kind.NAME && !isUsed(node.name.value)
            ? null
            : undefined,
      }),
    );
  }
  return text;
}
