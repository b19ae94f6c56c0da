/** A start that cannot go on for a reason outside the program: `message` says what is wrong, `remedy` what to do about it, one sentence each. */
export class StartupProblem extends Error {
  override readonly name = 'StartupProblem';
  readonly remedy: string;

  constructor(message: string, remedy: string, options?: ErrorOptions) {
    super(message, options);
    this.remedy = remedy;
  }
}
