/** How two programs go together. */
export type CompatibilityVerdict = 'ALLOWED' | 'COMPLEMENTARY' | 'NEEDS_REVIEW' | 'FORBIDDEN';

/** A rule for two programs together: for one person, or for all members of a household. */
export interface CompatibilityDefinition {
  programs: readonly [string, string];
  level: 'PERSON' | 'HOUSEHOLD';
  verdict: CompatibilityVerdict;
  startsOn: string;
}

const rule = (first: string, second: string, level: 'PERSON' | 'HOUSEHOLD', verdict: CompatibilityVerdict): CompatibilityDefinition => ({
  programs: [first, second],
  level,
  verdict,
  startsOn: '2019-01-01',
});

/** How programs go together. A pair that is not listed is allowed. */
export const compatibilities: readonly CompatibilityDefinition[] = [
  rule('OPCT', 'PWSD-CT', 'PERSON', 'FORBIDDEN'),
  rule('OPCT', 'NSSF-P', 'PERSON', 'NEEDS_REVIEW'),
  rule('OPCT', 'CT-OVC', 'HOUSEHOLD', 'NEEDS_REVIEW'),
  rule('CT-OVC', 'HSNP', 'HOUSEHOLD', 'FORBIDDEN'),
  rule('BHG', 'HSNP', 'HOUSEHOLD', 'FORBIDDEN'),
  rule('BHG', 'CT-OVC', 'HOUSEHOLD', 'NEEDS_REVIEW'),
  rule('BHG', 'SHIS', 'HOUSEHOLD', 'COMPLEMENTARY'),
  rule('CT-OVC', 'PWSD-CT', 'HOUSEHOLD', 'ALLOWED'),
  rule('CT-OVC', 'HAHG', 'HOUSEHOLD', 'FORBIDDEN'),
  rule('HSNP', 'FOOD', 'HOUSEHOLD', 'NEEDS_REVIEW'),
  rule('HSNP', 'NICHE', 'HOUSEHOLD', 'COMPLEMENTARY'),
  rule('YPWP', 'ULTP', 'PERSON', 'FORBIDDEN'),
  rule('YPWP', 'NICHE', 'PERSON', 'NEEDS_REVIEW'),
  rule('SHIS', 'OPCT', 'HOUSEHOLD', 'COMPLEMENTARY'),
  rule('SHIS', 'PWSD-CT', 'HOUSEHOLD', 'COMPLEMENTARY'),
  rule('SFP', 'CT-OVC', 'HOUSEHOLD', 'COMPLEMENTARY'),
  rule('SFP', 'FOOD', 'HOUSEHOLD', 'ALLOWED'),
  rule('NAFS', 'FOOD', 'HOUSEHOLD', 'NEEDS_REVIEW'),
  rule('NSSF-P', 'PWSD-CT', 'PERSON', 'NEEDS_REVIEW'),
];
