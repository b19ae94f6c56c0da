import { References } from '@commonweal/kit';
import { TEST_SECRET, type TestDatabase } from '@commonweal/kit/testing.ts';

/** Ids of the small world that the examples of this registry are told in. */
export const ID = {
  opct: '10000000-0000-4000-8000-000000000001',
  hsnp: '10000000-0000-4000-8000-000000000002',
  secret: '10000000-0000-4000-8000-000000000009',
  highland: '20000000-0000-4000-8000-000000000001',
  savanna: '20000000-0000-4000-8000-000000000002',
  ekiru: '40000000-0000-4000-8000-000000000001',
  akai: '40000000-0000-4000-8000-000000000002',
  wanjiru: '40000000-0000-4000-8000-000000000003',
  nobody: '40000000-0000-4000-8000-00000000ffff',
  ekiruOpct: '50000000-0000-4000-8000-000000000001',
  sent: '60000000-0000-4000-8000-000000000001',
  pending: '60000000-0000-4000-8000-000000000002',
  secretPayment: '60000000-0000-4000-8000-000000000003',
  savannaPayment: '60000000-0000-4000-8000-000000000004',
  nairobi: '60000000-0000-4000-8000-000000000005',
  ekiruAccount: '80000000-0000-4000-8000-000000000001',
  ekiruWallet: '80000000-0000-4000-8000-000000000002',
} as const;

/** References as the program offices see them. */
export const government = new References(TEST_SECRET, 'government');
/** References as the bank sees them. */
export const bankRefs = new References(TEST_SECRET, 'bank');

const PAYMENTS = [
  [ID.sent, ID.ekiru, ID.opct, 'OPCT', false, 'KE.23.01', ID.highland, '2024-03-15', 'SENT', '2024-03-10T08:00:00Z'],
  [ID.pending, ID.ekiru, ID.opct, 'OPCT', false, 'KE.23.01', ID.highland, '2024-05-15', 'PENDING', '2024-05-01T08:00:00Z'],
  [ID.secretPayment, ID.ekiru, ID.secret, 'ARTS', true, 'KE.23.01', ID.highland, '2024-03-20', 'SENT', '2024-03-10T08:00:00Z'],
  [ID.savannaPayment, ID.akai, ID.hsnp, 'HSNP', false, 'KE.23.01', ID.savanna, '2024-03-15', 'SENT', '2024-03-10T08:00:00Z'],
  [ID.nairobi, ID.wanjiru, ID.opct, 'OPCT', false, 'KE.47.01', ID.highland, '2024-03-15', 'DELIVERED', '2024-03-16T08:00:00Z'],
] as const;

/** Puts the small world into a registry: Ekiru has two accounts, and payments of OPCT and of a sensitive program through Highland; Akai one of HSNP through Savanna; Wanjiru one of OPCT in Nairobi. */
export async function tellExamples(database: TestDatabase): Promise<void> {
  const sql = database.owner('payments');
  await sql`insert into provider (provider_id, code, name) values (${ID.highland}, 'HIGHLAND', 'Highland Savings Bank'), (${ID.savanna}, 'SAVANNA', 'Savanna Mobile Money')`;
  await sql`insert into account (person_id, account_id, area_path, program_ids, kind, provider_id, number, masked_number, verified, is_primary)
    values (${ID.ekiru}, ${ID.ekiruAccount}, 'KE.23.01', ${[ID.opct, ID.secret]}, 'BANK_ACCOUNT', ${ID.highland}, '0123456789', '••••••6789', true, true),
      (${ID.ekiru}, ${ID.ekiruWallet}, 'KE.23.01', ${[ID.opct, ID.secret]}, 'MOBILE_WALLET', ${ID.savanna}, '+254711000001', '•••••••••0001', false, false)`;
  for (const [id, person, program, code, sensitive, area, provider, due, status, at] of PAYMENTS) {
    await sql`insert into payment (person_id, payment_id, benefit_id, enrollment_id, program_id, program_code, sensitive, area_path, provider_id, account_id, amount_entitled, currency, due_on, status, status_at)
      values (${person}, ${id}, gen_random_uuid(), ${ID.ekiruOpct}, ${program}, ${code}, ${sensitive}, ${area}, ${provider}, ${person === ID.ekiru ? ID.ekiruAccount : null}, 4000, 'KES', ${due}, ${status}, ${at})`;
  }
}
