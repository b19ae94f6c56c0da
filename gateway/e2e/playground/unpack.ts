import { fileURLToPath } from 'node:url';
import chromium, { inflate } from '@sparticuz/chromium';

// The package unpacks into the temporary folder of its process, and passes over what is there already, whoever put it there and however far
// they got. A process of its own can be given a folder of its own.
await inflate(fileURLToPath(new URL('../bin/al2023.tar.br', import.meta.resolve('@sparticuz/chromium'))));
await chromium.executablePath();
