import { ConfigError } from './config.settings.ts';

/** Sends spans to a collector; resolves with what stops it. The packages are loaded only when there is a collector: they are large. */
export async function startTracing(endpoint: URL): Promise<() => Promise<void>> {
  const [{ NodeSDK }, { OTLPTraceExporter }] = await loadSdk();
  const sdk = new NodeSDK({
    serviceName: 'commonweal-gateway',
    traceExporter: new OTLPTraceExporter({ url: new URL('v1/traces', endpoint.href.endsWith('/') ? endpoint : `${endpoint.href}/`).href }),
    // Nothing is patched: spans are made where the gateway makes them, with what it decides to put in.
    instrumentations: [],
  });
  sdk.start();
  return () => sdk.shutdown();
}

async function loadSdk() {
  try {
    return await Promise.all([import('@opentelemetry/sdk-node'), import('@opentelemetry/exporter-trace-otlp-http')]);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw cause;
    throw new ConfigError([
      'COMMONWEAL_OTEL_ENDPOINT is set, but the packages @opentelemetry/sdk-node and @opentelemetry/exporter-trace-otlp-http are not installed.',
    ]);
  }
}
