import { Session } from 'node:inspector/promises';
import { type Hot, hotOf } from '../profile.ts';

const SAMPLE_MICROSECONDS = 1000;
const MOST = 15;

/** Starts a CPU profile of this process; what is returned ends it. */
export async function startProfile(): Promise<() => Promise<Hot>> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: SAMPLE_MICROSECONDS });
  await session.post('Profiler.start');
  return async () => {
    const { profile } = await session.post('Profiler.stop');
    session.disconnect();
    const { functions, packages, idle } = hotOf(profile);
    return { functions: functions.slice(0, MOST), packages: packages.slice(0, MOST), idle };
  };
}
