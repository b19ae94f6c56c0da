/** A livelihood: who takes it up, where, and how it pays. */
export interface Occupation {
  name: string;
  /** Weights in the countryside and in towns. */
  rural: number;
  urban: number;
  /** Lowest ISCED level with which one gets in. */
  education: number;
  /** How the work is done. */
  status: 'EMPLOYED' | 'SELF_EMPLOYED' | 'CASUAL';
  /** Average effect on the household's means, in standard deviations. */
  means: number;
  /** Counties it is bound to, by number; everywhere when left out. */
  counties?: readonly number[];
}

const arid = [4, 7, 8, 9, 10, 11, 23, 24, 25, 30, 33, 34];
const waters = [1, 2, 3, 5, 23, 40, 41, 42, 43, 44];

/** Livelihoods, with weights judged from what Kenyans commonly do. */
export const occupations: readonly Occupation[] = [
  { name: 'Smallholder farmer', rural: 46, urban: 3, education: 0, status: 'SELF_EMPLOYED', means: -0.2 },
  { name: 'Herder', rural: 60, urban: 4, education: 0, status: 'SELF_EMPLOYED', means: -0.6, counties: arid },
  { name: 'Fisher', rural: 8, urban: 2, education: 0, status: 'SELF_EMPLOYED', means: -0.2, counties: waters },
  { name: 'Farm laborer', rural: 14, urban: 1, education: 0, status: 'CASUAL', means: -0.7 },
  { name: 'Tea picker', rural: 8, urban: 0, education: 0, status: 'CASUAL', means: -0.4, counties: [19, 20, 21, 22, 29, 35, 36, 45, 46] },
  { name: 'Market trader', rural: 9, urban: 14, education: 0, status: 'SELF_EMPLOYED', means: 0 },
  { name: 'Shopkeeper', rural: 4, urban: 9, education: 1, status: 'SELF_EMPLOYED', means: 0.4 },
  { name: 'Hawker', rural: 1, urban: 8, education: 0, status: 'SELF_EMPLOYED', means: -0.4 },
  { name: 'Motorcycle taxi rider', rural: 5, urban: 7, education: 1, status: 'SELF_EMPLOYED', means: 0 },
  { name: 'Driver', rural: 2, urban: 6, education: 1, status: 'EMPLOYED', means: 0.3 },
  { name: 'Casual laborer', rural: 6, urban: 12, education: 0, status: 'CASUAL', means: -0.7 },
  { name: 'Mason', rural: 3, urban: 5, education: 1, status: 'CASUAL', means: 0 },
  { name: 'Carpenter', rural: 2, urban: 3, education: 1, status: 'SELF_EMPLOYED', means: 0.1 },
  { name: 'Tailor', rural: 2, urban: 4, education: 1, status: 'SELF_EMPLOYED', means: 0 },
  { name: 'Hairdresser', rural: 1, urban: 4, education: 1, status: 'SELF_EMPLOYED', means: 0.1 },
  { name: 'Domestic worker', rural: 2, urban: 8, education: 0, status: 'EMPLOYED', means: -0.4 },
  { name: 'Security guard', rural: 2, urban: 6, education: 1, status: 'EMPLOYED', means: -0.1 },
  { name: 'Charcoal seller', rural: 3, urban: 1, education: 0, status: 'SELF_EMPLOYED', means: -0.6 },
  { name: 'Quarry worker', rural: 1, urban: 1, education: 0, status: 'CASUAL', means: -0.4 },
  { name: 'Waiter', rural: 1, urban: 4, education: 2, status: 'EMPLOYED', means: 0 },
  { name: 'Mechanic', rural: 1, urban: 4, education: 2, status: 'SELF_EMPLOYED', means: 0.3 },
  { name: 'Factory worker', rural: 1, urban: 6, education: 2, status: 'EMPLOYED', means: 0.2 },
  { name: 'Mobile-money agent', rural: 1, urban: 3, education: 3, status: 'SELF_EMPLOYED', means: 0.5 },
  { name: 'Clerk', rural: 1, urban: 5, education: 3, status: 'EMPLOYED', means: 0.7 },
  { name: 'Teacher', rural: 4, urban: 5, education: 5, status: 'EMPLOYED', means: 1.1 },
  { name: 'Nurse', rural: 1, urban: 3, education: 5, status: 'EMPLOYED', means: 1.2 },
  { name: 'Police officer', rural: 1, urban: 2, education: 3, status: 'EMPLOYED', means: 0.9 },
  { name: 'Technician', rural: 1, urban: 5, education: 4, status: 'EMPLOYED', means: 0.8 },
  { name: 'Accountant', rural: 0.3, urban: 4, education: 6, status: 'EMPLOYED', means: 1.6 },
  { name: 'Civil servant', rural: 1, urban: 4, education: 5, status: 'EMPLOYED', means: 1.3 },
  { name: 'Engineer', rural: 0.1, urban: 2, education: 6, status: 'EMPLOYED', means: 1.9 },
];
