import { RECEIVERS, runProcess } from '@commonweal/kit/main.ts';
import { programs } from './index.ts';

await runProcess(programs, RECEIVERS.programs);
