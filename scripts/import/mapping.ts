/** What a mapping file says: which files of another system's export feed which tables here, column by column. */
export interface Mapping {
  /** Short name; the report is called after it. */
  readonly name: string;
  readonly about: string;
  /** Name of the source system, kept on every row that comes from it. Ids derive from it: another name makes other persons. */
  readonly source: string;
  /** Area above all areas of the export, and the place of those whose area is not told. Made when it is not there. */
  readonly root?: Root;
  readonly delimiter?: string;
  readonly entries: readonly Entry[];
}

/** The area above all areas of an export. */
export interface Root {
  readonly code: string;
  readonly name: string;
  /** Code of the area here that it is put under; not part of a mapping file, but told with each import. Without it the root is a country of its own. */
  readonly under?: string;
}

/** Code, and path, of the root in the tree of areas here. */
export const rootPath = ({ code, under }: Root): string => (under === undefined ? code : `${under}.${code}`);

/** The tables that an import can feed, in the order in which they are filled. */
export const TARGETS = ['areas', 'households', 'persons', 'programs', 'enrollments'] as const;
/** Name of a table that an import can feed. */
export type Target = (typeof TARGETS)[number];

/** One reading of a file: for a target, or as a look-up that other entries join. */
export interface Entry {
  /** Name of the file; `*` stands for any characters. */
  readonly file: string;
  readonly target?: Target;
  readonly lookup?: string;
  /** Columns that name a row in the source, the same in every export. */
  readonly key: readonly string[];
  /** One row for each key is wanted and the file has several, all saying the same of it (households in a list of persons). */
  readonly repeats?: boolean;
  readonly passOver?: readonly Condition[];
  /** Look-ups whose columns this entry reads as `name.column`; the value is the column with their key. */
  readonly join?: Readonly<Record<string, string>>;
  readonly fields?: Readonly<Record<string, Value>>;
  /** Numbers of a person; a row without the value has none. */
  readonly identifiers?: readonly Readonly<Record<string, Value>>[];
  /** The person's place in a household. */
  readonly membership?: Readonly<Record<string, Value>>;
}

/** Rows that are rightly left out, such as history, and why. */
export interface Condition {
  readonly column: string;
  /** `empty`, `not empty`, or the values that are meant. */
  readonly is: 'empty' | 'not empty' | readonly string[];
  readonly reason: string;
}

/** Where a field's value comes from and what is done to it, in the order of this list. */
export interface Value {
  readonly column?: string;
  /** Several columns, joined by `separator` (a blank); empty ones are left out. */
  readonly concat?: readonly string[];
  readonly separator?: string;
  readonly constant?: string;
  /** The first of these that is not empty. */
  readonly firstOf?: readonly Value[];
  readonly steps?: readonly Step[];
  /** The source's codes and ours; an empty one of ours means that nothing is told. */
  readonly codes?: Readonly<Record<string, string>>;
  /** Our code for codes that are not listed. Without it such a row is refused. */
  readonly unknown?: string;
  /** In place of an empty value. */
  readonly default?: string;
  /** What becomes of a row whose value is wrong. A value that is not required may be left `empty` instead. */
  readonly onInvalid?: 'refuse' | 'empty';
}

/** What can be done to a value. White space around it is always taken off. */
export type Step = 'trim' | 'upper' | 'lower' | 'number' | 'boolean' | { readonly date: DateFormat } | { readonly prefix: string };

/** How the source writes days. ISO takes a time behind the day too. */
export const DATE_FORMATS = ['ISO', 'DD/MM/YYYY', 'MM/DD/YYYY', 'DD.MM.YYYY', 'DD-MM-YYYY', 'YYYYMMDD'] as const;
/** A way to write days. */
export type DateFormat = (typeof DATE_FORMATS)[number];
