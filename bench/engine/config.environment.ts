/** The environment of the processes that are compared: as in production, and without reports to their makers. */
export const productionEnvironment = (): NodeJS.ProcessEnv => ({
  ...process.env,
  NODE_ENV: 'production',
  APOLLO_TELEMETRY_DISABLED: 'true',
  LOG_LEVEL: 'error',
});

/** File that a profiled process writes its profile to. */
export const profileFile = (): string => process.env.BENCH_PROFILE ?? 'bench.cpuprofile';
