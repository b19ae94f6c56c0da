import { RECEIVERS, runProcess } from '@commonweal/kit/main.ts';
import { payments } from './index.ts';

await runProcess(payments, RECEIVERS.payments);
