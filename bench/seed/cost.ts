import { readFileSync } from 'node:fs';

/** What something cost up to a moment. */
export interface Cost {
  readonly seconds: number;
  /** CPU seconds of this process, and of the PostgreSQL and all its children that have ended. */
  readonly nodeCpu: number;
  readonly postgresCpu: number;
  /** Most resident bytes of this process that were seen. */
  readonly peak: number;
}

const TICKS = 100;

/** CPU seconds of a process and its ended children (Linux: fields 14 to 17 of /proc/<pid>/stat); 0 where there is no such file. */
function cpuOf(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / TICKS;
  } catch {
    return 0;
  }
}

/** Starts measuring. Connections must be closed when `sofar` is asked, or their share of PostgreSQL's time is missed. */
export function measured(postmaster: number): { sofar(): Cost; end(): Cost } {
  const began = performance.now();
  const cpu = process.cpuUsage();
  const postgres = cpuOf(postmaster);
  let peak = 0;
  const look = () => {
    peak = Math.max(peak, process.memoryUsage.rss());
  };
  look();
  const timer = setInterval(look, 50);
  const sofar = (): Cost => {
    look();
    const used = process.cpuUsage(cpu);
    return {
      seconds: (performance.now() - began) / 1000,
      nodeCpu: (used.user + used.system) / 1e6,
      postgresCpu: cpuOf(postmaster) - postgres,
      peak,
    };
  };
  return {
    sofar,
    end() {
      clearInterval(timer);
      return sofar();
    },
  };
}
