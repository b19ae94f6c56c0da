/** Those who deliver payments: two banks and a mobile-money operator, all invented. */
export const providers = [
  { code: 'HIGHLAND', name: 'Highland Savings Bank', kind: 'BANK_ACCOUNT' },
  { code: 'PWANI', name: 'Pwani Cooperative Bank', kind: 'BANK_ACCOUNT' },
  { code: 'TUMA', name: 'Tuma Mobile Money', kind: 'MOBILE_WALLET' },
] as const;
