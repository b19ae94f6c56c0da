/** Loaded before a gateway that is profiled: the first SIGUSR2 begins a CPU profile, the second writes it to the file that BENCH_PROFILE names. */
import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { profileFile } from './config.environment.ts';

const SAMPLE_MICROSECONDS = 500;
const session = new Session();
let isRunning = false;

process.on('SIGUSR2', () => void turn());

async function turn(): Promise<void> {
  if (isRunning) {
    const { profile } = await session.post('Profiler.stop');
    writeFileSync(profileFile(), JSON.stringify(profile));
    return;
  }
  isRunning = true;
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: SAMPLE_MICROSECONDS });
  await session.post('Profiler.start');
}
