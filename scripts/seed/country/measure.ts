/** How fast the generator is alone: `node scripts/seed/country/measure.ts [households]`, persons a second on one core, without a database. */
import { generateHouseholds } from './lives.ts';
import { draftHouseholds } from './population.ts';

const options = { households: Number(process.argv[2] ?? 100_000), seed: 1, asOf: '2025-06-30' };

function measure(name: string, run: () => number): void {
  const start = performance.now();
  const persons = run();
  const seconds = (performance.now() - start) / 1000;
  const memory = Math.round(process.memoryUsage().rss / 2 ** 20);
  console.log(`${name}: ${persons} persons in ${seconds.toFixed(1)} s, ${Math.round(persons / seconds)} a second, ${memory} MiB resident`);
}

for (let round = 0; round < 2; round++) {
  measure('people only', () => {
    let persons = 0;
    for (const { members } of draftHouseholds(options)) persons += members.length;
    return persons;
  });
  measure('with enrollments, payments and consents', () => {
    let persons = 0;
    for (const household of generateHouseholds(options)) persons += household.persons.length;
    return persons;
  });
}
