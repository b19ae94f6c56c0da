import type { BaseContext } from '@apollo/server';
import type { Principal } from '@commonweal/schema';

/** What the HTTP front hands over with each request: a fresh object each time. */
export interface GraphContext extends BaseContext {
  readonly principal: Principal;
  readonly requestId: string;
  /** Aborted when the client is gone. */
  readonly signal?: AbortSignal | undefined;
}
