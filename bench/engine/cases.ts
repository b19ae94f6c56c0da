import type { kinds } from './gateways.ts';

type KindName = keyof ReturnType<typeof kinds>;

/** A contender of a case. */
export interface Contender {
  readonly kind: KindName;
  /** Printed in place of the gateway's name. */
  readonly as?: string;
  /** Subgraphs over HTTP although the case has them in the process. */
  readonly overHttp?: boolean;
}

/** What is compared with what, and how it is asked. */
export interface Case {
  readonly name: string;
  readonly title: string;
  readonly graph: string;
  readonly connections: number;
  /** Each request has an Authorization header of its own. */
  readonly isDistinct: boolean;
  readonly inProcess: boolean;
  readonly contenders: readonly Contender[];
  readonly targets: readonly Target[];
}

/** What is to be reached; compared as ours over the other's. */
export interface Target {
  /** What is judged: ours, unless told otherwise. */
  readonly ours?: string;
  /** Name of the contender that ours is compared with. */
  readonly to: string;
  readonly of: 'speed' | 'p99 to its p50' | 'p99';
  /** Least that continuous integration lets pass, and what is aimed at; for latencies the most. */
  readonly floor?: number;
  readonly goal?: number;
}

const FOUR: readonly Contender[] = [{ kind: 'stock' }, { kind: 'hive' }, { kind: 'hiveRust' }, { kind: 'ours' }];

/** The cases, in the order in which they run. */
export const CASES: readonly Case[] = [
  {
    name: 'distinct',
    title: 'The question of the public benchmark; each request by another caller, whose Authorization header the subgraphs get',
    graph: 'benchmark',
    connections: 50,
    isDistinct: true,
    inProcess: false,
    contenders: FOUR,
    targets: [
      { to: 'stock', of: 'speed', floor: 5, goal: 12 },
      { to: 'Hive-Rust', of: 'speed', goal: 3 },
      { to: 'stock', of: 'p99 to its p50', floor: 1 },
      { to: 'Hive', of: 'p99', goal: 0.5 },
    ],
  },
  {
    name: 'identical',
    title:
      'The same question, all requests the same: ours shares subgraph fetches under way, and what is made of them; Hive can share whole requests',
    graph: 'benchmark',
    connections: 50,
    isDistinct: false,
    inProcess: false,
    contenders: [...FOUR.slice(0, 3), { kind: 'hiveSharing' }, { kind: 'hiveRustSharing' }, { kind: 'ours' }, { kind: 'oursCalls' }],
    targets: [{ to: 'stock', of: 'speed', floor: 15, goal: 30 }],
  },
  {
    name: 'verification',
    title: 'A verification: one fetch, then two side by side, an answer of 1 kB; another person each time',
    graph: 'verification',
    connections: 16,
    isDistinct: true,
    inProcess: false,
    contenders: FOUR,
    targets: [
      { to: 'stock', of: 'speed', floor: 4, goal: 10 },
      { to: 'Hive', of: 'speed', floor: 4 },
    ],
  },
  {
    name: 'in-process',
    title: 'The verification with the subgraphs in the process of the gateway, compiled by graphql-jit for all of them',
    graph: 'verification',
    connections: 16,
    isDistinct: true,
    inProcess: true,
    contenders: [{ kind: 'stock', as: 'stock over HTTP', overHttp: true }, ...FOUR],
    targets: [
      { to: 'stock over HTTP', of: 'speed', floor: 8, goal: 16 },
      { to: 'stock', of: 'speed' },
    ],
  },
];
