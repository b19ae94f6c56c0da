import { short, table } from '../questions/print.ts';
import type { Target } from './cases.ts';
import { type Measured, median, paired, peakOf, type Run } from './measure.ts';

/** The table of a case: medians of the rounds, and ratios round by round. */
export function tableOf(measured: readonly Measured[]): string {
  const peers = measured.filter(({ name }) => name !== 'ours' && !/,|product/.test(name)).slice(0, 4);
  const rows = measured.map((one) => {
    const of = (pick: (run: Run) => number) => short(median(one.runs.map(pick)));
    const calls = one.runs[0]?.calls;
    return [
      one.name,
      of((r) => r.perSecond),
      of((r) => r.p50),
      of((r) => r.p99),
      of((r) => r.cpuMs),
      short(leastCpu(one)),
      short(peakOf(one)),
      calls === null || calls === undefined ? '-' : of((r) => r.calls ?? 0),
      `${Math.round(median(one.runs.map((r) => r.otherCore)) * 100)} %`,
      ...peers.map((peer) => `${short(paired(one, peer, speed))} (${short(leastCpu(peer) / leastCpu(one))})`),
    ];
  });
  const head = [
    'gateway',
    'requests/s',
    'p50 ms',
    'p99 ms',
    'CPU ms',
    'least',
    'peak MiB',
    'fetches',
    'other core',
    ...peers.map(({ name }) => `x ${name} (by CPU)`),
  ];
  return table(head, rows);
}

const speed = (run: Run) => run.perSecond;
/** What else runs on the machine can only add to it. */
const leastCpu = ({ runs }: Measured) => Math.min(...runs.map((run) => run.cpuMs));

/** What became of a target. */
export interface Judged {
  readonly text: string;
  readonly isBelowFloor: boolean;
}

/** What was aimed at, and whether it was reached; one for each target whose gateways took part. */
export function judge(targets: readonly Target[], measured: readonly Measured[]): Judged[] {
  return targets.flatMap((target) => {
    const ours = measured.find(({ name }) => name === (target.ours ?? 'ours'));
    const peer = measured.find(({ name }) => name === target.to);
    return ours && peer ? [judged(target, ours, peer)] : [];
  });
}

function judged({ to, of, floor, goal }: Target, ours: Measured, peer: Measured): Judged {
  const isLatency = of !== 'speed';
  const reached = isLatency ? latency(of, ours, peer) : paired(ours, peer, speed);
  const isMet = (wanted: number) => (isLatency ? reached <= wanted : reached >= wanted);
  const told = (wanted: number | undefined, name: string) =>
    wanted === undefined ? '' : `; ${name} ${isLatency ? 'at most ' : ''}${wanted}: ${isMet(wanted) ? 'met' : 'NOT MET'}`;
  const what = { speed: 'requests/s', p99: 'p99', 'p99 to its p50': 'p99 to the p50' }[of];
  const byCpu = isLatency ? '' : ` (${short(leastCpu(peer) / leastCpu(ours))} by CPU)`;
  return {
    text: `${what} of ${to}: ${short(reached)} times${byCpu}${told(floor, 'floor')}${told(goal, 'goal')}`,
    isBelowFloor: floor !== undefined && !isMet(floor),
  };
}

const latency = (of: Target['of'], ours: Measured, peer: Measured): number =>
  median(ours.runs.map((run, n) => run.p99 / (of === 'p99' ? peer.runs[n]!.p99 : peer.runs[n]!.p50)));
