import {
  type Catalog,
  type Decision,
  decide,
  nextPolicyChange,
  type PolicySnapshot,
  type Principal,
  type Registrar,
  type Rights,
  rightsOf,
} from '@commonweal/schema';

/** How long a state of the policies may still be used after a newer one was seen, for requests that began under it, in milliseconds. */
const OVERLAP = 1000;
/** Longest that a decision is remembered, in milliseconds. */
const REMEMBERED = 30_000;
/** Longest that policies are used without having been heard of, in milliseconds. */
const LONGEST_SILENCE = 5000;
/** Decisions remembered. */
const MOST = 2000;

/** A decision with what follows from it. */
export interface Decided {
  readonly decision: Decision;
  readonly rights: Rights;
}

/**
 * A registry's own copy of the sharing policies, and the decisions made from it. Each registry decides for itself; the gateway's word is compared, not trusted.
 */
export class PolicyCopy {
  readonly #registrar: Registrar;
  readonly #catalog: Catalog;
  readonly #decided = new Map<string, { value: Decided; until: number }>();
  #current: PolicySnapshot | null = null;
  #previous: { snapshot: PolicySnapshot; until: number } | null = null;
  #loading: Promise<void> | null = null;
  #timer: NodeJS.Timeout | null = null;
  #lastContact = 0;

  constructor(registrar: Registrar, catalog: Catalog) {
    this.#registrar = registrar;
    this.#catalog = catalog;
  }

  /** Loads the policies and keeps them fresh. Does not fail when they cannot be had: then nothing is decided until they can. */
  async start(everyMs = 250): Promise<void> {
    await this.refresh().catch(() => {});
    this.#timer = setInterval(() => void this.refresh().catch(() => {}), everyMs).unref();
  }

  stop(): void {
    if (this.#timer) clearInterval(this.#timer);
  }

  /** Asks for a newer state now. One question at a time. */
  refresh(): Promise<void> {
    this.#loading ??= this.#load().finally(() => {
      this.#loading = null;
    });
    return this.#loading;
  }

  async #load(): Promise<void> {
    const next = await this.#registrar.policies(this.#current?.epoch ?? null);
    this.#lastContact = Date.now();
    // Whoever answers may lag behind: what is published never goes back.
    if (!next || next.epoch <= (this.#current?.epoch ?? Number.NEGATIVE_INFINITY)) return;
    if (this.#current) this.#previous = { snapshot: this.#current, until: Date.now() + OVERLAP };
    this.#current = next;
    this.#decided.clear();
  }

  /** Whether the policies are known, and were heard of lately: else nothing can be decided. */
  get isFresh(): boolean {
    return this.#current !== null && Date.now() - this.#lastContact <= LONGEST_SILENCE;
  }

  /** The state with this epoch: the current one, or the one before it for a moment. Null: unknown, or not heard of for too long. */
  async at(epoch: number): Promise<PolicySnapshot | null> {
    if (!this.#current || epoch > this.#current.epoch) await this.refresh().catch(() => {});
    if (!this.#current || !this.isFresh) return null;
    if (this.#current.epoch === epoch) return this.#current;
    return this.#previous && this.#previous.snapshot.epoch === epoch && this.#previous.until > Date.now() ? this.#previous.snapshot : null;
  }

  /** The state now, or null when it is not known or not heard of for too long. */
  async current(): Promise<PolicySnapshot | null> {
    return this.at(this.#current?.epoch ?? 0);
  }

  /** The decision for a caller under one state. Remembered until the next moment at which a policy of the consumer begins or ends by the clock. */
  decide(snapshot: PolicySnapshot, principal: Principal): Decided {
    const key = `${snapshot.epoch}:${JSON.stringify(principal)}`;
    const known = this.#decided.get(key);
    const now = Date.now();
    if (known && known.until > now) return known.value;
    const decision = decide(this.#catalog, snapshot, principal, new Date(now));
    const value =
      known && known.value.decision.digest === decision.digest ? known.value : { decision, rights: rightsOf(this.#catalog, decision) };
    if (this.#decided.size >= MOST) this.#decided.delete(this.#decided.keys().next().value as string);
    this.#decided.set(key, { value, until: Math.min(now + REMEMBERED, nextPolicyChange(snapshot, principal.consumer, now)) });
    return value;
  }
}
