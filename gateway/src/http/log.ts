import { existsSync, renameSync, statSync } from 'node:fs';
import { type DestinationStream, type Logger, type LoggerOptions, pino, stdTimeFunctions } from 'pino';
import type { GatewayConfig } from '../config.ts';
import { faultOf } from './errors.ts';

const LARGE_LOG = 20 * 1024 * 1024;

/** The gateway's log: JSON, a line for each thing that happened. */
export type Log = Logger;

/** One request, as the log tells it. No variables, tokens, bodies or identifiers of beneficiaries: there is no field for them. */
export interface RequestLine {
  readonly requestId: string;
  readonly route: string;
  readonly status: number;
  readonly ms: number;
  readonly consumer?: string | undefined;
  readonly kind?: string | undefined;
  readonly purpose?: string | undefined;
  readonly operation?: string | undefined;
  readonly outcome?: string | undefined;
  /** Code of the error that failed the whole request. */
  readonly code?: string | undefined;
  /** Why the token was refused. For those who set up the issuer: the caller is told only that it was. */
  readonly token?: string | undefined;
}

/** Opens the log; to standard output unless told otherwise. */
export function createLog(level: GatewayConfig['logLevel'], stream?: DestinationStream): Log {
  const options: LoggerOptions = {
    level,
    base: { service: 'gateway' },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    // Texts of errors quote what was sent and what was found: whoever logs an error logs its kind and place.
    serializers: { err: faultOf, error: faultOf },
  };
  return stream ? pino(options, stream) : pino(options);
}

/** A file for the log of a laptop. A large one is moved aside, so that two of them is the most there are. */
export function openLogFile(file: string): DestinationStream {
  if (existsSync(file) && statSync(file).size > LARGE_LOG) renameSync(file, `${file}.old`);
  return pino.destination({ dest: file, mkdir: true, sync: true });
}

/**
 * Logs what fails in the process behind everybody's back, and goes on: it is the work of one request at the most, and the end of the process would be the end of
 * all others'. What is thrown outside of any promise still ends it.
 */
export function logStrays(log: Pick<Log, 'error'>): void {
  process.on('unhandledRejection', (error) => log.error({ err: error ?? new Error('nothing') }, 'something failed that nobody waited for'));
}

// Every few seconds, by whoever watches the process: it would hide the requests of people.
const isAskedByMachines = (route: string) => route.startsWith('/health/') || route === '/metrics';

/** Logs one request. */
export function logRequest(log: Log, line: RequestLine): void {
  const level = isAskedByMachines(line.route) ? 'debug' : line.status >= 500 ? 'error' : 'info';
  log[level](line, 'request');
}
