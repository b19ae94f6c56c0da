/** The registries behind the graph, in the order in which they start. To add one: a line here, a folder under `subgraphs/`. */
export const SUBGRAPHS = ['persons', 'programs', 'payments', 'consent'] as const;
/** Name of a registry: of its subgraph, its folder and its PostgreSQL schema. */
export type SubgraphName = (typeof SUBGRAPHS)[number];
