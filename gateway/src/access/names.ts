/** Alias under which `node` proves that the object exists. Clients cannot take it: `sentName` moves every name of theirs that begins like ours. */
export const EXISTS = 'cwExists';

const NEEDS_MOVING = /^(?:__|cw|constructor$|prototype$|representations$)/;

/**
 * The name under which a response key or variable of a client travels to the subgraphs. Names that begin like ours, names that mean something to
 * JavaScript objects, and `representations` (the variable of every entity fetch) are moved out of the way; all others stay.
 */
export const sentName = (name: string): string => (NEEDS_MOVING.test(name) ? `cwk${name}` : name);

/** Fields by which registries find each other's objects. */
const KEY_FIELDS: ReadonlySet<string> = new Set(['id', 'ref', 'code', 'ticket']);

/**
 * The response key under which a field travels. Another field under the name of a key would be taken for it on the way to the next registry, so it is
 * moved out of the way too.
 */
export const sentKey = (key: string, fieldName: string): string => (key !== fieldName && KEY_FIELDS.has(key) ? `cwk${key}` : sentName(key));

/** The client's own name for a name that was sent. */
export const ownName = (sent: string): string => (sent.startsWith('cwk') ? sent.slice(3) : sent);
