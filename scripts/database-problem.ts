import { NoPassword, OtherPasswords } from '../subgraphs/kit/src/db/bootstrap.ts';
import { MigrationChanged } from '../subgraphs/kit/src/db/migrate.ts';
import { StartupProblem } from './startup-problem.ts';

/** What went wrong while roles and tables were made ready, as something to be told; what is no such thing comes back as it is. */
export function databaseProblem(error: unknown): unknown {
  if (error instanceof MigrationChanged)
    return new StartupProblem(
      `The tables of this database are of another version: ${error.message}`,
      'Use the version that the system runs.',
      {
        cause: error,
      },
    );
  if (error instanceof OtherPasswords)
    return new StartupProblem(
      error.message,
      'If it was changed: run scripts/prepare.ts with --new-passwords, and restart the registries with the urls that it writes. Else use the url of the administrator who made them.',
      { cause: error },
    );
  if (error instanceof NoPassword)
    return new StartupProblem(
      error.message,
      'Put it into the url; where the server asks for none, put in a long random text and keep it.',
      {
        cause: error,
      },
    );
  return error;
}
