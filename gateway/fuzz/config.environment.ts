/** Apollo's gateway sends statistics to its vendor unless this stands in the environment when it is made; there is no option for it. */
export function silenceTelemetry(): void {
  process.env.APOLLO_TELEMETRY_DISABLED = 'true';
}
