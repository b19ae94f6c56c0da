import { accessSync, constants, existsSync, mkdirSync, statfsSync } from 'node:fs';
import path from 'node:path';
import type { DataFolder } from './config.ts';
import { isPortFree } from './freeport.ts';
import { StartupProblem } from './startup-problem.ts';

const NODE_MAJOR = 24;
const NEEDED_MB = 500;

/** Checks what must hold before anything is started. Throws `StartupProblem`. */
export async function checkMachine({ folder }: DataFolder): Promise<void> {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < NODE_MAJOR)
    throw new StartupProblem(
      `This is Node.js ${process.versions.node}; ${NODE_MAJOR} or newer is needed.`,
      'Use npm start, which runs on the Node.js of the workspace.',
    );
  try {
    makeFolder(folder);
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new StartupProblem(
      `The data folder ${folder} cannot be written (${(cause as NodeJS.ErrnoException).code}).`,
      'Give this user the right to write there, or choose another with COMMONWEAL_DATA.',
      { cause },
    );
  }
  const disk = statfsSync(folder);
  const freeMb = Math.floor((disk.bavail * disk.bsize) / 1024 / 1024);
  if (freeMb < NEEDED_MB)
    throw new StartupProblem(
      `The disk of ${folder} has ${freeMb} MB left; ${NEEDED_MB} MB are needed.`,
      'Free some space, or choose another folder with COMMONWEAL_DATA.',
    );
}

// Not mkdirSync with `recursive`: below a folder of the kernel, such as /proc, Node 24 tries for ever.
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(path.dirname(folder));
  mkdirSync(folder);
}

/** Checks that the gateway can listen. Throws `StartupProblem`. */
export async function checkPort(port: number): Promise<void> {
  if (port !== 0 && !(await isPortFree(port)))
    throw new StartupProblem(
      `Port ${port} is in use by another program, perhaps by this system started before.`,
      `Stop it, or choose another port: COMMONWEAL_PORT=${port + 1} npm start.`,
    );
}
