import { RECEIVERS, runProcess } from '@commonweal/kit/main.ts';
import { persons } from './index.ts';

await runProcess(persons, RECEIVERS.persons);
